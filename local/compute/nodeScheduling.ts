/** Scheduling on single nodes: a node where it is disabled gets no more tasks until it is enabled again, whatever happens to the node meanwhile. */
import { nodeAlreadyInSchedulingState } from "./failure";
import { isUp, stateUp } from "./nodeState";
import type { Preparations } from "./preparations";
import { type NodeRecord, type State, timestamp } from "./state";
import type { TaskRuns } from "./taskRuns";

/** What becomes of the tasks that run on the node (Batch REST: DisableComputeNodeSchedulingOption). */
export type DisableScheduling = "requeue" | "terminate" | "taskcompletion";

export class NodeScheduling {
  constructor(
    private readonly state: State,
    private readonly runs: TaskRuns,
    private readonly preparations: Preparations,
    private readonly onChange: () => void,
  ) {}

  /** Throws NodeAlreadyInTargetSchedulingState. Azure: whether some states do not allow it is not documented; here: all do. */
  disable(node: NodeRecord, option: DisableScheduling): void {
    if (node.schedulingDisabled === true) throw nodeAlreadyInSchedulingState(node.id, "disabled");
    this.put({ ...node, schedulingDisabled: true });
    if (option === "taskcompletion") return;
    void this.preparations.stopNode(node.id);
    void this.runs.stopNode(node.id, option);
  }

  /** Throws as `disable` does. */
  enable(node: NodeRecord): void {
    if (node.schedulingDisabled !== true) throw nodeAlreadyInSchedulingState(node.id, "enabled");
    this.put({ ...node, schedulingDisabled: undefined });
    this.onChange();
  }

  private put(node: NodeRecord): void {
    const state = isUp(node) ? stateUp(node, this.runs.tasksOn(node.id)) : node.state;
    const moved = state === node.state ? {} : { state, stateTransitionTime: timestamp() };
    this.state.nodes.put({ ...node, ...moved });
  }
}
