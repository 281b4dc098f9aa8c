/** Operations that change tasks which are there, or tell of their parts. */
import type { TaskRecord } from "../compute/state";
import { parseBody } from "./body";
import { type Call, type Handler, param, written } from "./call";
import { demandConditions, tagHeaders } from "./etag";

export const updateTask: Handler = (call) => {
  const { constraints } = parseBody(call.body, "TaskUpdateParameter");
  const task = requestedTask(call);
  demandConditions(call, task.lastModified);
  const updated = call.account.tasks.update(task.jobId, task.id, constraints);
  return written(call, 200, tagHeaders(updated.lastModified));
};

export const reactivateTask: Handler = (call) => {
  const task = requestedTask(call);
  demandConditions(call, task.lastModified);
  const waiting = call.account.tasks.reactivate(task.jobId, task.id);
  return written(call, 204, tagHeaders(waiting.lastModified));
};

/** Only multi-instance tasks have subtasks, and there are none of these here. */
export const listSubtasks: Handler = (call) => {
  requestedTask(call);
  const value = { "odata.metadata": `${call.base}/$metadata#subtasks`, value: [] };
  return { status: 200, content: { kind: "json", value } };
};

function requestedTask(call: Call): TaskRecord {
  return call.account.tasks.get(param(call, "jobId"), param(call, "taskId"));
}
