/**
 * The tasks of a job that wait for a node, in the order of their arrival. A task of which the scheduler finds that it still depends on another one
 * lies aside until that one has been done; only then is it looked at again.
 */
import { missingDependency, numberOf } from "./dependencies";
import { satisfiesDependents } from "./exitOptions";
import { SortedMap } from "./sortedMap";
import type { TaskRecord } from "./state";

export class WaitingTasks {
  /** By the slots they need, since where one finds no room, none does that needs as many. Each in the order of arrival. */
  private readonly queues = new Map<number, SortedMap<TaskRecord>>();
  /** Those aside, by what each waits for. */
  private readonly aside = new Map<string, Set<TaskRecord>>();
  /** What each of those aside waits for. */
  private readonly awaited = new Map<TaskRecord, string>();
  /** How many tasks with this number as their id satisfy those that depend on it: `4` and `04` are both task 4. */
  private readonly doneNumbers = new Map<number, number>();

  constructor(private readonly find: (taskId: string) => TaskRecord | undefined) {}

  /** A task of the job is there, or no longer there, with what has become of it. */
  added(task: TaskRecord): void {
    if (task.state === "active") this.enqueue(task);
    if (!satisfiesDependents(task)) return;
    this.release(`id ${task.id.toLowerCase()}`);
    const number = numberOf(task.id);
    if (number === undefined) return;
    this.doneNumbers.set(number, (this.doneNumbers.get(number) ?? 0) + 1);
    this.release(`number ${number}`);
  }

  removed(task: TaskRecord): void {
    if (task.state === "active") this.dequeue(task);
    const number = satisfiesDependents(task) ? numberOf(task.id) : undefined;
    if (number === undefined) return;
    const left = (this.doneNumbers.get(number) ?? 0) - 1;
    if (left > 0) this.doneNumbers.set(number, left);
    else this.doneNumbers.delete(number);
  }

  /** How many slots its tasks need: the sizes of its queues. */
  sizes(): number[] {
    return [...this.queues.keys()];
  }

  /** The tasks of a size that may run, in order. They may change while they are taken; one that was taken is still in the queue. */
  *ready(slots: number): Generator<TaskRecord, void> {
    for (let last = ""; ;) {
      const [task] = this.queues.get(slots)?.after(last) ?? [];
      if (task === undefined) return;
      last = keyOf(task);
      const missing = missingDependency(task, this);
      if (missing === undefined) yield task;
      else this.layAside(task, missing);
    }
  }

  isDone(taskId: string): boolean {
    const task = this.find(taskId);
    return task !== undefined && satisfiesDependents(task);
  }

  isNumberDone(number: number): boolean {
    return this.doneNumbers.has(number);
  }

  private enqueue(task: TaskRecord): void {
    const slots = task.spec.requiredSlots ?? 1;
    const queue = this.queues.get(slots) ?? new SortedMap<TaskRecord>();
    queue.set(keyOf(task), task);
    this.queues.set(slots, queue);
  }

  private dequeue(task: TaskRecord): void {
    const missing = this.awaited.get(task);
    if (missing !== undefined) {
      this.awaited.delete(task);
      this.aside.get(missing)?.delete(task);
      return;
    }
    const slots = task.spec.requiredSlots ?? 1;
    const queue = this.queues.get(slots);
    queue?.delete(keyOf(task));
    if (queue?.size === 0) this.queues.delete(slots);
  }

  private layAside(task: TaskRecord, missing: string): void {
    this.dequeue(task);
    const others = this.aside.get(missing) ?? new Set();
    this.aside.set(missing, others.add(task));
    this.awaited.set(task, missing);
  }

  private release(done: string): void {
    const tasks = this.aside.get(done) ?? [];
    this.aside.delete(done);
    for (const task of tasks) {
      this.awaited.delete(task);
      this.enqueue(task);
    }
  }
}

/** Keys are compared as text. */
const keyOf = ({ order }: TaskRecord): string => String(order).padStart(16, "0");
