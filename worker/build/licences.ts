/** The licence texts of the npm packages that went into a bundle. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseLine } from "../contract/ndjson";

const packageFile = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().default("not stated"),
});

/** One paragraph a package, in the order of their names. `inputs` are the bundle's source files, relative to the project. */
export async function licencesOf(project: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.map(packageFolderOf).filter((folder) => folder !== undefined));
  const paragraphs = await Promise.all([...folders].map((folder) => licenceOf(join(project, folder))));
  return [...new Set(paragraphs)].sort().join("\n\n");
}

/** `node_modules/a/node_modules/@b/c/dist/index.js` → `node_modules/a/node_modules/@b/c`; undefined for our own files. */
function packageFolderOf(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function licenceOf(folder: string): Promise<string> {
  const file = join(folder, "package.json");
  const { name, version, license } = parseLine(packageFile, await readFile(file, "utf8"), file);
  const names = (await readdir(folder)).filter((entry) => /^(licen[cs]e|notice|copying)/i.test(entry)).sort();
  const texts = await Promise.all(names.map((entry) => readFile(join(folder, entry), "utf8")));
  return [`==== ${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}
