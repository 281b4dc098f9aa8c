/** Job preparation and release: what a node does once before a job's first task there, and once after the job. */
import type { BatchServiceModels } from "@azure/batch";
import type { Execution } from "./execution";
import { jobPreparationTaskNotSpecified } from "./failure";
import type { NodeAgents } from "./nodeAgents";
import { isUp } from "./nodeState";
import type { JobRecord, NodeRecord, PreparationRecord, State } from "./state";
import { preparationWork, releaseWork } from "./work";

export class Preparations {
  /** Preparations that run now, by job and node: tasks that land together share one. */
  private readonly running = new Map<
    string,
    { readonly execution: Execution; readonly done: Promise<boolean> }
  >();
  private readonly releases = new Set<Execution>();

  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
  ) {}

  /** True when tasks of the job may run on the node; runs the preparation first where that is due. */
  async ensure(job: JobRecord, node: NodeRecord): Promise<boolean> {
    const task = job.spec.jobPreparationTask;
    if (task === undefined || this.isReady(job, node)) return true;
    if (this.isClosed(job.id, node)) return false;
    const key = keyOf(job.id, node.id);
    const shared = this.running.get(key) ?? this.start(key, job, task, node);
    return task.waitForSuccess === false ? true : shared.done;
  }

  /** What ran for a job, node by node. Throws JobPreparationTaskNotSpecified. */
  list(job: JobRecord): PreparationRecord[] {
    if (job.spec.jobPreparationTask === undefined) throw jobPreparationTaskNotSpecified(job.id);
    return this.state.preparations.list(job.id);
  }

  /** True where a preparation failed during this boot of the node: the node gets no more tasks of the job. */
  isClosed(jobId: string, node: NodeRecord): boolean {
    const ran = this.state.preparations.get(jobId, node.id);
    const waits = this.state.jobs.get(jobId)?.spec.jobPreparationTask?.waitForSuccess !== false;
    return waits && ran?.preparation.result === "failure" && ran.bootTime === node.lastBootTime;
  }

  /** Runs the release task on every node that is still there and ran the preparation, unless it ran before. */
  async release(job: JobRecord): Promise<void> {
    const task = job.spec.jobReleaseTask;
    if (task === undefined) return;
    await Promise.all(
      this.state.preparations.list(job.id).map(async (ran) => {
        const node = this.state.nodes.get(ran.poolId, ran.nodeId);
        if (node !== undefined && isUp(node) && ran.release === undefined)
          await this.runRelease(job, task, node, ran);
      }),
    );
  }

  /** Ends the preparations of a job. */
  stopJob(jobId: string): Promise<void> {
    return this.stopWhere((key) => key.startsWith(keyOf(jobId, "")));
  }

  /** Ends the preparations of a node. */
  stopNode(nodeId: string): Promise<void> {
    return this.stopWhere((key) => key.endsWith(keyOf("", nodeId)));
  }

  async stop(): Promise<void> {
    const releases = [...this.releases];
    for (const release of releases) release.stop();
    await Promise.all([this.stopWhere(() => true), ...releases.map((release) => release.ended)]);
  }

  private async stopWhere(which: (key: string) => boolean): Promise<void> {
    const chosen = [...this.running].filter(([key]) => which(key)).map(([, running]) => running);
    for (const { execution } of chosen) execution.stop();
    await Promise.all(chosen.map(({ done }) => done));
  }

  /** True where there is nothing left to run. One whose success nobody waits for runs once a boot, too. */
  private isReady(job: JobRecord, node: NodeRecord): boolean {
    const ran = this.state.preparations.get(job.id, node.id);
    if (ran?.preparation.state !== "completed") return false;
    const task = job.spec.jobPreparationTask;
    const succeeded = ran.preparation.result === "success";
    if (!succeeded && task?.waitForSuccess !== false) return false;
    const rerun = !succeeded || (task?.rerunOnNodeRebootAfterSuccess ?? true);
    return !rerun || ran.bootTime === node.lastBootTime;
  }

  private start(
    key: string,
    job: JobRecord,
    task: BatchServiceModels.JobPreparationTask,
    node: NodeRecord,
  ): { readonly execution: Execution; readonly done: Promise<boolean> } {
    const bootTime = node.lastBootTime ?? node.allocationTime;
    const record = (preparation: PreparationRecord["preparation"]): void =>
      this.state.preparations.put({
        jobId: job.id,
        poolId: node.poolId,
        nodeId: node.id,
        bootTime,
        preparation,
      });
    const execution = this.agents.run(
      node,
      preparationWork(job, task, this.agents.directories(node)),
      (info) => record({ ...info, state: "running" }),
    );
    const done = execution.ended.then(({ run, stopped }) => {
      this.running.delete(key);
      // A preparation that was cut short says nothing about the node: the next task that lands here runs it again.
      if (stopped) this.state.preparations.delete(job.id, node.id);
      else record({ ...run, state: "completed" });
      return !stopped && run.result === "success";
    });
    const shared = { execution, done };
    this.running.set(key, shared);
    return shared;
  }

  private async runRelease(
    job: JobRecord,
    task: BatchServiceModels.JobReleaseTask,
    node: NodeRecord,
    ran: PreparationRecord,
  ): Promise<void> {
    const execution = this.agents.run(node, releaseWork(job, task, this.agents.directories(node)), (info) =>
      this.state.preparations.put({ ...ran, release: { ...info, state: "running" } }),
    );
    this.releases.add(execution);
    const { run } = await execution.ended;
    this.releases.delete(execution);
    this.state.preparations.put({ ...ran, release: { ...run, state: "completed" } });
  }
}

const keyOf = (jobId: string, nodeId: string): string => `${jobId.toLowerCase()}/${nodeId}`;
