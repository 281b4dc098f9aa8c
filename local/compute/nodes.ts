/** Nodes: each is a folder that boots, runs its pool's start task, takes tasks, reboots and leaves. */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Faults } from "../faults/faults";
import { removeFolder } from "../removal";
import type { Execution } from "./execution";
import { nodeNotFound, nodeNotInState } from "./failure";
import { Leaving } from "./leaving";
import type { NodeAgents } from "./nodeAgents";
import { rebootObstacle, stateUp } from "./nodeState";
import type { Preparations } from "./preparations";
import type { Retention } from "./retention";
import {
  type Deallocation,
  type NodeRecord,
  type NodeState,
  type PoolRecord,
  type State,
  timestamp,
} from "./state";
import type { TaskRuns } from "./taskRuns";
import { startTaskWork } from "./work";

/** A boot passes through three waits of equal length: allocation, creating, starting. */
export const bootPhases = 3;

/** In place of a start task that is to fail. */
const failingOnPurpose = `/bin/bash -c 'echo "The local cloud lets this start task fail on purpose." >&2; exit 1'`;

type StartTask = NonNullable<PoolRecord["spec"]["startTask"]>;

/** What is under way on a node that does not take tasks yet (or runs its start task beside them). */
interface Boot {
  readonly cancel: AbortController;
  startTask?: Execution;
  done: Promise<void>;
}

