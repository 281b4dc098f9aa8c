/** `task`: one shard inside a Batch task, from the input container to the output container. */
import { readFile } from "node:fs/promises";
import { parseManifest, type Manifest } from "./contract/manifest";
import { isFailed } from "./contract/result";
import type { Summary } from "./contract/summary";
import { fileReasonOf } from "./failure";
import { openContainers, openContainerSource, type Containers } from "./io/container";
import { Parts } from "./out/parts";
import { DetectorPool } from "./pool";
import { runDetection } from "./run";
import { Tally } from "./summary";

export interface TaskOptions {
  readonly model: string;
  readonly manifest: string;
}

/** A task has a slot of the node, which is one vCPU; other slots overlap with its start and end. */
const threads = 1;
const progressEveryMs = 5000;

export async function runTask(
  options: TaskOptions,
  interrupted: AbortSignal,
  report: (line: string) => void,
): Promise<Summary | undefined> {
  const manifest = await readManifest(options.manifest);
  return runShard(manifest, openContainers(manifest.header), options.model, interrupted, report);
}

/**
 * Undefined: it was interrupted, and what was done is in the parts. Images that fail are lines, not failures of the task: throws only
 * when machine, model or manifest fail.
 */
export async function runShard(
  { header, images }: Manifest,
  { input, output }: Containers,
  modelFile: string,
  interrupted: AbortSignal,
  report: (line: string) => void,
): Promise<Summary | undefined> {
  const parts = await Parts.open(output, header.output.prefix);
  const left = images.filter((image) => !parts.has(image));
  if (left.length < images.length) report(`${images.length - left.length} images are done already.`);

  const pool = await DetectorPool.open({ modelFile, settings: header.settings, threads });
  const { info, versions } = pool;
  try {
    const startedMs = performance.now();
    const seconds = (): number => (performance.now() - startedMs) / 1000;
    let [done, lastReportMs] = [0, startedMs];
    await runDetection({
      source: openContainerSource(input, left),
      sink: {
        append: (line) => parts.append(line),
        writeAnnotated: (name, jpeg) => output.write(name, jpeg, "image/jpeg"),
      },
      pool,
      interrupted,
      onLine: (line) => {
        done += 1;
        if (isFailed(line)) report(`${line.image.name}: ${line.error.message}`);
        if (performance.now() - lastReportMs < progressEveryMs) return;
        lastReportMs = performance.now();
        report(`${done} of ${left.length} images, ${(done / seconds()).toFixed(1)} images/s`);
      },
    }).finally(() => parts.flush());
    if (interrupted.aborted && done < left.length) return undefined;

    await parts.join(images);
    const tally = new Tally();
    for (const line of parts.lines) tally.add(line);
    const summary = tally.summary({ info, versions, threads, seconds: seconds() });
    await output.write(
      `${header.output.prefix}/summary.json`,
      `${JSON.stringify(summary, undefined, 2)}\n`,
      "application/json",
    );
    await parts.discard();
    return summary;
  } finally {
    await pool.close();
  }
}

async function readManifest(file: string): Promise<Manifest> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`The manifest ${file} cannot be read: ${fileReasonOf(cause)}.`, { cause });
  });
  return parseManifest(text);
}
