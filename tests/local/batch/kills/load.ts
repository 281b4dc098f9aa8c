/** Clients that keep a service busy, each with jobs, tasks and pools of its own, and the books that they keep. */
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { bash, pool } from "../fixtures";
import { Book, type Entry, type Refusal, write } from "./book";

export interface JobView {
  readonly priority: number;
  readonly metadata: string;
  readonly life: "live" | "ended" | "deleting";
}

export interface TaskView {
  readonly commandLine: string;
  readonly maxWallClockTime: string;
}

export interface PoolView {
  readonly metadata: string;
  readonly life: "live" | "deleting";
}

/** How a task was seen to have ended. */
export interface Ending {
  readonly startTime: string;
  readonly endTime: string;
  readonly exitCode: number | undefined;
  readonly result: string;
}

export interface TaskEntry extends Entry<TaskView> {
  readonly exitCode: number;
  ending?: Ending;
  requeueCount: number;
}

export interface JobEntry extends Entry<JobView> {
  readonly tasks: Book<TaskView, TaskEntry>;
}

export interface Books {
  readonly jobs: Book<JobView, JobEntry>;
  readonly pools: Book<PoolView>;
}

export const newBooks = (): Books => ({ jobs: new Book(), pools: new Book() });

/** Where tasks that find themselves running twice say so, and the locks that they hold while they run. */
export interface Marks {
  readonly alarm: string;
  readonly locks: string;
}

/** A task of this id: it says its id, after a moment of work, and ends with an exit code. A lock goes with the last process that holds it. */
export const script = ({ alarm, locks }: Marks, id: string, work: string): string =>
  bash(`exec 9>${locks}/${id}; flock -n 9 || echo ${id} >>${alarm}; echo ${id}; ${work}`);

type Random = () => number;

const most = { jobs: 3, pools: 3 };
const text = (items: BatchServiceModels.MetadataItem[] | undefined): string =>
  (items ?? []).map(({ name, value }) => `${name}=${value}`).join();

export const jobView = (job: BatchServiceModels.CloudJob): JobView => ({
  priority: job.priority ?? 0,
  metadata: text(job.metadata),
  life:
    job.state === "deleting"
      ? "deleting"
      : job.state === "terminating" || job.state === "completed"
        ? "ended"
        : "live",
});
export const taskView = (task: BatchServiceModels.CloudTask): TaskView => ({
  commandLine: task.commandLine ?? "",
  maxWallClockTime: task.constraints?.maxWallClockTime ?? "",
});
export const poolView = (shown: BatchServiceModels.CloudPool): PoolView => ({
  metadata: text(shown.metadata),
  life: shown.state === "deleting" ? "deleting" : "live",
});
/** What is being deleted is gone some time. */
export const later = <View extends { readonly life: string }>(view: View): (View | undefined)[] =>
  view.life === "deleting" ? [view, undefined] : [view];

/** One client: an operation after the other until `isOver`. Its things are named after it. Throws for a refusal that it did not earn. */
export class BusyClient {
  /** What it saw and must not have. */
  readonly mistakes: string[] = [];
  private made = 0;

  constructor(
    private readonly name: string,
    private readonly books: Books,
    private readonly marks: Marks,
    private readonly random: Random,
  ) {}

  async work(client: BatchServiceClient, isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.act(client);
  }

