/** The Pulumi program: settings, the build of the layers, the stack. */
import { relative, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseBuildManifest, type BuildManifest, type LayerName } from "../worker/contract/layers";
import { readStackConfig } from "./runningStack";
import { runOwnCommand } from "./spawn";
import { declareStack } from "./stack";

export = async () => {
  const config = readStackConfig();
  return declareStack(config, await build(config.modelFile));
};

/** Its caches make a repeat cheap. A failure ends the program with the build's own sentence. */
async function build(modelFile: string): Promise<BuildManifest> {
  const answer = await runOwnCommand({
    script: "worker/build/main.ts",
    args: ["--model", modelFile, "--json"],
    deadlineMs: 15 * 60_000,
  }).catch((error: unknown) => {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  });
  const { version, layers } = parseBuildManifest(answer, "The build's manifest");
  const inProject = (name: LayerName) => ({ ...layers[name], file: relativePath(layers[name].file) });
  return {
    version,
    layers: { runtime: inProject("runtime"), worker: inProject("worker"), model: inProject("model") },
  };
}

/** Relative to the project, so that the state says nothing of the machine that deployed. */
function relativePath(file: string): string {
  return relative(process.cwd(), file).split(sep).join("/");
}
