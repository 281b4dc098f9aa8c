/** Nodes that leave their pool: what becomes of their tasks, and until when they may still be kept. */
import { isUp, stateUp } from "./nodeState";
import type { Retention } from "./retention";
import { type Deallocation, type NodeRecord, type State, timestamp } from "./state";
import type { TaskRuns } from "./taskRuns";

export class Leaving {
  private readonly nodes = new Map<string, Promise<boolean>>();

  constructor(
    private readonly state: State,
    private readonly runs: TaskRuns,
    private readonly retention: Retention,
  ) {}

  /**
   * `leavingpool` at once, so that it gets no more tasks; true when it is gone. With `taskcompletion` its tasks are awaited first, with `retaineddata`
   * the end of their files' retention too; `keep` ends that wait, and then the node stays and the answer is false. `giveBack` does the rest. A node that leaves already leaves as it was first told.
   */
  begin(
    node: NodeRecord,
    deallocation: Deallocation,
    keep: AbortSignal | undefined,
    giveBack: (reason: "requeue" | "terminate") => Promise<void>,
  ): Promise<boolean> {
    const begun = this.nodes.get(node.id);
    if (begun !== undefined) return begun;
    const waits = isUp(node) && (deallocation === "taskcompletion" || deallocation === "retaineddata");
    this.move(node, () => "leavingpool");
    const leave = async (): Promise<boolean> => {
      if (waits && !(await this.untilReady(node, deallocation === "retaineddata", keep))) {
        this.move(node, (now) => stateUp(now, this.runs.tasksOn(node.id)));
        return false;
      }
      await giveBack(deallocation === "terminate" ? "terminate" : "requeue");
      return true;
    };
    const left = leave().finally(() => this.nodes.delete(node.id));
    this.nodes.set(node.id, left);
    return left;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.values());
  }

  /** False: there is still something to wait for, and it need not leave any more. */
  private async untilReady(
    node: NodeRecord,
    filesToo: boolean,
    keep: AbortSignal | undefined,
  ): Promise<boolean> {
    const idle = this.runs.untilIdle(node.id);
    const ready = filesToo ? idle.then(() => this.retention.untilCleanedUp(node.id)) : idle;
    await (keep === undefined ? ready : Promise.race([ready, aborted(keep)]));
    return this.runs.tasksOn(node.id) === 0 && !(filesToo && this.retention.keepsFilesOn(node.id));
  }

  private move(node: NodeRecord, to: (now: NodeRecord) => NodeRecord["state"]): void {
    const now = this.state.nodes.get(node.poolId, node.id);
    if (now !== undefined) this.state.nodes.put({ ...now, state: to(now), stateTransitionTime: timestamp() });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
