/** The Batch service against the machine: tasks a second beside a bare spawn loop, and what a hundred thousand tasks cost. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { BatchService } from "./batchService";
import type { Figure } from "./figures";
import { median } from "./measure";

export interface BatchOptions {
  /** Tasks that wait while pages are read and the service starts again. */
  readonly count: number;
  readonly rounds: number;
  /** Tasks, and spawned processes, at a time. */
  readonly threads: number;
}

type Report = (line: string) => void;

/** Tasks of one round beside the spawn loop, and of the long run that shows whether many tasks are slower each than few. */
const roundTasks = 1000;
const longRunTasks = 20_000;
/** Rare enough not to be a load of its own. */
const pollMs = 50;
const pageSize = 1000;
const idleSeconds = 10;

export async function measureBatch(options: BatchOptions, report: Report): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "batch-bench-"));
  try {
    return [...(await throughput(folder, options, report)), ...(await manyTasks(folder, options, report))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function throughput(
  folder: string,
  { rounds, threads }: BatchOptions,
  report: Report,
): Promise<Figure[]> {
  const service = await BatchService.open(join(folder, "throughput"));
  try {
    await addPool(service.client, threads);
    await runTasks(service.client, "warm-up", 200);
    const [own, bare, withFiles]: [number[], number[], number[]] = [[], [], []];
    for (let round = 1; round <= rounds; round += 1) {
      bare.push(await spawnLoop(roundTasks, threads));
      withFiles.push(await spawnLoop(roundTasks, threads, join(folder, `files-${round}`)));
      own.push(await runTasks(service.client, `round-${round}`, roundTasks));
      report(
        `round ${round} of ${rounds}: spawn loop ${bare.at(-1)!.toFixed(0)}/s, tasks ${own.at(-1)!.toFixed(0)}/s`,
      );
    }
    report(`${longRunTasks} tasks to completion …`);
    const long = await runTasks(service.client, "long", longRunTasks);
    const ratios = own.map((rate, round) => rate / bare[round]!);
    return [
      { what: `spawn loop of /bin/true, ${threads} at a time`, value: median(bare), unit: "/s" },
      { what: "the same loop with a task's folders and files", value: median(withFiles), unit: "/s" },
      { what: `tasks added, run and completed, ${roundTasks}`, value: median(own), unit: "/s" },
      {
        what: "tasks against the spawn loop",
        value: median(ratios),
        unit: "of it",
        wanted: { bound: "at least", value: 0.6 },
      },
      { what: `tasks added, run and completed, ${longRunTasks}`, value: long, unit: "/s" },
    ];
  } finally {
    await service.close();
  }
}

async function manyTasks(folder: string, { count }: BatchOptions, report: Report): Promise<Figure[]> {
  const state = join(folder, "many");
  let service = await BatchService.open(state);
  try {
    await addPool(service.client, 0);
    await service.client.job.add({ id: "job", poolInfo: { poolId: "pool" } });
    report(`adding ${count} tasks …`);
    const addSeconds = await seconds(() => addTasks(service.client, "job", count));
    const counts = await milliseconds(() => service.client.job.getTaskCounts("job"));
    const pages = await pageFigures(service.client, count);
    const peakMb = service.peakMb;
    report("starting again with them …");
    await service.close();
    service = await BatchService.open(state);
    const { startSeconds } = service;
    const startPeakMb = service.peakMb;
    const cpuBefore = service.cpuSeconds;
    await pause(idleSeconds * 1000);
    const idleCpu = ((service.cpuSeconds - cpuBefore) / idleSeconds) * 100;
    report("ending and deleting the job …");
    await service.client.job.terminate("job");
    const terminateSeconds = await seconds(() =>
      until(async () => (await service.client.job.get("job")).state === "completed"),
    );
    await service.client.job.deleteMethod("job");
    const deleteSeconds = await seconds(() =>
      until(async () => (await service.client.job.list()).length === 0),
    );
    const atMost = (value: number): Figure["wanted"] => ({ bound: "at most", value });
    return [
      { what: `adding ${count} tasks by 100`, value: addSeconds, unit: "s", wanted: atMost(60) },
      { what: "memory of the service, peak", value: peakMb, unit: "MB", wanted: atMost(500) },
      ...pages.map((figure) => ({ ...figure, wanted: atMost(150) })),
      { what: "task counts of that job", value: counts, unit: "ms" },
      { what: "start-up with that state", value: startSeconds, unit: "s", wanted: atMost(5) },
      { what: "memory after it, peak", value: startPeakMb, unit: "MB", wanted: atMost(500) },
      { what: "processor when nothing is asked", value: idleCpu, unit: "% of a core" },
      { what: "terminating that job", value: terminateSeconds, unit: "s" },
      { what: "deleting that job", value: deleteSeconds, unit: "s" },
    ];
  } finally {
    await service.close();
  }
}

async function pageFigures(client: BatchServiceClient, count: number): Promise<Figure[]> {
  const middle = idOf(Math.floor(count / 2));
  const asked: Record<string, BatchServiceModels.TaskListOptions> = {
    "": {},
    " past the middle, by $filter": { filter: `id ge '${middle}'` },
    " of a $filter that lets the last ones through": { filter: `id ge '${idOf(count - pageSize)}'` },
    " of a $filter that lets none through": { filter: "state eq 'completed'" },
    " with $select": { select: "id,state" },
  };
  const figures: Figure[] = [];
  for (const [how, taskListOptions] of Object.entries(asked)) {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1)
      times.push(await milliseconds(() => client.task.list("job", { taskListOptions })));
    figures.push({ what: `page of ${pageSize} tasks${how}`, value: median(times), unit: "ms" });
  }
  return figures;
}

async function addPool(client: BatchServiceClient, slots: number): Promise<void> {
  await client.pool.add({
    id: "pool",
    vmSize: "Standard_D8s_v3",
    virtualMachineConfiguration: {
      imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
      nodeAgentSKUId: "batch.node.ubuntu 24.04",
    },
    targetDedicatedNodes: slots === 0 ? 0 : 1,
    taskSlotsPerNode: Math.max(1, slots),
  });
  await until(async () => {
    const nodes = await client.computeNode.list("pool");
    return slots === 0 || nodes.some(({ state }) => state === "idle");
  });
}

/** Tasks a second, from the first request that adds some to the end of the last one. */
async function runTasks(client: BatchServiceClient, job: string, count: number): Promise<number> {
  await client.job.add({ id: job, poolInfo: { poolId: "pool" } });
  const taken = await seconds(async () => {
    await addTasks(client, job, count);
    await until(async () => (await client.job.getTaskCounts(job)).taskCounts.completed === count);
  });
  const { taskCounts } = await client.job.getTaskCounts(job);
  if (taskCounts.succeeded !== count) throw new Error(`${taskCounts.failed} tasks of ${job} failed`);
  return count / taken;
}

async function addTasks(client: BatchServiceClient, job: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 100) {
    const tasks = Array.from({ length: Math.min(100, count - first) }, (_, index) => ({
      id: idOf(first + index),
      commandLine: "/bin/true",
    }));
    const { value = [] } = await client.task.addCollection(job, tasks);
    const refused = value.find(({ error }) => error !== undefined);
    if (refused !== undefined)
      throw new Error(`the service refused ${refused.taskId}: ${refused.error?.code}`);
  }
}

const idOf = (index: number): string => `task-${String(index).padStart(6, "0")}`;

/** Processes a second; with a folder, where each makes what a task has. */
async function spawnLoop(count: number, atOnce: number, ...folder: [] | [string]): Promise<number> {
  const loop = [join(__dirname, "spawnLoop.cjs"), String(count), String(atOnce), ...folder];
  const { stdout } = await promisify(execFile)(process.execPath, loop);
  return Number(stdout);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 30 * 60_000;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error("waited half an hour for the service in vain");
    await pause(pollMs);
  }
}

async function milliseconds(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

const seconds = async (act: () => Promise<unknown>): Promise<number> => (await milliseconds(act)) / 1000;
