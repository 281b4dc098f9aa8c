/** A Batch account on this machine: it puts the parts of compute together, starts them and stops them. */
import type { Blobs } from "../blobs";
import { Faults } from "../faults/faults";
import type { Store } from "../store";
import { AutoScaling } from "./autoScaling";
import { Files } from "./files";
import type { Identities } from "./identities";
import { JobActions } from "./jobActions";
import { JobDisabling } from "./jobDisabling";
import { Jobs } from "./jobs";
import { NodeAgents } from "./nodeAgents";
import { NodeRemoval } from "./nodeRemoval";
import { NodeScheduling } from "./nodeScheduling";
import { Nodes } from "./nodes";
import { openState } from "./openState";
import { PoolProperties } from "./poolProperties";
import { Pools } from "./pools";
import { Preemption } from "./preemption";
import { Preparations } from "./preparations";
import { type QuotaLimits, Quotas } from "./quotas";
import { type PoolSize, Resizes } from "./resizes";
import { Retention } from "./retention";
import { Scheduler } from "./scheduler";
import { type Deallocation, type PoolRecord, type PoolSpec, type State, type TaskRecord } from "./state";
import { TaskRuns } from "./taskRuns";
import { Tasks } from "./tasks";

/** Without quotas there is no limit. */
export interface BatchAccountOptions extends QuotaLimits {
  /** AZ_BATCH_ACCOUNT_NAME. */
  readonly name: string;
  /** AZ_BATCH_ACCOUNT_URL. */
  readonly url: string;
  /** The folder of the nodes' directories. */
  readonly root: string;
  readonly store: Store;
  readonly identities: Identities;
  readonly blobs: Blobs;
  /** How long allocating, creating and starting a node take together. */
  readonly nodeBootMs: number;
  /** How many times as fast as in Azure samples are taken and formulas evaluated: see AutoScaling. */
  readonly autoscaleSpeed: number;
  /** Faults on purpose; none when missing. */
  readonly faults?: Faults;
  /** What a process on a local node needs to be itself: PATH, CA bundles. */
  readonly taskEnvironment: Readonly<Record<string, string>>;
}

export class BatchAccount {
  readonly name: string;
  readonly pools: Pools;
  readonly autoScaling: AutoScaling;
  readonly nodes: Nodes;
  readonly nodeScheduling: NodeScheduling;
  readonly poolProperties: PoolProperties;
  readonly nodeRemoval: NodeRemoval;
  readonly jobs: Jobs;
  readonly jobDisabling: JobDisabling;
  readonly tasks: Tasks;
  readonly files: Files;
  readonly preparations: Preparations;
  readonly runs: TaskRuns;
  private readonly state: State;
  private readonly jobActions: JobActions;
  private readonly agents: NodeAgents;
  private readonly retention: Retention;
  private readonly resizes: Resizes;
  private readonly preemption: Preemption;
  private readonly scheduler: Scheduler;
  private stopping: Promise<void> | undefined;

