/** Compute node operations, and nodes as the service shows them. */
import type { BatchServiceModels } from "@azure/batch";
import { taskRootDirectory } from "../compute/directories";
import { affinityIdOf } from "../compute/scheduler";
import type { NodeRecord, TaskPlace } from "../compute/state";
import { parseOptionalBody } from "./body";
import { type Call, type Handler, type OnWire, param, written } from "./call";
import { element, idKey, type ListRules, page } from "./odata/answers";
import { equality, number, time, word } from "./odata/filter";

type WireNode = OnWire<BatchServiceModels.ComputeNode>;

const kind: ListRules<NodeRecord> = {
  name: "nodes",
  selects: "ComputeNode",
  expands: false,
  keyOf: idKey,
  filters: {
    state: word(equality, (node) => node.state),
    stateTransitionTime: time((node) => node.stateTransitionTime),
    lastBootTime: time((node) => node.lastBootTime),
    allocationTime: time((node) => node.allocationTime),
    "startTaskInfo/state": word(["eq"], (node) => node.startTaskInfo?.state),
    "startTaskInfo/result": word(equality, (node) => node.startTaskInfo?.result),
    "startTaskInfo/exitCode": number((node) => node.startTaskInfo?.exitCode),
    "startTaskInfo/startTime": time((node) => node.startTaskInfo?.startTime),
    "startTaskInfo/endTime": time((node) => node.startTaskInfo?.endTime),
  },
};

export const listNodes: Handler = (call) => {
  const { pools } = call.account;
  const nodes = pools.nodesOf(pools.get(param(call, "poolId")));
  return page(call, kind, nodes, (node) => wireNode(call, node));
};

export const getNode: Handler = (call) => element(call, kind, wireNode(call, requestedNode(call)));

export const rebootNode: Handler = (call) => {
  const { nodeRebootOption } = parseOptionalBody(call.body, "NodeRebootParameter");
  const node = requestedNode(call);
  call.account.nodes.reboot(node.poolId, node.id, nodeRebootOption ?? "requeue");
  return written(call, 202);
};

/** A missing pool is named before a missing node. */
function requestedNode(call: Call): NodeRecord {
  const pool = call.account.pools.get(param(call, "poolId"));
  return call.account.nodes.get(pool.id, param(call, "nodeId"));
}

function wireNode(call: Call, node: NodeRecord): WireNode {
  const pool = call.account.pools.find(node.poolId);
  const { runs } = call.account;
  return {
    id: node.id,
    url: `${call.base}/pools/${node.poolId}/nodes/${node.id}`,
    state: node.state,
    schedulingState: node.schedulingDisabled === true ? "disabled" : "enabled",
    stateTransitionTime: node.stateTransitionTime,
    lastBootTime: node.lastBootTime,
    allocationTime: node.allocationTime,
    ipAddress: node.ipAddress,
    affinityId: affinityIdOf(node.id),
    vmSize: pool?.spec.vmSize.toLowerCase() ?? "",
    isDedicated: node.isDedicated,
    totalTasksRun: node.totalTasksRun,
    totalTasksSucceeded: node.totalTasksSucceeded,
    runningTasksCount: runs.tasksOn(node.id),
    runningTaskSlotsCount: runs.slotsInUse(node.id),
    recentTasks: node.recentTasks.flatMap((place) => wireRecentTask(call, place)),
    errors: node.errors,
    // A node that has not booted yet will run the pool's.
    startTask: node.lastBootTime === undefined ? pool?.spec.startTask : node.startTask,
    startTaskInfo: node.startTaskInfo,
    virtualMachineInfo: { imageReference: pool?.spec.virtualMachineConfiguration?.imageReference },
  };
}

/** A task that was deleted meanwhile is left out. */
function wireRecentTask(
  call: Call,
  { jobId, taskId }: TaskPlace,
): OnWire<BatchServiceModels.TaskInformation>[] {
  const task = call.account.tasks.find(jobId, taskId);
  if (task === undefined) return [];
  return [
    {
      taskUrl: `${call.base}/jobs/${task.jobId}/tasks/${task.id}`,
      jobId: task.jobId,
      taskId: task.id,
      taskState: task.state,
      executionInfo: { ...task.run, requeueCount: task.requeueCount },
    },
  ];
}

/** A task's directory as the service names it: the path below the node's root, and the URL of its files. */
export function wireDirectory(
  call: Call,
  place: { readonly poolId: string; readonly nodeId: string },
  jobId: string,
  taskId: string,
): { readonly taskRootDirectory: string; readonly taskRootDirectoryUrl: string } {
  const directory = taskRootDirectory(jobId, taskId);
  return {
    taskRootDirectory: directory,
    taskRootDirectoryUrl: `${call.base}/pools/${place.poolId}/nodes/${place.nodeId}/files/${directory}`,
  };
}