export class Nodes {
  private readonly boots = new Map<string, Boot>();
  private readonly leaving: Leaving;

  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
    private readonly runs: TaskRuns,
    private readonly preparations: Preparations,
    private readonly retention: Retention,
    private readonly nodeBootMs: number,
    private readonly faults: Faults,
    private readonly onChange: () => void,
  ) {
    this.leaving = new Leaving(state, runs, retention);
  }

  /** Throws NodeNotFound. */
  get(poolId: string, nodeId: string): NodeRecord {
    const node = this.state.nodes.get(poolId, nodeId);
    if (node === undefined) throw nodeNotFound(nodeId);
    return node;
  }

  /** A new node of a pool, which boots from now on. */
  allocate(pool: PoolRecord, isDedicated: boolean): void {
    const addresses = new Set(this.state.nodes.list().map((node) => node.ipAddress));
    const node: NodeRecord = {
      id: `tvmps_${randomBytes(32).toString("hex")}_${isDedicated ? "d" : "p"}`,
      poolId: pool.id,
      isDedicated,
      state: "creating",
      stateTransitionTime: timestamp(),
      allocationTime: timestamp(),
      ipAddress: freeAddress(addresses),
      totalTasksRun: 0,
      totalTasksSucceeded: 0,
      recentTasks: [],
    };
    this.state.nodes.put(node);
    this.boot(node, ["creating", "starting"]);
  }

  tasksOn(node: NodeRecord): number {
    return this.runs.tasksOn(node.id);
  }

  runsManager(node: NodeRecord): boolean {
    return this.runs.runsManager(node.id);
  }

  /** Boots the nodes that were there when the service stopped; those that were leaving go on with it. What still ran on them is ended first. */
  start(): void {
    const cleared = this.agents.start();
    for (const node of this.state.nodes.list()) {
      if (node.state === "leavingpool") {
        void this.remove(node);
        continue;
      }
      // At once: until it has booted, nothing may run on it.
      this.move(node, "starting");
      this.boot(node, ["starting"], cleared);
    }
  }

  /**
   * Restarts a node. Throws when it does not take tasks; a failed start task is no obstacle, a reboot is its remedy.
   * `option` says what becomes of its tasks (Batch REST: ComputeNodeRebootOption).
   */
  reboot(poolId: string, nodeId: string, option: string): void {
    const node = this.get(poolId, nodeId);
    const ends = option.toLowerCase();
    const obstacle = rebootObstacle(node.state);
    if (obstacle !== undefined) throw nodeNotInState(obstacle, nodeId, node.state);
    this.move(node, "rebooting");
    const boot = this.boots.get(nodeId);
    const reason = ends === "terminate" ? "terminate" : "requeue";
    const ready = this.untilReady(nodeId, ends);
    const halted = ready.then(() => this.halt(nodeId, boot, reason));
    this.boot(node, ["rebooting", "starting"], halted);
  }

  /**
   * Takes away a node that is up, as a cloud does that needs the machine elsewhere: its tasks wait again, its disk is lost, and when it was away for
   * so long it comes back under its id (Azure Batch: Spot nodes; here: dedicated ones too).
   */
  preempt(node: NodeRecord, awayMs: number): void {
    this.move(node, "preempted");
    const boot = this.boots.get(node.id);
    const lost = this.halt(node.id, boot, "requeue").then(async () => {
      await boot?.done;
      for (const ran of this.state.preparations.list())
        if (ran.nodeId === node.id) this.state.preparations.delete(ran.jobId, ran.nodeId);
      await this.agents.remove(node);
    });
    this.boot(node, ["preempted", "creating", "starting"], lost, awayMs);
  }

  /** Gives a node back: its tasks end as `deallocation` says, its folder goes. True when it is gone; see Leaving for when it stays. */
  remove(node: NodeRecord, deallocation: Deallocation = "requeue", keep?: AbortSignal): Promise<boolean> {
    return this.leaving.begin(node, deallocation, keep, async (reason) => {
      await this.halt(node.id, this.boots.get(node.id), reason);
      await this.boots.get(node.id)?.done;
      this.boots.delete(node.id);
      await this.agents.remove(node);
      this.state.nodes.delete(node.poolId, node.id);
      this.onChange();
    });
  }

  async stop(): Promise<void> {
    for (const boot of this.boots.values()) {
      boot.cancel.abort();
      boot.startTask?.stop();
    }
    await Promise.all([...[...this.boots.values()].map((boot) => boot.done), this.leaving.stop()]);
  }

  /** What a reboot waits for before it begins. */
  private async untilReady(nodeId: string, option: string): Promise<void> {
    if (option === "taskcompletion" || option === "retaineddata") await this.runs.untilIdle(nodeId);
    if (option === "retaineddata") await this.retention.untilCleanedUp(nodeId);
  }

  /** Ends everything that runs on the node: what is left of this boot, and its tasks. */
  private async halt(nodeId: string, boot: Boot | undefined, reason: "requeue" | "terminate"): Promise<void> {
    boot?.cancel.abort();
    boot?.startTask?.stop();
    await Promise.all([this.preparations.stopNode(nodeId), this.runs.stopNode(nodeId, reason)]);
  }

  private boot(
    node: NodeRecord,
    phases: readonly NodeState[],
    after: Promise<void> = Promise.resolve(),
    awayMs = 0,
  ): void {
    const previous = this.boots.get(node.id)?.done;
    const boot: Boot = { cancel: new AbortController(), done: Promise.resolve() };
    this.boots.set(node.id, boot);
    const previousEnded = Promise.all([previous, after]);
    boot.done = this.performBoot(node, phases, boot, previousEnded, awayMs).catch((error: unknown) => {
      if (!boot.cancel.signal.aborted) this.breakDown(node, error);
    });
  }

  private async performBoot(
    node: NodeRecord,
    phases: readonly NodeState[],
    boot: Boot,
    after: Promise<unknown>,
    awayMs: number,
  ): Promise<void> {
    const { signal } = boot.cancel;
    await after;
    const phaseMs = (this.nodeBootMs + this.faults.bootDelayMs()) / bootPhases;
    for (const phase of phases) {
      signal.throwIfAborted();
      this.move(node, phase);
      await pause(phase === "preempted" ? awayMs : phaseMs, undefined, { signal });
    }
    await this.agents.boot(node);
    signal.throwIfAborted();
    const startTask = this.state.pools.get(node.poolId)?.spec.startTask;
    this.change(node, (now) => ({
      ...now,
      lastBootTime: timestamp(),
      startTask,
      startTaskInfo: undefined,
    }));
    if (startTask === undefined) {
      this.takeTasks(node);
      return;
    }
    const waits = startTask.waitForSuccess !== false;
    if (waits) this.move(node, "waitingforstarttask");
    else this.takeTasks(node);
    const succeeded = await this.runStartTask(node, boot, startTask);
    if (signal.aborted || !waits) return;
    if (succeeded) this.takeTasks(node);
    else this.move(node, "starttaskfailed");
  }

  /** Each run finds an empty working directory (Azure Batch: "a start task's working directory is deleted and created anew"). */
  private async runStartTask(node: NodeRecord, boot: Boot, startTask: StartTask): Promise<boolean> {
    const directories = this.agents.directories(node);
    await removeFolder(directories.startup.path);
    boot.cancel.signal.throwIfAborted();
    const work = startTaskWork(startTask, directories);
    const told = this.faults.failsStartTask() ? { ...work, commandLine: failingOnPurpose } : work;
    boot.startTask = this.agents.run(node, told, (info) =>
      this.change(node, (now) => ({ ...now, startTaskInfo: { ...info, state: "running" } })),
    );
    const { stopped, run } = await boot.startTask.ended;
    if (stopped) return false;
    this.change(node, (now) => ({ ...now, startTaskInfo: { ...run, state: "completed" } }));
    return run.result === "success";
  }

  /** The machine itself does not work: it stays, for its errors to be read, until it is removed. */
  private breakDown(node: NodeRecord, error: unknown): void {
    const errors = [{ code: "NodePreparationError", message: String(error) }];
    this.change(node, (now) => ({ ...now, state: "unusable", stateTransitionTime: timestamp(), errors }));
  }

  private takeTasks(node: NodeRecord): void {
    this.change(node, (now) => ({ ...now, state: stateUp(now, 0), stateTransitionTime: timestamp() }));
    this.onChange();
  }

  private move(node: NodeRecord, state: NodeState): void {
    this.change(node, (now) => ({ ...now, state, stateTransitionTime: timestamp() }));
  }

  private change(node: NodeRecord, next: (now: NodeRecord) => NodeRecord): void {
    const now = this.state.nodes.get(node.poolId, node.id);
    if (now !== undefined) this.state.nodes.put(next(now));
  }
}

/** Shown, never used: all nodes are this machine. Starts where Azure starts. */
function freeAddress(taken: ReadonlySet<string>): string {
  for (let host = 4; ; host += 1) {
    const address = `10.0.${host >> 8}.${host & 255}`;
    if (!taken.has(address)) return address;
  }
}
