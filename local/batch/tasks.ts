/** Task operations, and tasks as the service shows them. */
import type { BatchServiceModels } from "@azure/batch";
import { infiniteDuration } from "../compute/duration";
import { defaultRetentionTime } from "../compute/retention";
import { affinityIdOf } from "../compute/scheduler";
import type { TaskRecord } from "../compute/state";
import { type Count, sumOf } from "../compute/taskCounts";
import { parseBody } from "./body";
import { type Call, type Handler, json, type OnWire, param, written } from "./call";
import { errorBody, requestBodyTooLarge, serviceError } from "./errors";
import { demandConditions, eTagOf, tagHeaders, unlessUnchanged } from "./etag";
import { wireDirectory } from "./nodes";
import { element, idKey, type ListRules, page, startOf } from "./odata/answers";
import { equality, id, number, time, word } from "./odata/filter";

type WireTask = OnWire<BatchServiceModels.CloudTask>;

const kind: ListRules<TaskRecord> = {
  name: "tasks",
  selects: "CloudTask",
  expands: true,
  keyOf: idKey,
  filters: {
    id: id((task) => task.id),
    state: word(["eq"], (task) => task.state),
    stateTransitionTime: time((task) => task.stateTransitionTime),
    creationTime: time((task) => task.creationTime),
    lastModifiedTime: time((task) => task.lastModified),
    "executionInfo/startTime": time((task) => task.run.startTime),
    "executionInfo/endTime": time((task) => task.run.endTime),
    "executionInfo/exitCode": number((task) => task.run.exitCode),
    "executionInfo/result": word(equality, (task) => task.run.result),
  },
};

/** Batch REST, Task_AddCollection. */
const mostInCollection = 100;

export const addTask: Handler = (call) => {
  const spec = parseBody(call.body, "TaskAddParameter");
  const task = call.account.tasks.add(param(call, "jobId"), spec);
  const url = urlOf(call, task);
  return { status: 201, headers: { DataServiceId: url, Location: url, ...tagHeaders(task.lastModified) } };
};

/** Each item stands for itself: the answer is 200 with a status for each, even when every one failed. */
export const addTaskCollection: Handler = (call) => {
  const job = call.account.jobs.get(param(call, "jobId"));
  const items = collectionItems(call.body);
  if (items.length > mostInCollection) throw requestBodyTooLarge(`${mostInCollection} tasks`);
  return json({
    "odata.metadata": `${call.base}/$metadata#taskaddresult`,
    value: items.map((item) => addItem(call, job.id, item)),
  });
};

export const listTasks: Handler = (call) =>
  page(call, kind, call.account.tasks.after(param(call, "jobId"), startOf(call)), (task) =>
    wireTask(call, task),
  );

export const getTask: Handler = (call) => {
  const task = requestedTask(call);
  const answer = element(call, kind, wireTask(call, task), tagHeaders(task.lastModified));
  return unlessUnchanged(call, task.lastModified, answer);
};

export const terminateTask: Handler = async (call) => {
  const task = requestedTask(call);
  demandConditions(call, task.lastModified);
  const { lastModified } = await call.account.tasks.terminate(task.jobId, task.id);
  return written(call, 204, tagHeaders(lastModified));
};

export const deleteTask: Handler = async (call) => {
  const task = requestedTask(call);
  demandConditions(call, task.lastModified);
  await call.account.tasks.delete(task.jobId, task.id);
  return { status: 200 };
};

/** A preparing task counts as running (Batch REST: TaskCounts). The real service's counts lag behind; these do not. */
export const getTaskCounts: Handler = (call) => {
  const { active, preparing, running, succeeded, failed } = call.account.tasks.counts(param(call, "jobId"));
  const counts = (of: keyof Count): OnWire<BatchServiceModels.TaskCounts> => ({
    active: active[of],
    running: sumOf(preparing, running)[of],
    completed: sumOf(succeeded, failed)[of],
    succeeded: succeeded[of],
    failed: failed[of],
  });
  return json({
    "odata.metadata": `${call.base}/$metadata#taskcountsresult/@Element`,
    taskCounts: counts("tasks"),
    taskSlotCounts: counts("slots"),
  });
};

