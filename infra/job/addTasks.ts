/** Adding tasks in collections: Batch answers 200 even when every single task was refused, so each status is read. */
import type { BatchServiceModels } from "@azure/batch";
import { BatchError } from "./batchError";
import { chunks } from "./chunks";
import type { Pace } from "./pace";

type Task = BatchServiceModels.TaskAddParameter;

export interface TaskAdder {
  add(chunk: Task[]): Promise<readonly BatchServiceModels.TaskAddResult[]>;
  /** Of a task that exists already. */
  commandLineOf(taskId: string): Promise<string>;
  readonly pace: Pace;
}

/** A task refused with ServerError is sent again this often. */
const maxRounds = 6;
const roundPauseMs = 2_000;

/**
 * Adds them all or throws. A task that exists is success when it runs the same command: then an earlier attempt, whose
 * answer was lost, has added it.
 */
export async function addInCollections(tasks: readonly Task[], adder: TaskAdder): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  let todo = [...tasks];
  for (let round = 1; todo.length > 0; round += 1) {
    if (round > maxRounds)
      throw new Error(
        `Batch would not take ${todo.length} tasks, ${some(todo)}: ServerError ${maxRounds} times.`,
      );
    if (round > 1) await adder.pace.sleep(adder.pace.random() * roundPauseMs * round);
    const again: Task[] = [];
    const refused: string[] = [];
    for (const chunk of chunks(todo))
      for (const result of await addHalving(chunk, adder)) {
        const task = byId.get(result.taskId);
        if (task === undefined || isStatus(result, "success")) continue;
        if (isStatus(result, "servererror")) again.push(task);
        else if (result.error?.code !== "TaskExists") refused.push(refusal(result));
        else if ((await adder.commandLineOf(task.id)) !== task.commandLine)
          refused.push(`${task.id}: a task of this id with another command exists`);
      }
    if (refused.length > 0) throw new Error(`Batch refused ${refused.length} tasks: ${refused.join("; ")}`);
    todo = again;
  }
}

/** A collection that is too large after all is halved. */
async function addHalving(
  chunk: Task[],
  adder: TaskAdder,
): Promise<readonly BatchServiceModels.TaskAddResult[]> {
  try {
    return await adder.add(chunk);
  } catch (error) {
    if (!(error instanceof BatchError) || error.status !== 413 || chunk.length === 1) throw error;
    const middle = chunk.length >> 1;
    const first = await addHalving(chunk.slice(0, middle), adder);
    return [...first, ...(await addHalving(chunk.slice(middle), adder))];
  }
}

function isStatus(result: BatchServiceModels.TaskAddResult, status: string): boolean {
  return result.status.toLowerCase() === status;
}

function refusal({ taskId, error }: BatchServiceModels.TaskAddResult): string {
  const values = (error?.values ?? []).map((each) => ` ${each.key ?? ""}=${each.value ?? ""}`).join("");
  return `${taskId}: ${error?.code ?? "no code"} ${error?.message?.value?.split("\n", 1)[0] ?? ""}${values}`;
}

function some(tasks: readonly Task[]): string {
  const names = tasks.slice(0, 3).map((task) => task.id);
  return tasks.length > names.length ? `${names.join(", ")} …` : names.join(", ");
}
