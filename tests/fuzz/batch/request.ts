/** Requests as they are mutated: every operation of the support matrix as its clients ask it, on the target's own pool, job, task and node. */
import { operations, type Operation } from "../../../local/batch/routes";

/** Text is latin1: what is not ASCII stands for single bytes. */
export interface FuzzRequest {
  readonly operation: string;
  readonly verb: string;
  readonly path: string;
  /** As it is sent, without its question mark. */
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Undefined: none, and no Content-Length. */
  readonly body: string | undefined;
  /** It may be no HTTP at all any more: then a bare 400 and the end of the connection are an answer. */
  readonly isBroken?: true;
  /** Signed before it was mutated: what the signature covers is no longer what it says. */
  readonly authorization?: string;
}

/** Where the target's things are; only the node's id is not the same in all runs. */
export interface Places {
  readonly nodeId: string;
}

const machine = {
  imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
  nodeAgentSKUId: "batch.node.ubuntu 24.04",
};
const setting = { name: "LEVEL", value: "3" };
const resourceFile = { httpUrl: "https://blobs.example/input/a", filePath: "in/a", fileMode: "0644" };
const task = (id: string): object => ({
  id,
  displayName: "a task",
  commandLine: "/bin/true",
  environmentSettings: [setting],
  resourceFiles: [],
  constraints: { maxWallClockTime: "PT1H", retentionTime: "P1D", maxTaskRetryCount: 0 },
  requiredSlots: 1,
  userIdentity: { autoUser: { scope: "pool", elevationLevel: "nonadmin" } },
  exitConditions: { default: { dependencyAction: "satisfy" }, exitCodes: [{ code: 1, exitOptions: {} }] },
  dependsOn: { taskIds: ["task"], taskIdRanges: [{ start: 1, end: 2 }] },
});

/** By the operation's name; `fresh` is an id that nothing has yet. */
const bodies: Readonly<Record<string, (fresh: string, places: Places) => object>> = {
  "pool.add": (id) => ({
    id,
    vmSize: "Standard_D2s_v3",
    virtualMachineConfiguration: machine,
    targetDedicatedNodes: 0,
    resizeTimeout: "PT15M",
    taskSlotsPerNode: 4,
    taskSchedulingPolicy: { nodeFillType: "spread" },
    startTask: { commandLine: "/bin/true", waitForSuccess: true, resourceFiles: [resourceFile] },
    metadata: [{ name: "a", value: "b" }],
  }),
  "pool.patch": () => ({ startTask: { commandLine: "/bin/true" }, metadata: [{ name: "a", value: "c" }] }),
  "pool.updateProperties": () => ({
    certificateReferences: [],
    applicationPackageReferences: [],
    metadata: [{ name: "a", value: "d" }],
  }),
  "pool.resize": () => ({ targetDedicatedNodes: 1, targetLowPriorityNodes: 0, resizeTimeout: "PT15M" }),
  // One in ten is given back in fact: with it go the files that the others ask for.
  "pool.removeNodes": (fresh, { nodeId }) => ({
    nodeList: [fresh.endsWith("0") ? nodeId : fresh],
    nodeDeallocationOption: "requeue",
  }),
  "pool.enableAutoScale": () => ({
    autoScaleFormula: "$TargetDedicatedNodes = min(1, $PendingTasks.GetSample(1) + 0 * (2 - 1));",
    autoScaleEvaluationInterval: "PT5M",
  }),
  "pool.evaluateAutoScale": () => ({
    autoScaleFormula: "a = 1; $TargetDedicatedNodes = a > 0 ? avg(vec(1, 2)) : 0;",
  }),
  "computeNode.reboot": () => ({ nodeRebootOption: "requeue" }),
  "computeNode.disableScheduling": () => ({ nodeDisableSchedulingOption: "requeue" }),
  "job.add": (id) => ({
    id,
    displayName: "a job",
    priority: 10,
    maxParallelTasks: -1,
    constraints: { maxWallClockTime: "PT1H", maxTaskRetryCount: 1 },
    jobManagerTask: { id: "manager", commandLine: "/bin/true", killJobOnCompletion: true },
    jobPreparationTask: { id: "preparation", commandLine: "/bin/true", waitForSuccess: true },
    jobReleaseTask: { id: "release", commandLine: "/bin/true", maxWallClockTime: "PT1M" },
    commonEnvironmentSettings: [setting],
    poolInfo: { poolId: "pool" },
    onAllTasksComplete: "noaction",
    onTaskFailure: "performexitoptionsjobaction",
    metadata: [{ name: "a", value: "b" }],
    usesTaskDependencies: true,
  }),
  "job.patch": () => ({ priority: 5, constraints: { maxTaskRetryCount: 2 }, onAllTasksComplete: "noaction" }),
  "job.update": () => ({ priority: 6, poolInfo: { poolId: "pool" }, metadata: [] }),
  "job.disable": () => ({ disableTasks: "requeue" }),
  "job.terminate": () => ({ terminateReason: "enough" }),
  "task.add": task,
  "task.addCollection": (id) => ({ value: [task(`${id}-a`), task(`${id}-b`), task(`${id}-c`)] }),
  "task.update": () => ({ constraints: { maxWallClockTime: "PT2H", maxTaskRetryCount: 1 } }),
};