  private act(client: BatchServiceClient): Promise<void> {
    const mine = <View, Item extends Entry<View>>(book: Book<View, Item>) =>
      book.known().filter(({ id }) => id.startsWith(this.name));
    const standing = mine(this.books.jobs).filter(({ ways: [view] }) => view.life !== "deleting");
    const jobs = standing.filter(({ ways: [view] }) => view.life === "live");
    const over = standing.find(({ ways: [view] }) => view.life === "ended");
    const pools = mine(this.books.pools).filter(({ ways: [view] }) => view.life === "live");
    const job = this.oneOf(jobs);
    const onePool = this.oneOf(pools);
    const dice = this.random();
    if (job === undefined || (dice < 0.1 && standing.length < most.jobs)) return this.addJob(client);
    if (dice < 0.35) return this.addTasks(client, job, 1 + Math.floor(this.random() * 5));
    if (dice < 0.45) return this.addTask(client, job);
    if (dice < 0.6) return this.look(client, job);
    if (dice < 0.68) return this.patchJob(client, job);
    if (dice < 0.74) return this.updateTask(client, job);
    if (dice < 0.82) return this.deleteTask(client, job);
    if (dice < 0.85) return this.endJob(client, job, "ended");
    if (dice < 0.88) return this.endJob(client, over ?? job, "deleting");
    if (onePool === undefined || (dice < 0.93 && pools.length < most.pools)) return this.addPool(client);
    return dice < 0.97 ? this.patchPool(client, onePool) : this.deletePool(client, onePool);
  }

  private addJob(client: BatchServiceClient): Promise<void> {
    const id = this.newId("job");
    const view: JobView = { priority: this.number(100), metadata: `of=${id}`, life: "live" };
    const entry = this.books.jobs.put({ id, ways: [undefined], tasks: new Book() });
    const preparation = this.random() < 0.3 ? { jobPreparationTask: { commandLine: "/bin/true" } } : {};
    const { priority } = view;
    return write([entry], always(view), () =>
      client.job.add({
        id,
        priority,
        poolInfo: { poolId: "pool" },
        metadata: [{ name: "of", value: id }],
        ...preparation,
      }),
    );
  }

  private addTask(client: BatchServiceClient, job: JobEntry): Promise<void> {
    const { entry, task, view } = this.newTask(job);
    return write([entry], always(view), () => client.task.add(job.id, task));
  }

  private addTasks(client: BatchServiceClient, job: JobEntry, count: number): Promise<void> {
    const made = Array.from({ length: count }, () => this.newTask(job));
    const views = new Map(made.map(({ entry, view }) => [entry.id, view]));
    return write(
      made.map(({ entry }) => entry),
      ({ id }) => [views.get(id)],
      async () => {
        const { value = [] } = await client.task.addCollection(
          job.id,
          made.map(({ task }) => task),
        );
        expect(value.map(({ taskId, status }) => [taskId, status.toLowerCase()])).toEqual(
          made.map(({ task }) => [task.id, "success"]),
        );
      },
    );
  }

  private newTask(job: JobEntry): {
    entry: TaskEntry;
    task: BatchServiceModels.TaskAddParameter;
    view: TaskView;
  } {
    const id = this.newId("task");
    const exitCode = this.random() < 0.7 ? 0 : this.number(200);
    const seconds = this.random() < 0.5 ? 0 : this.random() / 5;
    const commandLine = script(this.marks, id, `sleep ${seconds.toFixed(3)}; exit ${exitCode}`);
    const view = { commandLine, maxWallClockTime: "PT1H" };
    const entry = job.tasks.put({ id, ways: [undefined], exitCode, requeueCount: 0 });
    return { entry, task: { id, commandLine, constraints: { maxWallClockTime: "PT1H" } }, view };
  }

  /** What it sees has been acknowledged, too. */
  private async look(client: BatchServiceClient, job: JobEntry): Promise<void> {
    try {
      this.mistakes.push(...note(job, await client.task.list(job.id)));
    } catch (error) {
      if ((error as Refusal).statusCode !== undefined) throw error;
    }
  }

  private patchJob(client: BatchServiceClient, job: JobEntry & { ways: readonly [JobView] }): Promise<void> {
    const view: JobView = { ...job.ways[0], priority: this.number(100) };
    return write([job], always(view), () => client.job.patch(job.id, { priority: view.priority }));
  }

