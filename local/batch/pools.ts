/** Pool operations, and pools as the service shows them. */
import type { BatchServiceModels } from "@azure/batch";
import { defaultInterval } from "../compute/autoscale/requirements";
import type { NodeRecord, PoolRecord, PoolSpec } from "../compute/state";
import { parseBody } from "./body";
import { type Answer, type Call, type Handler, json, type OnWire, param, written } from "./call";
import { demandConditions, eTagOf, tagHeaders, unlessUnchanged } from "./etag";
import { element, idKey, type ListRules, page } from "./odata/answers";
import { equality, flag, id, time, word } from "./odata/filter";

type WirePool = OnWire<BatchServiceModels.CloudPool>;

const kind: ListRules<PoolRecord> = {
  name: "pools",
  selects: "CloudPool",
  expands: true,
  keyOf: idKey,
  filters: {
    id: id((pool) => pool.id),
    state: word(["eq"], (pool) => pool.state),
    allocationState: word(["eq"], (pool) => pool.allocationState),
    vmSize: word(equality, (pool) => pool.spec.vmSize),
    enableAutoScale: flag((pool) => pool.spec.enableAutoScale ?? false),
    enableInterNodeCommunication: flag((pool) => pool.spec.enableInterNodeCommunication ?? false),
    stateTransitionTime: time((pool) => pool.stateTransitionTime),
    allocationStateTransitionTime: time((pool) => pool.allocationStateTransitionTime),
    creationTime: time((pool) => pool.creationTime),
    lastModified: time((pool) => pool.lastModified),
  },
};

const countsKind: ListRules<PoolRecord> = {
  name: "poolnodecounts",
  expands: false,
  keyOf: idKey,
  filters: { poolId: word(["eq"], (pool) => pool.id) },
  most: 10,
};

export const addPool: Handler = (call) => {
  const spec = parseBody(call.body, "PoolAddParameter");
  const pool = call.account.createPool({ ...spec, identityResourceIds: [] });
  const url = `${call.base}/pools/${pool.id}`;
  return { status: 201, headers: { DataServiceId: url, Location: url, ...tagHeaders(pool.lastModified) } };
};

export const listPools: Handler = (call) =>
  page(call, kind, call.account.pools.list(), (pool) => wirePool(call, pool));

export const getPool: Handler = (call) => {
  const pool = call.account.pools.get(param(call, "poolId"));
  const answer = element(call, kind, wirePool(call, pool), tagHeaders(pool.lastModified));
  return unlessUnchanged(call, pool.lastModified, answer);
};

export const poolExists: Handler = (call) => {
  const pool = call.account.pools.get(param(call, "poolId"));
  const answer: Answer = { status: 200, headers: tagHeaders(pool.lastModified) };
  return unlessUnchanged(call, pool.lastModified, answer);
};

export const deletePool: Handler = (call) => {
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  void call.account.deletePool(pool.id);
  return { status: 202 };
};

export const resizePool: Handler = (call) => {
  const to = parseBody(call.body, "PoolResizeParameter");
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const resizing = call.account.pools.resize(pool.id, to);
  return written(call, 202, tagHeaders(resizing.lastModified));
};

export const stopResizePool: Handler = (call) => {
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const stopping = call.account.pools.stopResize(pool.id);
  return written(call, 202, tagHeaders(stopping.lastModified));
};

export const enableAutoScale: Handler = (call) => {
  const given = parseBody(call.body, "PoolEnableAutoScaleParameter");
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const enabled = call.account.autoScaling.enable(pool.id, given);
  return written(call, 200, tagHeaders(enabled.lastModified));
};

export const disableAutoScale: Handler = (call) => {
  const disabled = call.account.autoScaling.disable(param(call, "poolId"));
  return written(call, 200, tagHeaders(disabled.lastModified));
};

