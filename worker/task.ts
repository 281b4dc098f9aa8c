/** `task`: one shard inside a Batch task, from the input container to the output container. */
import { readFile } from "node:fs/promises";
import { parseManifest, type Manifest, type ManifestImage } from "./contract/manifest";
import type { Summary } from "./contract/summary";
import { fileReasonOf } from "./failure";
import { openContainers, openContainerSource, type Containers } from "./io/container";
import { linesPerPart, Parts } from "./out/parts";
import { Tries } from "./out/tries";
import { DetectorPool } from "./pool";
import { fetchedAhead, runDetection } from "./run";
import { Tally } from "./summary";
import { TaskProgress } from "./taskProgress";

export interface TaskOptions {
  readonly model: string;
  readonly manifest: string;
}

/** A task has a slot of the node, which is one vCPU; other slots overlap with its start and end. */
const threads = 1;
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
  manifest: Manifest,
  containers: Containers,
  modelFile: string,
  interrupted: AbortSignal,
  report: (line: string) => void,
): Promise<Summary | undefined> {
  const tries = await Tries.open(containers.output, manifest.header.output.prefix);
  try {
    const summary = await runTry(tries, manifest, containers, modelFile, interrupted, report);
    if (summary === undefined) await tries.end();
    else await tries.discard();
    return summary;
  } catch (error) {
    // Where this cannot be written either, the next try is more careful than it need be.
    await tries.end().catch(() => undefined);
    throw error;
  }
}

async function runTry(
  tries: Tries,
  { header, images }: Manifest,
  { input, output }: Containers,
  modelFile: string,
  interrupted: AbortSignal,
  report: (line: string) => void,
): Promise<Summary | undefined> {
  const parts = await Parts.open(output, header.output.prefix);
  const done = images.filter((image) => parts.has(image)).length;
  if (done > 0) report(`${done} images are done already.`);
  for (const image of images) {
    const line = parts.has(image) ? null : tries.setAside(image);
    if (line === null) continue;
    await parts.append(line);
    report(`${image.name}: ${line.error.message}`);
  }
  const left = images.filter((image) => !parts.has(image));

  const pool = await DetectorPool.open({ modelFile, settings: header.settings, threads });
  const { info, versions } = pool;
  try {
    const progress = new TaskProgress(left.length, report);
    const detect = (some: readonly ManifestImage[]): Promise<void> =>
      runDetection({
        source: openContainerSource(input, some),
        sink: {
          append: (line) => parts.append(line),
          writeAnnotated: (name, jpeg) => output.write(name, jpeg, "image/jpeg"),
        },
        pool,
        interrupted,
        onLine: (line) => progress.add(line),
      });
    try {
      const suspects = tries.isCautious ? left.slice(0, linesPerPart + pool.capacity + fetchedAhead) : [];
      for (const image of suspects) {
        if (interrupted.aborted) break;
        await tries.alone(image);
        await detect([image]);
        await parts.flush();
      }
      if (suspects.length > 0) await tries.several();
      await detect(left.slice(suspects.length));
    } finally {
      await parts.flush();
    }
    if (interrupted.aborted && progress.done < left.length) return undefined;

    await parts.join(images);
    const tally = new Tally();
    for (const line of parts.lines) tally.add(line);
    const summary = tally.summary({ info, versions, threads, seconds: progress.seconds });
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
