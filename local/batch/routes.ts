/** Every operation of the Batch API by its name in the SDK, with its route and, where the local cloud has it, its handler. */
import findMyWay from "find-my-way";
import type { Handler } from "./call";
import { invalidUri, operationNotImplemented, unsupportedHttpVerb } from "./errors";
import * as files from "./files";
import * as jobs from "./jobs";
import * as nodes from "./nodes";
import * as pools from "./pools";
import * as tasks from "./tasks";

export type Verb = "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";

/** `handler` is missing where the answer is 501 NotImplemented. */
export interface Operation {
  readonly name: string;
  readonly verb: Verb;
  readonly path: string;
  readonly handler?: Handler;
}

const operation = (name: string, verb: Verb, path: string, handler?: Handler): Operation => ({
  name,
  verb,
  path,
  handler,
});

const pool = "/pools/:poolId";
const node = `${pool}/nodes/:nodeId`;
const job = "/jobs/:jobId";
const task = `${job}/tasks/:taskId`;
const schedule = "/jobschedules/:jobScheduleId";
/** `certificates(thumbprintAlgorithm=…,thumbprint=…)`: a router's parameters cannot say it. */
const certificate = "/certificates*";

export const operations: readonly Operation[] = [
  operation("account.listSupportedImages", "GET", "/supportedimages"),
  operation("account.listPoolNodeCounts", "GET", "/nodecounts", pools.listPoolNodeCounts),
  operation("application.list", "GET", "/applications"),
  operation("application.get", "GET", "/applications/:applicationId"),
  operation("certificate.add", "POST", "/certificates"),
  operation("certificate.list", "GET", "/certificates"),
  operation("certificate.cancelDeletion", "POST", certificate),
  operation("certificate.deleteMethod", "DELETE", certificate),
  operation("certificate.get", "GET", certificate),
  operation("pool.add", "POST", "/pools", pools.addPool),
  operation("pool.list", "GET", "/pools", pools.listPools),
  operation("pool.get", "GET", pool, pools.getPool),
  operation("pool.exists", "HEAD", pool, pools.poolExists),
  operation("pool.patch", "PATCH", pool),
  operation("pool.updateProperties", "POST", `${pool}/updateproperties`),
  operation("pool.deleteMethod", "DELETE", pool, pools.deletePool),
  operation("pool.resize", "POST", `${pool}/resize`, pools.resizePool),
  operation("pool.stopResize", "POST", `${pool}/stopresize`, pools.stopResizePool),
  operation("pool.removeNodes", "POST", `${pool}/removenodes`),
  operation("pool.enableAutoScale", "POST", `${pool}/enableautoscale`),
  operation("pool.disableAutoScale", "POST", `${pool}/disableautoscale`),
  operation("pool.evaluateAutoScale", "POST", `${pool}/evaluateautoscale`),
  operation("pool.listUsageMetrics", "GET", "/poolusagemetrics"),
  operation("pool.getAllLifetimeStatistics", "GET", "/lifetimepoolstats"),
  operation("computeNode.list", "GET", `${pool}/nodes`, nodes.listNodes),
  operation("computeNode.get", "GET", node, nodes.getNode),
  operation("computeNode.reboot", "POST", `${node}/reboot`, nodes.rebootNode),
  operation("computeNode.reimage", "POST", `${node}/reimage`),
  operation("computeNode.disableScheduling", "POST", `${node}/disablescheduling`),
  operation("computeNode.enableScheduling", "POST", `${node}/enablescheduling`),
  operation("computeNode.getRemoteLoginSettings", "GET", `${node}/remoteloginsettings`),
  operation("computeNode.getRemoteDesktop", "GET", `${node}/rdp`),
  operation("computeNode.addUser", "POST", `${node}/users`),
  operation("computeNode.updateUser", "PUT", `${node}/users/:userName`),
  operation("computeNode.deleteUser", "DELETE", `${node}/users/:userName`),
  operation("computeNode.uploadBatchServiceLogs", "POST", `${node}/uploadbatchservicelogs`),
  operation("computeNodeExtension.list", "GET", `${node}/extensions`),
  operation("computeNodeExtension.get", "GET", `${node}/extensions/:extensionName`),
  operation("file.listFromComputeNode", "GET", `${node}/files`, files.listNodeFiles),
  operation("file.getFromComputeNode", "GET", `${node}/files/*`, files.getNodeFile),
  operation("file.getPropertiesFromComputeNode", "HEAD", `${node}/files/*`, files.headNodeFile),
  operation("file.deleteFromComputeNode", "DELETE", `${node}/files/*`),
  operation("job.add", "POST", "/jobs", jobs.addJob),
  operation("job.list", "GET", "/jobs", jobs.listJobs),
  operation("job.listFromJobSchedule", "GET", `${schedule}/jobs`),
  operation("job.get", "GET", job, jobs.getJob),
  operation("job.patch", "PATCH", job, jobs.patchJob),
  operation("job.update", "PUT", job, jobs.updateJob),
  operation("job.disable", "POST", `${job}/disable`, jobs.disableJob),
  operation("job.enable", "POST", `${job}/enable`, jobs.enableJob),
  operation("job.terminate", "POST", `${job}/terminate`, jobs.terminateJob),
  operation("job.deleteMethod", "DELETE", job, jobs.deleteJob),
  operation("job.getTaskCounts", "GET", `${job}/taskcounts`, tasks.getTaskCounts),
  operation(
    "job.listPreparationAndReleaseTaskStatus",
    "GET",
    `${job}/jobpreparationandreleasetaskstatus`,
    jobs.listPreparationAndReleaseTaskStatus,
  ),
  operation("job.getAllLifetimeStatistics", "GET", "/lifetimejobstats"),
  operation("jobSchedule.add", "POST", "/jobschedules"),
  operation("jobSchedule.list", "GET", "/jobschedules"),
  operation("jobSchedule.get", "GET", schedule),
  operation("jobSchedule.exists", "HEAD", schedule),
  operation("jobSchedule.patch", "PATCH", schedule),
  operation("jobSchedule.update", "PUT", schedule),
  operation("jobSchedule.disable", "POST", `${schedule}/disable`),
  operation("jobSchedule.enable", "POST", `${schedule}/enable`),
  operation("jobSchedule.terminate", "POST", `${schedule}/terminate`),
  operation("jobSchedule.deleteMethod", "DELETE", schedule),
  operation("task.add", "POST", `${job}/tasks`, tasks.addTask),
  operation("task.addCollection", "POST", `${job}/addtaskcollection`, tasks.addTaskCollection),
  operation("task.list", "GET", `${job}/tasks`, tasks.listTasks),
  operation("task.get", "GET", task, tasks.getTask),
  operation("task.update", "PUT", task),
  operation("task.deleteMethod", "DELETE", task, tasks.deleteTask),
  operation("task.terminate", "POST", `${task}/terminate`, tasks.terminateTask),
  operation("task.reactivate", "POST", `${task}/reactivate`),
  operation("task.listSubtasks", "GET", `${task}/subtasksinfo`),
  operation("file.listFromTask", "GET", `${task}/files`, files.listTaskFiles),
  operation("file.getFromTask", "GET", `${task}/files/*`, files.getTaskFile),
  operation("file.getPropertiesFromTask", "HEAD", `${task}/files/*`, files.headTaskFile),
  operation("file.deleteFromTask", "DELETE", `${task}/files/*`),
];

export interface Route {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

const verbs: readonly Verb[] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];
const router = findMyWay({ maxParamLength: 2048 });
for (const one of operations) router.on(one.verb, one.path, () => undefined, one);

/** Throws InvalidUri or UnsupportedHttpVerb. */
export function routeOf(verb: string, path: string): Route {
  const known = verbs.find((one) => one === verb);
  const found = known === undefined ? null : router.find(known, path);
  if (found !== null)
    return { operation: found.store as Operation, params: found.params as Record<string, string> };
  if (verbs.some((other) => router.find(other, path) !== null)) throw unsupportedHttpVerb(verb);
  throw invalidUri();
}

/** Throws NotImplemented, naming the operation. */
export function handlerOf({ name, handler }: Operation): Handler {
  if (handler === undefined) throw operationNotImplemented(name);
  return handler;
}