export const evaluateAutoScale: Handler = (call) => {
  const { autoScaleFormula } = parseBody(call.body, "PoolEvaluateAutoScaleParameter");
  const run: OnWire<BatchServiceModels.AutoScaleRun> = call.account.autoScaling.evaluate(
    param(call, "poolId"),
    autoScaleFormula,
  );
  const metadata = `${call.base}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun`;
  return json({ "odata.metadata": metadata, ...run }, { DataServiceId: call.base + call.path });
};

export const listPoolNodeCounts: Handler = (call) =>
  page(call, countsKind, call.account.pools.list(), (pool) => wireCounts(call, pool));

function wireCounts(call: Call, pool: PoolRecord): OnWire<BatchServiceModels.PoolNodeCounts> {
  const nodes = call.account.pools.nodesOf(pool);
  return {
    poolId: pool.id,
    dedicated: countNodes(nodes.filter((node) => node.isDedicated)),
    lowPriority: countNodes(nodes.filter((node) => !node.isDedicated)),
  };
}

function wirePool(call: Call, pool: PoolRecord): WirePool {
  const { identityResourceIds, taskSchedulingPolicy, targetNodeCommunicationMode, ...spec } = pool.spec;
  return {
    ...withoutPasswords(spec),
    url: `${call.base}/pools/${pool.id}`,
    eTag: eTagOf(pool.lastModified),
    lastModified: pool.lastModified,
    creationTime: pool.creationTime,
    state: pool.state,
    stateTransitionTime: pool.stateTransitionTime,
    allocationState: pool.allocationState,
    allocationStateTransitionTime: pool.allocationStateTransitionTime,
    vmSize: spec.vmSize.toLowerCase(),
    resizeTimeout: spec.resizeTimeout ?? "PT15M",
    ...call.account.pools.sizeOf(pool),
    resizeErrors: pool.resizeErrors,
    enableAutoScale: spec.enableAutoScale ?? false,
    enableInterNodeCommunication: spec.enableInterNodeCommunication ?? false,
    taskSlotsPerNode: spec.taskSlotsPerNode ?? 1,
    taskSchedulingPolicy: { nodeFillType: capitalised(taskSchedulingPolicy?.nodeFillType ?? "spread") },
    targetNodeCommunicationMode: targetNodeCommunicationMode?.toLowerCase(),
    autoScaleEvaluationInterval:
      spec.enableAutoScale === true ? (spec.autoScaleEvaluationInterval ?? defaultInterval) : undefined,
    autoScaleRun: pool.autoScaleRun,
    identity: wireIdentity(identityResourceIds),
  };
}

function wireIdentity(
  resourceIds: readonly string[],
): OnWire<BatchServiceModels.BatchPoolIdentity> | undefined {
  if (resourceIds.length === 0) return undefined;
  return {
    type: "UserAssigned",
    userAssignedIdentities: resourceIds.map((resourceId) => ({ resourceId })),
  };
}

/** Passwords of user accounts go in and never come out. */
function withoutPasswords(
  spec: Omit<PoolSpec, "identityResourceIds" | "taskSchedulingPolicy" | "targetNodeCommunicationMode">,
): typeof spec {
  if (spec.userAccounts === undefined) return spec;
  return {
    ...spec,
    userAccounts: spec.userAccounts.map((account) => ({ ...account, password: "" })),
  };
}

function countNodes(nodes: readonly NodeRecord[]): OnWire<BatchServiceModels.NodeCounts> {
  const of = (state: NodeRecord["state"]): number => nodes.filter((node) => node.state === state).length;
  return {
    creating: of("creating"),
    idle: of("idle"),
    offline: of("offline"),
    preempted: of("preempted"),
    rebooting: of("rebooting"),
    reimaging: 0,
    running: of("running"),
    starting: of("starting"),
    startTaskFailed: of("starttaskfailed"),
    leavingPool: of("leavingpool"),
    unknown: 0,
    unusable: of("unusable"),
    waitingForStartTask: of("waitingforstarttask"),
    total: nodes.length,
  };
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
