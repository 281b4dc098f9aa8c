/** Memory of the worker with all its processes, bundled as nodes run it, over many pictures: its peak, and whether it grows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { workerLayer } from "../../worker/build/workerLayer";
import { project } from "../support/command";
import { median } from "./measure";
import { makePictures, sizes } from "./pictures";
import { memoryOf } from "./processTree";

export interface MemoryReport {
  readonly pictures: number;
  readonly size: string;
  readonly threads: number;
  readonly peakMb: number;
  /** Medians over the second tenth and over the last but one tenth of the run. */
  readonly earlyMb: number;
  readonly lateMb: number;
}

const sampleEveryMs = 250;

export async function measureMemory(
  options: {
    readonly model: string;
    readonly images: string;
    readonly threads: number;
    readonly count: number;
  },
  report: (line: string) => void,
): Promise<MemoryReport> {
  const { model, threads, count } = options;
  const [, size] = sizes;
  const folder = await mkdtemp(join(tmpdir(), "detect-bench-"));
  try {
    const set = await makePictures(options.images, folder, size, Math.min(count, 60));
    for (let index = set.files.length; index < count; index++) {
      const original = set.files[index % set.files.length]!;
      await symlink(basename(original), join(set.folder, `${String(index).padStart(5, "0")}.jpg`));
    }
    report(`${count} pictures of ${set.name}; the memory is looked at every ${sampleEveryMs} ms …`);
    const bundle = join(folder, "worker");
    await mkdir(bundle);
    await (await workerLayer(project)).stage(bundle, folder);
    const samples = await samplesOf(join(bundle, "main.js"), [
      "detect",
      "--model",
      model,
      "--out",
      join(folder, "out"),
      "--threads",
      String(threads),
      set.folder,
    ]);
    const tenth = Math.floor(samples.length / 10);
    return {
      pictures: count,
      size: set.name,
      threads,
      peakMb: Math.max(...samples),
      earlyMb: median(samples.slice(tenth, 2 * tenth)),
      lateMb: median(samples.slice(-2 * tenth, -tenth)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function samplesOf(main: string, args: readonly string[]): Promise<number[]> {
  const worker = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_PATH: join(project, "node_modules") },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(memoryOf(worker.pid!)), sampleEveryMs);
  const [code] = (await once(worker, "exit")) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`the worker ended with ${code}`);
  return samples;
}
