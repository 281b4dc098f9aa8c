/** How long Pulumi's engine takes for what people wait for most: a preview, and an `up` with nothing to do; and what of it is whose. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { project, type Finished } from "../support/command";
import { copyProject, hasPulumi, type ProjectCopy, type Stack } from "../support/pulumi";
import { withBenchCloud } from "./benchCloud";
import { median } from "./measure";

export interface EngineMeasured {
  /** Of a new stack, with the program compiled for the first time. */
  readonly firstPreviewSeconds: number;
  /** Medians of a stack that is up. */
  readonly previewSeconds: number;
  readonly upWithoutChangesSeconds: number;
  /** What a preview spends in commands of ours, each run by itself. */
  readonly buildSeconds: number;
  readonly listSeedSeconds: number;
  readonly listInputSeconds: number;
}

export async function measureEngine(
  { rounds }: { readonly rounds: number },
  progress: (line: string) => void,
): Promise<EngineMeasured> {
  if (!hasPulumi)
    throw new Error("There is no pulumi on PATH, and PULUMI_TOOLS_DIR names no folder with a setup of one.");
  return withBenchCloud(async ({ cloud, folder }) => {
    const copy = copyProject({ cloud, folder });
    const stack = await openStack(copy);
    progress("first preview …");
    const firstPreviewSeconds = await seconds(() => stack.pulumi(["preview"]));
    progress("up …");
    await stack.up();
    await stack.job(["status", "--wait"]);
    const repeated = async (what: string, act: () => Promise<Finished>): Promise<number> => {
      progress(`${what}, ${rounds} times …`);
      const taken: number[] = [];
      for (let round = 0; round < rounds; round += 1) taken.push(await seconds(act));
      return median(taken);
    };
    const outputs = JSON.stringify(await stack.outputs());
    return {
      firstPreviewSeconds,
      previewSeconds: await repeated("preview", () => stack.pulumi(["preview"])),
      upWithoutChangesSeconds: await repeated("up", () => stack.pulumi(["up", "--yes"])),
      buildSeconds: await repeated("build", () =>
        copy.node("worker/build/main.ts", ["--model", "assets/model/street.onnx", "--json"]),
      ),
      listSeedSeconds: await repeated("inputs of a folder", () =>
        copy.node("infra/job/cli.ts", ["inputs", "--folder", join(copy.folder, "seed"), "--json"]),
      ),
      listInputSeconds: await repeated("inputs of the container", () =>
        copy.node("infra/job/cli.ts", ["inputs", "--target", outputs, "--json"]),
      ),
    };
  });
}

async function openStack(copy: ProjectCopy): Promise<Stack> {
  mkdirSync(join(copy.folder, "seed"));
  cpSync(join(project, "assets/images/street-01.jpg"), join(copy.folder, "seed/01.jpg"));
  return copy.stack("bench", { seedFolder: "seed", scaling: "fixed", poolNodes: 1 });
}

async function seconds(act: () => Promise<Finished>): Promise<number> {
  const startedMs = performance.now();
  const { code, stdout, stderr } = await act();
  if (code !== 0) throw new Error(`a measured command ended with ${String(code)}:\n${stdout}\n${stderr}`);
  return (performance.now() - startedMs) / 1000;
}

export function engineTable(measured: EngineMeasured): string {
  const line = (what: string, value: number, limit?: number): string =>
    `${what.padEnd(44)} ${value.toFixed(1).padStart(6)} s${limit === undefined ? "" : `   (wanted: at most ${limit} s)`}`;
  const { previewSeconds, buildSeconds, listSeedSeconds, listInputSeconds } = measured;
  const own = buildSeconds + listSeedSeconds + listInputSeconds;
  return [
    line("preview of a new stack, compiled first", measured.firstPreviewSeconds, 15),
    line("preview of a stack that is up", previewSeconds, 15),
    line("up with nothing to do", measured.upWithoutChangesSeconds, 20),
    "",
    "Of a preview, each by itself:",
    line("  build of the layers, from its caches", buildSeconds),
    line("  listing the seed folder", listSeedSeconds),
    line("  listing the input container", listInputSeconds),
    line("  engine, language host, program, provider", Math.max(0, previewSeconds - own)),
  ].join("\n");
}
