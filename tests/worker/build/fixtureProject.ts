/** A small project to build: a worker of two files that uses two npm packages, one of each module system. */
import { mkdtempSync, mkdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const files: Readonly<Record<string, string>> = {
  "worker/main.ts":
    'import { shared } from "./shared";\nimport { half } from "halver";\nimport { place } from "placed";\nconsole.log(shared, half(4), place);\n',
  "worker/inference.ts": 'import { shared } from "./shared";\nexport const echoed: string = shared;\n',
  "worker/shared.ts": 'export const shared = "shared by both";\n',
  "worker/selftest.jpg": "a neutral picture",
  "node_modules/halver/package.json": '{"name":"halver","version":"1.2.3","license":"MIT","main":"index.js"}',
  "node_modules/halver/index.js": "exports.half = (number) => number / 2;\n",
  "node_modules/halver/LICENSE": "Permission is hereby granted to halve.\n",
  "node_modules/placed/package.json":
    '{"name":"placed","version":"4.5.6","license":"MIT","type":"module","exports":"./index.js"}',
  "node_modules/placed/index.js": "export const place = new URL(import.meta.url).pathname;\n",
  "models/street.onnx": "weights",
};

/** Gives a test a folder that holds the files and, afterwards, removes it. */
export async function withFixtureProject<T>(
  use: (project: string) => Promise<T>,
  modified = new Date(),
): Promise<T> {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "build-test-")));
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = join(project, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      utimesSync(file, modified, modified);
    }
    mkdirSync(join(project, "cache"));
    return await use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
