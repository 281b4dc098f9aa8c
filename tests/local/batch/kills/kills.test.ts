import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { BatchServiceClient } from "@azure/batch";
import { seededRandom } from "../../../support/seededRandom";
import { withTemporaryFolder } from "../../../support/temporaryFolder";
import { eventually } from "../batchCloud";
import { addJob, nodesIn, pool, textOf } from "../fixtures";
import {
  type Books,
  BusyClient,
  type JobEntry,
  jobView,
  later,
  type Marks,
  newBooks,
  note,
  poolView,
  script,
  taskView,
} from "./load";
import { MortalService } from "./mortalService";

/** Another one is another story: `KILLS_SEED=7 npx jest kills`. */
const seed = Number(process.env.KILLS_SEED ?? 1);
const kills = 50;
const clients = 4;
/** Tasks that run through every life but for its kill. */
const sleepers = ["sleeper-1", "sleeper-2"];
const filesRead = 10;
/** What of a task is compared. */
const shown = "id,state,commandLine,constraints,executionInfo";

/** Everything that the service shows, held against what its clients know. */
async function mistakesOf(client: BatchServiceClient, books: Books): Promise<string[]> {
  const pools = [...(await client.pool.list())].filter(({ id }) => id !== "pool");
  const jobs = [...(await client.job.list())].filter(({ id }) => id !== "sleepers");
  const mistakes = [
    ...books.pools.mistakes(new Map(pools.map((one) => [one.id ?? "", poolView(one)])), later),
    ...books.jobs.mistakes(new Map(jobs.map((one) => [one.id ?? "", jobView(one)])), later),
  ];
  for (const job of standing(books)) {
    const tasks = [...(await client.task.list(job.id, { taskListOptions: { select: shown } }))];
    mistakes.push(...job.tasks.mistakes(new Map(tasks.map((one) => [one.id ?? "", taskView(one)]))));
    mistakes.push(...note(job, tasks));
  }
  return mistakes;
}

const standing = (books: Books): JobEntry[] =>
  books.jobs.known().filter(({ ways: [view] }) => view.life !== "deleting");

/** Files of tasks that ran to their end: each has said its id, and nothing else whole. */
async function mistakesInFiles(
  client: BatchServiceClient,
  books: Books,
  choose: <T>(from: T[]) => T[],
): Promise<string[]> {
  const ended = standing(books).flatMap(({ id: jobId, ways: [view], tasks }) =>
    view?.life !== "live"
      ? []
      : tasks.known().flatMap(({ id, ending }) => (ending === undefined ? [] : [{ jobId, id }])),
  );
  const wrong = choose(ended).map(async ({ jobId, id }) => {
    const said = await client.file.getFromTask(jobId, id, "stdout.txt").then(textOf, String);
    return said === `${id}\n` ? [] : [`${id} said ${JSON.stringify(said)}`];
  });
  return (await Promise.all(wrong)).flat();
}

interface Sleeper {
  readonly id: string;
  readonly isRunning: boolean;
  readonly requeueCount: number;
}

async function sleeping(client: BatchServiceClient): Promise<Sleeper[]> {
  const tasks = [...(await client.task.list("sleepers"))];
  return tasks.map(({ id = "", state, executionInfo: run }) => ({
    id,
    isRunning: state === "running",
    requeueCount: run?.requeueCount ?? 0,
  }));
}

describe(`a service that is killed ${kills} times while clients are busy (seed ${seed})`, () => {
  it("knows whatever it acknowledged, requeues what ran, and leaves no process behind", async () => {
    await withTemporaryFolder(async (folder) => {
      const random = seededRandom(seed);
      const marks: Marks = { alarm: join(folder, "alarm"), locks: join(folder, "locks") };
      mkdirSync(marks.locks);
      const books = newBooks();
      const busy = Array.from(
        { length: clients },
        (_, number) => new BusyClient(`c${number}`, books, marks, seededRandom(seed * 1000 + number)),
      );
      const service = await MortalService.over(folder);
      let requeued = 0;
      try {
        await service.open();
        const { client } = service;
        await client.pool.add(pool({ targetDedicatedNodes: 2, taskSlotsPerNode: 8 }));
        await nodesIn(client, "idle", 2);
        await addJob(client, { id: "sleepers", priority: 1000 });
        for (const id of sleepers)
          await client.task.add("sleepers", { id, commandLine: script(marks, id, "exec sleep 1000") });
        await eventually("the sleepers to run", async () =>
          (await sleeping(client)).every(({ isRunning }) => isRunning),
        );

        for (let kill = 1; kill <= kills; kill++) {
          const before = await sleeping(service.client);
          let isOver = false;
          const work = Promise.all(busy.map((one) => one.work(service.client, () => isOver)));
          await Promise.race([work, pause(30 + random() * 250)]);
          isOver = true;
          await service.kill();
          await work;
          if (random() < 0.2) {
            // Not long enough to listen, but perhaps to begin with what it finds.
            service.begin();
            await pause(random() * 150);
            await service.kill();
          }
          await service.open();

          const about = `after kill ${kill}`;
          const { client } = service;
          const now = await sleeping(client);
          const counts = before.map(({ id, isRunning, requeueCount }) => {
            const count = now.find((one) => one.id === id)?.requeueCount;
            requeued += Number(isRunning);
            // Who was not seen running may have begun between look and kill; who was, may have been killed in two lives.
            const least = requeueCount + Number(isRunning);
            return count !== undefined && count >= least && count <= requeueCount + 2
              ? "right"
              : `${id}: ${count}`;
          });
          expect([about, ...counts]).toEqual([about, ...sleepers.map(() => "right")]);
          expect([about, ...(await mistakesOf(client, books))]).toEqual([about]);
          const some = <T>(from: T[]): T[] => from.filter(() => random() < filesRead / from.length);
          expect([about, ...(await mistakesInFiles(client, books, some))]).toEqual([about]);
          expect([about, ...busy.flatMap(({ mistakes }) => mistakes)]).toEqual([about]);
          expect([about, ...service.strays()]).toEqual([about]);
        }

        const last = service.client;
        await eventually("every deletion and termination to end", async () => {
          const jobs = [...(await last.job.list())];
          return jobs.every(({ state }) => state === "active" || state === "completed");
        });
        await eventually("the last task to end", async () => {
          const active = standing(books).filter(({ ways: [view] }) => view?.life === "live");
          const counts = await Promise.all(active.map(({ id }) => last.job.getTaskCounts(id)));
          return counts.every(({ taskCounts }) => taskCounts.active + taskCounts.running === 0);
        });
        expect(await mistakesOf(last, books)).toEqual([]);
        expect(await mistakesInFiles(last, books, (all) => all)).toEqual([]);
        expect(existsSync(marks.alarm) ? readFileSync(marks.alarm, "utf8") : "").toBe("");
        expect(requeued).toBeGreaterThan(kills);
      } finally {
        await service.close();
      }
      await eventually("the last life's tasks to end", () => Promise.resolve(service.strays().length === 0));
    });
  });
});
