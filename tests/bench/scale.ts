/**
 * A run over a million images, from the listing to the ledger. The listing of the input container is made up (scaleStorage.ts), and a stand-in
 * (scaleWorker.cjs) says of each image that nothing was detected; the job step, the Batch service, its nodes and the output container are the real ones.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJobTarget, type JobTarget } from "../../infra/job/target";
import { userSide } from "../../local/cloud";
import { openCertificate } from "../../local/tls";
import { packFolder } from "../../worker/build/archive";
import { layerBlobName } from "../../worker/contract/layers";
import { lineageOf } from "../../worker/contract/lineage";
import { withBenchCloud } from "./benchCloud";
import type { Figure } from "./figures";
import { runMeasured, type Measured } from "./peakProcess";
import { openScaleStorage } from "./scaleStorage";

export interface ScaleOptions {
  /** Images. */
  readonly count: number;
  /** Tasks at a time. */
  readonly threads: number;
}

/** What `job submit --json` says of it. */
const submission = z.object({
  kind: z.string(),
  images: z.int(),
  tasks: z.int(),
  inputs: z.object({ new: z.int(), done: z.int() }),
});
const status = z.object({
  outcome: z.object({
    images: z.object({ planned: z.int(), done: z.int(), failed: z.int(), notRun: z.int() }),
  }),
});

export function measureScale(
  { count, threads }: ScaleOptions,
  report: (line: string) => void,
): Promise<Figure[]> {
  return withBenchCloud(async ({ cloud, folder }) => {
    const environment = userSide(process.env, cloud);
    const script = (file: string, args: readonly string[]): Promise<Measured> =>
      runMeasured(["--require", "tsx/cjs", file, ...args], environment);
    report("deploying the stack …");
    const outputs = join(folder, "outputs.json");
    const settings = {
      ...{ scaling: "fixed", poolNodes: 1, vmSize: `Standard_D${threads}s_v3` },
      ...{ seedFolder: "", annotate: "none" },
    };
    await script("local/apply.ts", [
      ...["--stack", "dev", "--settings", JSON.stringify(settings), "--outputs", outputs],
    ]);
    const deployed = parseJobTarget(JSON.parse(readFileSync(outputs, "utf8")), outputs);
    const storage = await openScaleStorage(
      deployed.blobEndpoint,
      deployed.containers.input,
      count,
      await openCertificate(join(folder, "cloud/tls")),
    );
    try {
      const { digest, file } = await standInLayer(folder);
      await script("infra/job/cli.ts", [
        ...["upload", "--blob-endpoint", deployed.blobEndpoint, "--container", deployed.containers.layers],
        ...["--file", file, "--blob", layerBlobName("worker", digest)],
      ]);
      const target = join(folder, "target.json");
      writeFileSync(target, JSON.stringify(withStandIn(deployed, storage.blobEndpoint, digest)));
      const job = (command: string, ...args: readonly string[]): Promise<Measured> =>
        script("infra/job/cli.ts", [command, ...args, "--target", target, "--json"]);

      report(`submitting a run over ${count} images …`);
      const first = await job("submit");
      const submitted = submission.parse(JSON.parse(first.stdout));
      report(`running ${submitted.tasks} tasks, ${threads} at a time …`);
      const followed = await job("status", "--wait");
      const { images } = status.parse(JSON.parse(followed.stdout)).outcome;
      report("submitting again, with everything done …");
      const again = await job("submit");
      const second = submission.parse(JSON.parse(again.stdout));
      const third = await job("submit");
      const atMost = (value: number): Figure["wanted"] => ({ bound: "at most", value });
      const all: Figure["wanted"] = { bound: "at least", value: count };
      return [
        { what: "images listed, planned and submitted", value: submitted.images, unit: "", wanted: all },
        { what: "that took", value: first.seconds, unit: "s", wanted: atMost(180) },
        { what: "memory of that submit, peak", value: first.peakMb, unit: "MB", wanted: atMost(300) },
        { what: "tasks", value: submitted.tasks, unit: "" },
        { what: "running and accounting for them", value: followed.seconds, unit: "s" },
        {
          what: "memory of that status --wait, peak",
          value: followed.peakMb,
          unit: "MB",
          wanted: atMost(300),
        },
        { what: "images done by the results", value: images.done, unit: "", wanted: all },
        { what: "images done by the ledger", value: second.inputs.done, unit: "", wanted: all },
        { what: "submit that writes them into the ledger", value: again.seconds, unit: "s" },
        { what: "memory of that submit, peak", value: again.peakMb, unit: "MB", wanted: atMost(300) },
        { what: "submit with nothing to do", value: third.seconds, unit: "s" },
        { what: "memory of that submit, peak", value: third.peakMb, unit: "MB", wanted: atMost(300) },
        { what: "pages listed in all", value: storage.pages(), unit: "" },
      ];
    } finally {
      await storage.stop();
    }
  });
}

/** The stand-in as a worker layer. */
async function standInLayer(folder: string): Promise<{ readonly digest: string; readonly file: string }> {
  const layer = join(folder, "stand-in");
  mkdirSync(layer);
  copyFileSync(join(__dirname, "scaleWorker.cjs"), join(layer, "main.js"));
  const file = join(folder, "stand-in.tar.gz");
  return { digest: await packFolder(layer, file), file };
}

/** The stack with another worker and another door to its storage: a lineage of its own. */
function withStandIn(target: JobTarget, blobEndpoint: string, worker: string): JobTarget {
  const layers = { ...target.layers, worker };
  return { ...target, blobEndpoint, layers, lineage: lineageOf(layers, target.detection) };
}
