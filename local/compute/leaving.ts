/** Nodes that leave their pool: what becomes of their tasks, and until when they may still be kept. */
import { type Deallocation, type NodeRecord, type State, timestamp } from "./state";
import type { TaskRuns } from "./taskRuns";

export class Leaving {
  private readonly nodes = new Map<string, Promise<boolean>>();

  constructor(
    private readonly state: State,
    private readonly runs: TaskRuns,
  ) {}

  /**
   * `leavingpool` at once, so that it gets no more tasks; true when it is gone. With `taskcompletion` its tasks are awaited first; `keep` ends that
   * wait, and then the node stays and the answer is false. `giveBack` does the rest. A node that leaves already leaves as it was first told.
   */
  begin(
    node: NodeRecord,
    deallocation: Deallocation,
    keep: AbortSignal | undefined,
    giveBack: (reason: "requeue" | "terminate") => Promise<void>,
  ): Promise<boolean> {
    const begun = this.nodes.get(node.id);
    if (begun !== undefined) return begun;
    const awaitsTasks = deallocation === "taskcompletion" && node.state === "running";
    this.move(node, "leavingpool");
    const leave = async (): Promise<boolean> => {
      if (awaitsTasks && !(await this.untilIdle(node, keep))) {
        this.move(node, "running");
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

  /** False: tasks still run, and it need not leave any more. */
  private async untilIdle(node: NodeRecord, keep: AbortSignal | undefined): Promise<boolean> {
    const idle = this.runs.untilIdle(node.id);
    await (keep === undefined ? idle : Promise.race([idle, aborted(keep)]));
    return this.runs.tasksOn(node.id) === 0;
  }

  private move(node: NodeRecord, state: NodeRecord["state"]): void {
    const now = this.state.nodes.get(node.poolId, node.id);
    if (now !== undefined) this.state.nodes.put({ ...now, state, stateTransitionTime: timestamp() });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
