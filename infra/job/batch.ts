/** The narrow port to the Batch service: the calls the job step uses, each retried, each with readable errors. */
import { text } from "node:stream/consumers";
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { addInCollections } from "./addTasks";
import { openCall, type CallOptions, type CallPatience } from "./batchCall";
import { BatchError, tooSoon, unlessChanged, unlessMissing } from "./batchError";
import {
  isEnding,
  jobView,
  nodeView,
  poolView,
  preparationView,
  taskView,
  wantedNodes,
  type JobView,
  type NodeView,
  type PoolView,
  type PreparationView,
  type TaskCounts,
  type TaskView,
} from "./batchViews";
import { realPace } from "./pace";
import { everyPage, type Page } from "./pages";

export interface Batch {
  /** Null: there is no such pool. */
  getPool(poolId: string): Promise<PoolView | null>;
  /** How many nodes the formula would have the pool have now; nothing comes of it. Throws for a formula that fails. */
  evaluateAutoscale(poolId: string, formula: string): Promise<number>;
  /**
   * Has a pool that scales evaluate its formula at once. False: not now, for it is being resized, was asked within the last
   * 30 s (Batch REST, Pool_EnableAutoScale), or is not as it was read.
   */
  enableAutoscale(pool: PoolView): Promise<boolean>;
  listNodes(poolId: string): Promise<NodeView[]>;
  rebootNode(poolId: string, nodeId: string): Promise<void>;
  /** A text file under the node's root; null when it cannot be had (not written yet, node gone or not ready). */
  readNodeFile(poolId: string, nodeId: string, path: string): Promise<string | null>;
  /** False: a job of this id exists already. */
  addJob(job: BatchServiceModels.JobAddParameter): Promise<boolean>;
  /** Null: there is no such job. */
  getJob(jobId: string): Promise<JobView | null>;
  listJobs(): Promise<JobView[]>;
  /** The job ends by itself when its tasks are done. Irreversible. */
  sealJob(jobId: string): Promise<void>;
  /** Does nothing to a job that has ended or is about to. */
  terminateJob(jobId: string, reason: string): Promise<void>;
  /** Deletes a job with its tasks, or does nothing where that is so. */
  deleteJob(jobId: string): Promise<void>;
  /** Of the files that start tasks of pools and preparation tasks of live jobs fetch. */
  resourceUrls(): Promise<string[]>;
  /** Its running tasks wait again. False, here and below: the job is not as it was read, or not in a state for it; read it again. */
  disableJob(job: JobView): Promise<boolean>;
  /** Of a disabled job. */
  setPoolOfJob(job: JobView, poolId: string): Promise<boolean>;
  enableJob(job: JobView): Promise<boolean>;
  addTasks(jobId: string, tasks: readonly BatchServiceModels.TaskAddParameter[]): Promise<void>;
  listTasks(jobId: string): Promise<TaskView[]>;
  /** Eventually consistent; the job's own state is not. */
  countTasks(jobId: string): Promise<TaskCounts>;
  listPreparations(jobId: string): Promise<PreparationView[]>;
}

/**
 * `client` must have been made with `noRetryPolicy`: its own retries take two minutes and ignore Retry-After. `note` hears of
 * calls that keep failing while they are still tried.
 */
