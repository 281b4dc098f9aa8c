/** Throughput of the worker against what the machine's cores can give, all in one run, one round after another. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EndToEnd } from "./endToEnd";
import { median, rateOf, type Measurement } from "./measure";
import { makePictures, sizes, type PictureSet } from "./pictures";
import { Raw } from "./raw";
import { Tutorial } from "./tutorial";

export interface SpeedOptions {
  readonly model: string;
  /** A folder of pictures, cut to the sizes that are measured. */
  readonly images: string;
  readonly threads: number;
  readonly rounds: number;
  /** Of one measurement. */
  readonly count: number;
}

export interface SpeedRow {
  readonly mode: string;
  /** Images a second: the median of the rounds, and the slowest and fastest. */
  readonly median: number;
  readonly slowest: number;
  readonly fastest: number;
  /** Median of the rounds' ratios, each to the raw rate of its own round. */
  readonly ofRaw: number;
}

interface Mode {
  readonly name: string;
  readonly measure: () => Promise<Measurement>;
}

/** Raw inference of the graph as it was exported: what all ratios refer to. */
const yardstick = "raw, graph as exported";

/** Every mode once a round, so that a slow minute of the machine falls on all of them. */
export async function measureSpeed(
  options: SpeedOptions,
  report: (line: string) => void,
): Promise<SpeedRow[]> {
  const { model, threads, count } = options;
  const folder = await mkdtemp(join(tmpdir(), "detect-bench-"));
  const opened: { close(): unknown }[] = [];
  const open = async <T extends { close(): unknown }>(opening: Promise<T>): Promise<T> => {
    const tool = await opening;
    opened.push(tool);
    return tool;
  };
  try {
    report("Making pictures …");
    const sets = [];
    for (const size of sizes) sets.push(await makePictures(options.images, folder, size, count));
    const asExported = await open(Raw.open(model, "as-exported", threads));
    const turned = await open(Raw.open(model, "turned", threads));
    const annotated = await open(EndToEnd.open(model, "all", threads));
    const jsonOnly = await open(EndToEnd.open(model, "none", threads));
    const tutorial = await open(Tutorial.open(model));

    const modes: Mode[] = [
      { name: yardstick, measure: () => asExported.measure(count) },
      { name: "raw, DFL softmax turned", measure: () => turned.measure(count) },
      ...sets.flatMap((set) => [
        { name: `${set.name} annotated`, measure: () => annotated.measure(set) },
        { name: `${set.name} JSON only`, measure: () => jsonOnly.measure(set) },
        // Slow enough that a quarter of the pictures tells its rate.
        { name: `${set.name} tutorial style`, measure: () => tutorial.measure(quarterOf(set), folder) },
      ]),
    ];
    return await inRounds(modes, options.rounds, report);
  } finally {
    await Promise.all(opened.map((tool) => tool.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

function quarterOf(set: PictureSet): PictureSet {
  return { ...set, files: set.files.slice(0, Math.ceil(set.files.length / 4)) };
}

async function inRounds(
  modes: readonly Mode[],
  rounds: number,
  report: (line: string) => void,
): Promise<SpeedRow[]> {
  const rates = new Map<string, number[]>(modes.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++)
    for (const { name, measure } of modes) {
      const rate = rateOf(await measure());
      rates.get(name)!.push(rate);
      report(`round ${round} of ${rounds}: ${name}: ${rate.toFixed(1)} images/s`);
    }
  const raw = rates.get(yardstick)!;
  return modes.map(({ name }) => {
    const own = rates.get(name)!;
    return {
      mode: name,
      median: median(own),
      slowest: Math.min(...own),
      fastest: Math.max(...own),
      ofRaw: median(own.map((rate, round) => rate / raw[round]!)),
    };
  });
}