const filters: Readonly<Record<string, string>> = {
  "pool.list":
    "startswith(id,'po') and (state eq 'active' or creationTime lt DateTime'2030-01-01T00:00:00Z')",
  "job.list": "executionInfo/poolId eq 'pool' and state ne 'completed'",
  "task.list": "executionInfo/exitCode eq 0 and id ne 'x'",
  "computeNode.list": "state eq 'idle'",
  "file.listFromTask": "startswith(name,'std')",
  "file.listFromComputeNode": "startswith(name,'wor')",
};

/** What these are done to is not what the others ask for, which would soon find nothing any more. */
const harmful: ReadonlySet<string> = new Set([
  "pool.deleteMethod",
  "pool.resize",
  "pool.stopResize",
  "pool.enableAutoScale",
  "job.deleteMethod",
  "job.disable",
  "job.terminate",
  "task.deleteMethod",
  "task.terminate",
  "task.reactivate",
]);

/** A request as a client would send it. */
export function validRequest(operation: Operation, fresh: string, places: Places): FuzzRequest {
  const onSpare = harmful.has(operation.name);
  const ids: Readonly<Record<string, string>> = {
    poolId: onSpare && operation.name.startsWith("pool") ? "spare" : "pool",
    nodeId: places.nodeId,
    jobId: onSpare && operation.name.startsWith("job") ? "spare" : "job",
    taskId: onSpare ? "spare" : "task",
    "*": operation.name.endsWith("ComputeNode") ? "workitems/job/job-1/task/stdout.txt" : "stdout.txt",
  };
  const path = operation.path.replace(/:(\w+)|\*/g, (whole, name: string | undefined) => {
    return ids[name ?? whole] ?? "thing";
  });
  const body = bodies[operation.name]?.(fresh, places);
  const filter = filters[operation.name];
  const query = [
    "api-version=2024-02-01.19.0",
    ...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`, "maxresults=5"]),
    ...(operation.name === "task.get" ? ["$select=id,state", "$expand=stats"] : []),
    ...(operation.name.startsWith("file.list") ? ["recursive=true"] : []),
  ];
  return {
    operation: operation.name,
    verb: operation.verb,
    path,
    query: query.join("&"),
    headers: [
      ["client-request-id", "11111111-2222-3333-4444-555555555555"],
      ["return-client-request-id", "true"],
      ...(body === undefined ? [] : [["Content-Type", "application/json; odata=minimalmetadata"] as const]),
      ...(operation.name.startsWith("file.get") ? [["ocp-range", "bytes=0-3"] as const] : []),
    ],
    body: body && JSON.stringify(body),
  };
}

export { operations };
