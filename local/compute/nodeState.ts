/**
 * A node's states and what they allow (Batch REST: ComputeNodeState). creating → starting → (waitingforstarttask →) idle ↔ running, and `offline` where
 * it would be idle while its scheduling is disabled; starttaskfailed and unusable until it is rebooted or removed; rebooting → starting; preempted → creating;
 * leavingpool.
 */
import type { NodeRecord, NodeState } from "./state";

/** The state of a node that is up: `running` with at least one task. */
export function stateUp(node: NodeRecord, tasks: number): "running" | "idle" | "offline" {
  if (tasks > 0) return "running";
  return node.schedulingDisabled === true ? "offline" : "idle";
}

/** It has booted, is well and stays. */
export function isUp({ state }: NodeRecord): boolean {
  return state === "idle" || state === "running" || state === "offline";
}

export function takesTasks(node: NodeRecord): boolean {
  return isUp(node) && node.schedulingDisabled !== true;
}

export type RebootObstacle =
  | "NodeBeingCreated"
  | "NodeBeingStarted"
  | "NodeBeingRebooted"
  | "NodeStateUnusable"
  | "OperationNotValidOnNode";

/** The error code for a state that does not allow a reboot (Batch REST, ComputeNode_Reboot: idle or running); a failed start task is no obstacle here. */
export function rebootObstacle(state: NodeState): RebootObstacle | undefined {
  switch (state) {
    case "idle":
    case "running":
    case "starttaskfailed":
      return undefined;
    case "creating":
      return "NodeBeingCreated";
    case "starting":
    case "waitingforstarttask":
      return "NodeBeingStarted";
    case "rebooting":
      return "NodeBeingRebooted";
    case "offline":
      return "OperationNotValidOnNode";
    case "preempted":
    case "unusable":
    case "leavingpool":
      return "NodeStateUnusable";
  }
}