export function openBatch(
  client: BatchServiceClient,
  note: (line: string) => void,
  options: CallPatience = {},
): Batch {
  const call = openCall(note, options);
  const { pace = realPace } = options;
  /** Each page is a call of its own. */
  const list = <T>(
    attempted: string,
    first: (options: CallOptions) => Promise<Page<T>>,
    next: (link: string, options: CallOptions) => Promise<Page<T>>,
  ): Promise<T[]> =>
    everyPage(
      () => call(attempted, first),
      (link) => call(attempted, (options) => next(link, options)),
    );

  const allJobs = (): Promise<BatchServiceModels.CloudJob[]> =>
    list(
      "list the jobs",
      (options) => client.job.list(options),
      (link, options) => client.job.listNext(link, options),
    );

  return {
    getPool: (poolId) =>
      unlessMissing(
        call(`read pool ${poolId}`, async (options) => poolView(await client.pool.get(poolId, options))),
      ),
    evaluateAutoscale: async (poolId, formula) => {
      const attempted = `evaluate the formula of pool ${poolId}`;
      const run = await call(attempted, (options) => client.pool.evaluateAutoScale(poolId, formula, options));
      if (run.error)
        throw new BatchError(
          `Could not ${attempted}: ${run.error.message ?? run.error.code ?? "no reason given"}`,
          ...([200, run.error.code ?? null, null, {}] as const),
        );
      return wantedNodes(run);
    },
    enableAutoscale: async (pool) => {
      const autoScaleFormula = pool.autoscale?.formula;
      try {
        return await unlessChanged(
          call(`have pool ${pool.id} evaluate its formula`, (options) =>
            client.pool.enableAutoScale(pool.id, {
              ...{ autoScaleFormula, poolEnableAutoScaleOptions: asRead(pool) },
              ...options,
            }),
          ),
        );
      } catch (error) {
        if (error instanceof BatchError && notNowCodes.has(error.code ?? "")) return false;
        throw error;
      }
    },
    listNodes: async (poolId) => {
      const nodes = await list(
        `list the nodes of pool ${poolId}`,
        (options) =>
          client.computeNode.list(poolId, {
            computeNodeListOptions: { select: "id,state,startTaskInfo,errors" },
            ...options,
          }),
        (link, options) => client.computeNode.listNext(link, options),
      );
      return nodes.map(nodeView);
    },
    rebootNode: async (poolId, nodeId) => {
      await call(`reboot node ${nodeId}`, (options) => client.computeNode.reboot(poolId, nodeId, options));
    },
    readNodeFile: async (poolId, nodeId, path) => {
      try {
        return await call(`read ${path} of node ${nodeId}`, async (options) => {
          const answer = await client.file.getFromComputeNode(poolId, nodeId, path, options);
          return answer.readableStreamBody === undefined ? "" : await text(answer.readableStreamBody);
        });
      } catch (error) {
        // 404: not written; 409: the node cannot answer now. Both mean that nothing can be quoted.
        if (error instanceof BatchError && (error.status === 404 || error.status === 409)) return null;
        throw error;
      }
    },
    addJob: async (job) => {
      try {
        await call(`add job ${job.id}`, (options) => client.job.add(job, options));
        return true;
      } catch (error) {
        if (error instanceof BatchError && error.code === "JobExists") return false;
        throw error;
      }
    },
    getJob: (jobId) =>
      unlessMissing(
        call(`read job ${jobId}`, async (options) => jobView(await client.job.get(jobId, options))),
      ),
    listJobs: async () => (await allJobs()).map(jobView),
    sealJob: async (jobId) => {
      await call(`let job ${jobId} end with its tasks`, (options) =>
        client.job.patch(jobId, { onAllTasksComplete: "terminatejob" }, options),
      );
    },
    terminateJob: async (jobId, reason) => {
      try {
        await call(`terminate job ${jobId}`, (options) =>
          client.job.terminate(jobId, { terminateReason: reason, ...options }),
        );
      } catch (error) {
        if (error instanceof BatchError && endedCodes.has(error.code ?? "")) return;
        throw error;
      }
    },
    deleteJob: async (jobId) => {
      try {
        await call(`delete job ${jobId}`, (options) => client.job.deleteMethod(jobId, options));
      } catch (error) {
        if (error instanceof BatchError && goneCodes.has(error.code ?? "")) return;
        throw error;
      }
    },
    resourceUrls: async () => {
      const pools = await list(
        "list the pools",
        (options) => client.pool.list(options),
        (link, options) => client.pool.listNext(link, options),
      );
      const live = (await allJobs()).filter((job) => !isEnding(jobView(job)));
      const files = [...pools.map((pool) => pool.startTask), ...live.map((job) => job.jobPreparationTask)];
      return files.flatMap((task) => (task?.resourceFiles ?? []).flatMap(({ httpUrl }) => httpUrl ?? []));
    },
    disableJob: (job) =>
      unlessChanged(
        call(`disable job ${job.id}`, (options) =>
          client.job.disable(job.id, "requeue", { jobDisableOptions: asRead(job), ...options }),
        ),
      ),
    setPoolOfJob: (job, poolId) =>
      unlessChanged(
        call(`move job ${job.id} to pool ${poolId}`, (options) =>
          client.job.patch(job.id, { poolInfo: { poolId } }, { jobPatchOptions: asRead(job), ...options }),
        ),
      ),
    enableJob: (job) =>
      unlessChanged(
        call(`enable job ${job.id}`, (options) =>
          client.job.enable(job.id, { jobEnableOptions: asRead(job), ...options }),
        ),
      ),
    addTasks: (jobId, tasks) =>
      addInCollections(tasks, {
        add: (chunk) =>
          call(
            `add ${chunk.length} tasks to job ${jobId}`,
            async (options) => (await client.task.addCollection(jobId, chunk, options)).value ?? [],
          ),
        commandLineOf: (taskId) =>
          call(
            `read task ${taskId} of job ${jobId}`,
            async (options) => (await client.task.get(jobId, taskId, options)).commandLine ?? "",
          ),
        pace,
      }),
    listTasks: async (jobId) => {
      const tasks = await list(
        `list the tasks of job ${jobId}`,
        (options) =>
          client.task.list(jobId, {
            taskListOptions: { select: "id,state,executionInfo,nodeInfo" },
            ...options,
          }),
        (link, options) => client.task.listNext(link, options),
      );
      return tasks.map(taskView);
    },
    countTasks: (jobId) =>
      call(`count the tasks of job ${jobId}`, async (options) => {
        const { active, running, succeeded, failed } = (await client.job.getTaskCounts(jobId, options))
          .taskCounts;
        return { active, running, succeeded, failed };
      }),
    listPreparations: async (jobId) => {
      const rows = await list(
        `read the preparation status of job ${jobId}`,
        (options) => client.job.listPreparationAndReleaseTaskStatus(jobId, options),
        (link, options) => client.job.listPreparationAndReleaseTaskStatusNext(link, options),
      );
      return rows.map(preparationView);
    },
  };
}

const notNowCodes = new Set(["PoolBeingResized", tooSoon]);

/** Batch REST, "Terminate Job": 409 with these codes on a job that has ended, or 404 when it is gone. */
const endedCodes = new Set(["JobCompleted", "JobBeingTerminated", "JobBeingDeleted", "JobNotFound"]);

/** Batch REST, "Delete Job". */
const goneCodes = new Set(["JobBeingDeleted", "JobNotFound"]);

function asRead({ eTag }: { readonly eTag: string | null }): { readonly ifMatch?: string } {
  return eTag === null ? {} : { ifMatch: eTag };
}