/** Constraints with the service's defaults filled in (recorded). */
export function constraintsOf(
  constraints: BatchServiceModels.TaskConstraints | undefined,
  inheritedRetryCount: number,
): Required<BatchServiceModels.TaskConstraints> {
  return {
    maxWallClockTime: constraints?.maxWallClockTime ?? infiniteDuration,
    retentionTime: constraints?.retentionTime ?? defaultRetentionTime,
    maxTaskRetryCount: constraints?.maxTaskRetryCount ?? inheritedRetryCount,
  };
}

/** The items as they came: whether one is a task is told in its own result. */
function collectionItems(body: unknown): readonly unknown[] {
  const value = (body as { readonly value?: unknown } | undefined)?.value;
  if (!Array.isArray(value)) return parseBody(body, "TaskAddCollectionParameter").value;
  parseBody({ ...(body as object), value: [] }, "TaskAddCollectionParameter");
  return value;
}

function addItem(call: Call, jobId: string, item: unknown): OnWire<BatchServiceModels.TaskAddResult> {
  try {
    const spec = parseBody(item, "TaskAddParameter");
    const task = call.account.tasks.add(jobId, spec);
    const { lastModified } = task;
    const location = urlOf(call, task);
    return { status: "Success", taskId: task.id, eTag: eTagOf(lastModified), lastModified, location };
  } catch (thrown) {
    const error = serviceError(thrown);
    const { code, message, values } = errorBody(error, call);
    return {
      status: error.status >= 500 ? "ServerError" : "ClientError",
      taskId: idOf(item),
      error: { code, message, values },
    };
  }
}

/** Of an item that is no task, perhaps. */
function idOf(item: unknown): string {
  const id = (item as { readonly id?: unknown } | null)?.id;
  return typeof id === "string" ? id : "";
}

function requestedTask(call: Call): TaskRecord {
  return call.account.tasks.get(param(call, "jobId"), param(call, "taskId"));
}

function urlOf(call: Call, task: TaskRecord): string {
  return `${call.base}/jobs/${task.jobId}/tasks/${task.id}`;
}

function wireTask(call: Call, task: TaskRecord): WireTask {
  const { spec, place } = task;
  const job = call.account.jobs.get(task.jobId);
  return {
    ...spec,
    id: task.id,
    url: urlOf(call, task),
    eTag: eTagOf(task.lastModified),
    lastModified: task.lastModified,
    creationTime: task.creationTime,
    state: task.state,
    stateTransitionTime: task.stateTransitionTime,
    previousState: task.previousState,
    previousStateTransitionTime: task.previousStateTransitionTime,
    userIdentity: spec.userIdentity ?? { autoUser: { scope: "pool", elevationLevel: "nonadmin" } },
    constraints: constraintsOf(spec.constraints, job.spec.constraints?.maxTaskRetryCount ?? 0),
    requiredSlots: spec.requiredSlots ?? 1,
    executionInfo: {
      ...task.run,
      requeueCount: task.requeueCount,
      lastRequeueTime: task.lastRequeueTime,
    },
    nodeInfo: place === undefined ? withoutNode(task) : wirePlace(call, place, task),
  };
}

/** A task that was ended before it ran shows an empty object, one that waits none (recorded). */
function withoutNode({ state }: TaskRecord): WireTask["nodeInfo"] {
  return state === "completed" ? {} : undefined;
}

function wirePlace(
  call: Call,
  place: NonNullable<TaskRecord["place"]>,
  task: TaskRecord,
): WireTask["nodeInfo"] {
  return {
    affinityId: affinityIdOf(place.nodeId),
    nodeUrl: `${call.base}/pools/${place.poolId}/nodes/${place.nodeId}`,
    poolId: place.poolId,
    nodeId: place.nodeId,
    ...wireDirectory(call, place, task.jobId, task.id),
  };
}