  private async updateTask(client: BatchServiceClient, job: JobEntry): Promise<void> {
    const task = this.oneOf(job.tasks.known());
    if (task === undefined) return;
    const maxWallClockTime = `PT${1 + this.number(20)}H`;
    const update = { constraints: { maxWallClockTime } };
    const view: TaskView = { ...task.ways[0], maxWallClockTime };
    await write([task], always(view), () => client.task.update(job.id, task.id, update), ["TaskCompleted"]);
  }

  private async deleteTask(client: BatchServiceClient, job: JobEntry): Promise<void> {
    const task = this.oneOf(job.tasks.known());
    if (task === undefined) return;
    await write([task], always(undefined), () => client.task.deleteMethod(job.id, task.id));
  }

  private endJob(
    client: BatchServiceClient,
    job: JobEntry & { ways: readonly [JobView] },
    life: "ended" | "deleting",
  ): Promise<void> {
    const view: JobView = { ...job.ways[0], life };
    return write(
      [job],
      () => later(view),
      () => (life === "ended" ? client.job.terminate(job.id) : client.job.deleteMethod(job.id)),
    );
  }

  private addPool(client: BatchServiceClient): Promise<void> {
    const id = this.newId("pool");
    const view: PoolView = { metadata: `of=${id}`, life: "live" };
    const entry = this.books.pools.put({ id, ways: [undefined] });
    const metadata = [{ name: "of", value: id }];
    return write([entry], always(view), () =>
      client.pool.add(pool({ id, targetDedicatedNodes: 0, metadata })),
    );
  }

  private patchPool(client: BatchServiceClient, entry: Entry<PoolView>): Promise<void> {
    const value = String(this.number(1000));
    const view: PoolView = { metadata: `now=${value}`, life: "live" };
    return write([entry], always(view), () =>
      client.pool.patch(entry.id, { metadata: [{ name: "now", value }] }),
    );
  }

  private deletePool(
    client: BatchServiceClient,
    entry: Entry<PoolView> & { ways: readonly [PoolView] },
  ): Promise<void> {
    const view: PoolView = { ...entry.ways[0], life: "deleting" };
    return write(
      [entry],
      () => later(view),
      () => client.pool.deleteMethod(entry.id),
    );
  }

  private newId(kind: string): string {
    return `${this.name}-${kind}-${++this.made}`;
  }

  private number(below: number): number {
    return Math.floor(this.random() * below);
  }

  private oneOf<T>(from: readonly T[]): T | undefined {
    return from[this.number(from.length)];
  }
}

const always =
  <View>(view: View | undefined) =>
  (): [View | undefined] => [view];

/** Notes how tasks have ended; what is wrong with those that ended differently before, or that were requeued less often than before. */
export function note(job: JobEntry, tasks: readonly BatchServiceModels.CloudTask[]): string[] {
  const entries = new Map(job.tasks.all().map((entry) => [entry.id, entry]));
  const mayEnd = job.ways.some((way) => way?.life !== "live");
  return tasks.flatMap((task) => {
    const entry = entries.get(task.id ?? "");
    if (entry === undefined) return [];
    const ending = endingOf(task);
    const { ending: before, requeueCount } = entry;
    const count = task.executionInfo?.requeueCount ?? 0;
    entry.ending = ending ?? before;
    entry.requeueCount = count;
    const told = `${entry.id} ended as ${JSON.stringify(ending)}`;
    return [
      ...(before !== undefined && JSON.stringify(before) !== JSON.stringify(ending)
        ? [`${told}, after it had ended as ${JSON.stringify(before)}`]
        : []),
      ...(ending !== undefined && ending.exitCode !== entry.exitCode && !mayEnd ? [told] : []),
      ...(count < requeueCount ? [`${entry.id} was requeued ${requeueCount} times, then ${count}`] : []),
    ];
  });
}

function endingOf({ state, executionInfo: run }: BatchServiceModels.CloudTask): Ending | undefined {
  if (state !== "completed") return undefined;
  return {
    startTime: String(run?.startTime?.toISOString()),
    endTime: String(run?.endTime?.toISOString()),
    exitCode: run?.exitCode,
    result: String(run?.result),
  };
}
