/** Every operation of the Batch API by its name in the SDK, with its route and, where the local cloud has it, its handler. */
import findMyWay from "find-my-way";
import { needs, type Need } from "./authorization";
import type { Handler } from "./call";
import { invalidUri, operationNotImplemented, unsupportedHttpVerb } from "./errors";
import * as files from "./files";
import * as images from "./images";
import * as jobs from "./jobs";
import * as nodeChanges from "./nodeChanges";
import * as nodes from "./nodes";
import * as poolProperties from "./poolProperties";
import * as pools from "./pools";
import * as taskChanges from "./taskChanges";
import * as tasks from "./tasks";

export type Verb = "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";

/** `handler` is missing where the answer is 501 NotImplemented. */
export interface Operation {
  readonly name: string;
  readonly verb: Verb;
  /** What a caller without a key must be allowed at the account. */
  readonly needs: Need;
  readonly path: string;
  readonly handler?: Handler;
}

const operation = (name: string, verb: Verb, needs: Need, path: string, handler?: Handler): Operation => ({
  name,
  verb,
  needs,
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
const {
  accountRead,
  applicationsRead,
  certificatesDelete,
  certificatesRead,
  certificatesWrite,
  jobSchedulesDelete,
  jobSchedulesRead,
  jobSchedulesWrite,
  jobsDelete,
  jobsRead,
  jobsWrite,
  poolsDelete,
  poolsRead,
  poolsWrite,
} = needs;

export const operations: readonly Operation[] = [
  operation(
    "account.listSupportedImages",
    "GET",
    accountRead,
    "/supportedimages",
    images.listSupportedImages,
  ),
  operation("account.listPoolNodeCounts", "GET", poolsRead, "/nodecounts", pools.listPoolNodeCounts),
  operation("application.list", "GET", applicationsRead, "/applications"),
  operation("application.get", "GET", applicationsRead, "/applications/:applicationId"),
  operation("certificate.add", "POST", certificatesWrite, "/certificates"),
  operation("certificate.list", "GET", certificatesRead, "/certificates"),
  operation("certificate.cancelDeletion", "POST", certificatesWrite, certificate),
  operation("certificate.deleteMethod", "DELETE", certificatesDelete, certificate),
  operation("certificate.get", "GET", certificatesRead, certificate),
  operation("pool.add", "POST", poolsWrite, "/pools", pools.addPool),
  operation("pool.list", "GET", poolsRead, "/pools", pools.listPools),
  operation("pool.get", "GET", poolsRead, pool, pools.getPool),
  operation("pool.exists", "HEAD", poolsRead, pool, pools.poolExists),
  operation("pool.patch", "PATCH", poolsWrite, pool, poolProperties.patchPool),
  operation(
    "pool.updateProperties",
    "POST",
    poolsWrite,
    `${pool}/updateproperties`,
    poolProperties.updatePoolProperties,
  ),
  operation("pool.deleteMethod", "DELETE", poolsDelete, pool, pools.deletePool),
  operation("pool.resize", "POST", poolsWrite, `${pool}/resize`, pools.resizePool),
  operation("pool.stopResize", "POST", poolsWrite, `${pool}/stopresize`, pools.stopResizePool),
  operation("pool.removeNodes", "POST", poolsWrite, `${pool}/removenodes`, nodeChanges.removeNodes),
  operation("pool.enableAutoScale", "POST", poolsWrite, `${pool}/enableautoscale`, pools.enableAutoScale),
  operation("pool.disableAutoScale", "POST", poolsWrite, `${pool}/disableautoscale`, pools.disableAutoScale),
  operation(
    "pool.evaluateAutoScale",
    "POST",
    poolsWrite,
    `${pool}/evaluateautoscale`,
    pools.evaluateAutoScale,
  ),
  operation("pool.listUsageMetrics", "GET", poolsRead, "/poolusagemetrics"),
  operation("pool.getAllLifetimeStatistics", "GET", poolsRead, "/lifetimepoolstats"),
  operation("computeNode.list", "GET", poolsRead, `${pool}/nodes`, nodes.listNodes),
  operation("computeNode.get", "GET", poolsRead, node, nodes.getNode),
  operation("computeNode.reboot", "POST", poolsWrite, `${node}/reboot`, nodes.rebootNode),
  operation("computeNode.reimage", "POST", poolsWrite, `${node}/reimage`),
  operation("computeNode.deallocate", "POST", poolsWrite, `${node}/deallocate`),
  operation("computeNode.start", "POST", poolsWrite, `${node}/start`),
  operation(
    "computeNode.disableScheduling",
    "POST",
    poolsWrite,
    `${node}/disablescheduling`,
    nodeChanges.disableScheduling,
  ),
  operation(
    "computeNode.enableScheduling",
    "POST",
    poolsWrite,
    `${node}/enablescheduling`,
    nodeChanges.enableScheduling,
  ),
  operation("computeNode.getRemoteLoginSettings", "GET", poolsRead, `${node}/remoteloginsettings`),
  operation("computeNode.getRemoteDesktop", "GET", poolsRead, `${node}/rdp`),
  operation("computeNode.addUser", "POST", poolsWrite, `${node}/users`),
  operation("computeNode.updateUser", "PUT", poolsWrite, `${node}/users/:userName`),
  operation("computeNode.deleteUser", "DELETE", poolsWrite, `${node}/users/:userName`),
  operation("computeNode.uploadBatchServiceLogs", "POST", poolsWrite, `${node}/uploadbatchservicelogs`),
  operation("computeNodeExtension.list", "GET", poolsRead, `${node}/extensions`),
  operation("computeNodeExtension.get", "GET", poolsRead, `${node}/extensions/:extensionName`),
  operation("file.listFromComputeNode", "GET", poolsRead, `${node}/files`, files.listNodeFiles),
  operation("file.getFromComputeNode", "GET", poolsRead, `${node}/files/*`, files.getNodeFile),
  operation("file.getPropertiesFromComputeNode", "HEAD", poolsRead, `${node}/files/*`, files.headNodeFile),
  operation("file.deleteFromComputeNode", "DELETE", poolsWrite, `${node}/files/*`, files.deleteNodeFile),
  operation("job.add", "POST", jobsWrite, "/jobs", jobs.addJob),
  operation("job.list", "GET", jobsRead, "/jobs", jobs.listJobs),
  operation("job.listFromJobSchedule", "GET", jobsRead, `${schedule}/jobs`),
  operation("job.get", "GET", jobsRead, job, jobs.getJob),
  operation("job.patch", "PATCH", jobsWrite, job, jobs.patchJob),
  operation("job.update", "PUT", jobsWrite, job, jobs.updateJob),
  operation("job.disable", "POST", jobsWrite, `${job}/disable`, jobs.disableJob),
  operation("job.enable", "POST", jobsWrite, `${job}/enable`, jobs.enableJob),
  operation("job.terminate", "POST", jobsWrite, `${job}/terminate`, jobs.terminateJob),
  operation("job.deleteMethod", "DELETE", jobsDelete, job, jobs.deleteJob),
  operation("job.getTaskCounts", "GET", jobsRead, `${job}/taskcounts`, tasks.getTaskCounts),
  operation(
    "job.listPreparationAndReleaseTaskStatus",
    "GET",
    jobsRead,
    `${job}/jobpreparationandreleasetaskstatus`,
    jobs.listPreparationAndReleaseTaskStatus,
  ),
  operation("job.getAllLifetimeStatistics", "GET", jobsRead, "/lifetimejobstats"),
  operation("jobSchedule.add", "POST", jobSchedulesWrite, "/jobschedules"),
  operation("jobSchedule.list", "GET", jobSchedulesRead, "/jobschedules"),
  operation("jobSchedule.get", "GET", jobSchedulesRead, schedule),
  operation("jobSchedule.exists", "HEAD", jobSchedulesRead, schedule),
  operation("jobSchedule.patch", "PATCH", jobSchedulesWrite, schedule),
  operation("jobSchedule.update", "PUT", jobSchedulesWrite, schedule),
  operation("jobSchedule.disable", "POST", jobSchedulesWrite, `${schedule}/disable`),
  operation("jobSchedule.enable", "POST", jobSchedulesWrite, `${schedule}/enable`),
  operation("jobSchedule.terminate", "POST", jobSchedulesWrite, `${schedule}/terminate`),
  operation("jobSchedule.deleteMethod", "DELETE", jobSchedulesDelete, schedule),
  operation("task.add", "POST", jobsWrite, `${job}/tasks`, tasks.addTask),
  operation("task.addCollection", "POST", jobsWrite, `${job}/addtaskcollection`, tasks.addTaskCollection),
  operation("task.list", "GET", jobsRead, `${job}/tasks`, tasks.listTasks),
  operation("task.get", "GET", jobsRead, task, tasks.getTask),
  operation("task.update", "PUT", jobsWrite, task, taskChanges.updateTask),
  operation("task.deleteMethod", "DELETE", jobsWrite, task, tasks.deleteTask),
  operation("task.terminate", "POST", jobsWrite, `${task}/terminate`, tasks.terminateTask),
  operation("task.reactivate", "POST", jobsWrite, `${task}/reactivate`, taskChanges.reactivateTask),
  operation("task.listSubtasks", "GET", jobsRead, `${task}/subtasksinfo`, taskChanges.listSubtasks),
  operation("file.listFromTask", "GET", jobsRead, `${task}/files`, files.listTaskFiles),
  operation("file.getFromTask", "GET", jobsRead, `${task}/files/*`, files.getTaskFile),
  operation("file.getPropertiesFromTask", "HEAD", jobsRead, `${task}/files/*`, files.headTaskFile),
  operation("file.deleteFromTask", "DELETE", jobsWrite, `${task}/files/*`, files.deleteTaskFile),
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
