/** `npm run build -- --model FILE`: builds the three layers; prints the path of their manifest, or with --json the manifest. */
import { join, resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { typedPath } from "../contract/commandLine";
import { exitCode } from "../contract/exitCode";
import { buildLayers, writeManifest } from "./build";

const project = resolve(__dirname, "../..");
const cacheFolder = join(project, ".cache/layers");

async function run(modelFile: string, json: boolean, signal: AbortSignal): Promise<void> {
  const manifest = await buildLayers({
    project,
    modelFile,
    cacheFolder,
    progress: (line) => process.stderr.write(line + "\n"),
    signal,
  });
  const file = await writeManifest(cacheFolder, manifest);
  process.stdout.write((json ? JSON.stringify(manifest) : file) + "\n");
}

async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  const command = new Command("npm run build --")
    .description("Build the runtime, worker and model layers that nodes unpack.")
    .requiredOption("--model <file>", "ONNX file of the YOLOv8 family", typedPath(process.env))
    .option("--json", "print the manifest itself instead of its path", false)
    .exitOverride()
    .action(async (options: { model: string; json: boolean }) =>
      run(options.model, options.json, interrupted.signal),
    );
  try {
    await command.parseAsync();
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (interrupted.signal.aborted) return exitCode.interrupted;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitCode.actionNeeded;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