  constructor(options: BatchAccountOptions) {
    const { name, url, root, store, identities, blobs, nodeBootMs, autoscaleSpeed, taskEnvironment } =
      options;
    const { faults = new Faults() } = options;
    const state = openState(store, name);
    this.state = state;
    const wake = (): void => this.scheduler.wake();
    const onEnd = (task: TaskRecord): void => this.jobActions.taskEnded(task);
    this.name = name;
    this.agents = new NodeAgents(state, {
      accountName: name,
      accountUrl: url,
      root,
      identities,
      blobs,
      taskEnvironment,
    });
    this.retention = new Retention(state, this.agents);
    this.preparations = new Preparations(state, this.agents);
    this.runs = new TaskRuns(state, this.agents, this.preparations, this.retention, onEnd, wake);
    this.nodes = new Nodes(
      state,
      this.agents,
      this.runs,
      this.preparations,
      this.retention,
      nodeBootMs,
      faults,
      wake,
    );
    this.nodeScheduling = new NodeScheduling(state, this.runs, this.preparations, wake);
    const quotas = new Quotas(state, options, faults);
    this.resizes = new Resizes(state, this.nodes, quotas, nodeBootMs);
    this.preemption = new Preemption(state, this.nodes, faults);
    this.autoScaling = new AutoScaling(state, this.resizes, autoscaleSpeed);
    this.pools = new Pools(state, this.nodes, this.resizes, this.autoScaling, quotas);
    this.poolProperties = new PoolProperties(state);
    this.nodeRemoval = new NodeRemoval(state, this.resizes);
    this.jobs = new Jobs(state, this.agents, this.runs, this.preparations, quotas, wake);
    this.jobDisabling = new JobDisabling(state, this.runs, this.preparations, wake);
    this.tasks = new Tasks(state, this.jobs, this.agents, this.runs, onEnd, wake);
    this.jobActions = new JobActions(state, this.jobs, this.jobDisabling);
    this.files = new Files(state, this.agents, this.nodes, this.tasks);
    this.scheduler = new Scheduler(state, {
      slotsInUse: (nodeId) => this.runs.slotsInUse(nodeId),
      tasksRunning: (jobId) => this.runs.tasksRunning(jobId),
      isClosed: (jobId, node) => this.preparations.isClosed(jobId, node),
      start: (task, node) => this.runs.start(task, node),
      review: () => {
        this.jobs.review();
        this.retention.review();
      },
    });
  }

  /** Boots the nodes of stored pools; tasks that ran when the last process ended wait again. */
  start(): void {
    this.tasks.start();
    this.retention.start();
    this.nodes.start();
    this.pools.start();
    this.resizes.start();
    this.autoScaling.start();
    this.preemption.start();
    this.jobs.start();
    this.jobDisabling.start();
    this.jobActions.start();
    this.scheduler.wake();
  }

  /** Resolves when all that was changed so far survives a crash; what tells of it has to wait for that. */
  written(): Promise<void> {
    return this.state.written();
  }

  /** Kills every task's process group and waits for it. Safe to call twice. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** Throws a BatchFailure: PoolExists, PoolBeingDeleted, PoolQuotaReached, InvalidPropertyValue, NotImplemented. */
  createPool(spec: PoolSpec): PoolRecord {
    return this.pools.create(spec);
  }

  getPool(id: string): PoolRecord | undefined {
    return this.pools.find(id);
  }

  /**
   * Full replacement. Throws a BatchFailure: PoolNotFound, PoolBeingDeleted, InvalidPropertyValue, NotImplemented, and PropertyCannotBeUpdated for
   * what only a pool without nodes allows, with the property's name and path in the management plane among its details. `deallocation` is for nodes
   * that have to leave (fixedScale.nodeDeallocationOption).
   */
  updatePool(spec: PoolSpec, deallocation: Deallocation = "requeue"): PoolRecord {
    return this.pools.update(spec, deallocation);
  }

  /** How many nodes the pool has and is meant to have. Throws a BatchFailure: PoolNotFound. */
  poolSize(id: string): PoolSize {
    return this.pools.sizeOf(this.pools.get(id));
  }

  /** Resolves when the pool is gone. Throws a BatchFailure: PoolNotFound, PoolBeingDeleted. */
  deletePool(id: string): Promise<void> {
    return this.pools.delete(id);
  }

  private async stopAll(): Promise<void> {
    this.scheduler.stop();
    this.retention.stop();
    this.autoScaling.stop();
    this.preemption.stop();
    const ended = [
      this.jobs.stop(),
      this.jobDisabling.stop(),
      this.nodes.stop(),
      this.resizes.stop(),
      this.pools.stop(),
      this.preparations.stop(),
      this.runs.stop(),
    ];
    await Promise.all(ended);
    await this.agents.stop();
    await this.written();
  }
}
