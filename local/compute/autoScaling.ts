/**
 * Pools that scale by a formula. Such a pool has samples taken and its formula evaluated from the moment it gets one: at once, and at each end of
 * its interval; nothing else, such as a new task, makes an evaluation (Azure Batch). What the formula decides is the pool's target from then on, and
 * the pool resizes to it; where it cannot be evaluated, the pool stays as it is and `autoScaleRun.error` says why.
 *
 * `speed`: Azure's shortest interval is long for who tries something. Here everything that has to do with formulas goes so many times as fast:
 * samples come sooner and are that much older to a formula, and intervals are that much shorter. Only `time()` is the clock's.
 */
import type { BatchServiceModels } from "@azure/batch";
import { countsOf } from "./autoscale/counts";
import type { Circumstances, Targets } from "./autoscale/evaluate";
import { type Evaluation, evaluateFormula } from "./autoscale/formula";
import { SampleHistory } from "./autoscale/history";
import { checkFormulaLength, defaultInterval } from "./autoscale/requirements";
import { samplePeriodMs } from "./autoscale/samples";
import { after, durationMs } from "./duration";
import {
  invalidAutoScalingSettings,
  poolBeingResized,
  poolNotScaling,
  tooManyEnableAutoScaleRequests,
} from "./failure";
import { activePool } from "./poolState";
import { checkPool } from "./requirements";
import type { Resizes } from "./resizes";
import { type AutoScaleRun, type PoolRecord, type PoolSpec, type State, timestamp } from "./state";

/** Batch REST, Pool_EnableAutoScale. */
const betweenEnablesMs = 30_000;

interface Watch {
  readonly history: SampleHistory;
  readonly sampling: NodeJS.Timeout;
  /** Of the next evaluation. */
  cancel: () => void;
}

export class AutoScaling {
  private readonly watches = new Map<string, Watch>();
  /** When each pool was enabled last, by a request. */
  private readonly enabledMs = new Map<string, number>();

  constructor(
    private readonly state: State,
    private readonly resizes: Resizes,
    private readonly speed: number,
  ) {}

  /** Samples begin anew; the first evaluation is an interval away, when there are enough. */
  start(): void {
    for (const pool of this.state.pools.list())
      if (pool.state === "active" && pool.spec.enableAutoScale === true) this.schedule(pool);
  }

  stop(): void {
    for (const id of [...this.watches.keys()]) this.forget(id);
  }

  /** For a pool that has got its formula: the pool as its first evaluation leaves it. */
  begin(pool: PoolRecord): PoolRecord {
    this.enabledMs.delete(keyOf(pool.id));
    this.schedule(pool);
    return this.run(pool);
  }

  /** What the management plane made of a pool with a formula; nothing is evaluated where the formula is the same. */
  update(before: PoolRecord, updated: PoolRecord): PoolRecord {
    const pool: PoolRecord = { ...updated, autoScaleTargets: this.targetsOf(before) };
    this.state.pools.put(pool);
    if (before.spec.enableAutoScale !== true || intervalMsOf(before.spec) !== intervalMsOf(pool.spec))
      this.schedule(pool);
    return before.spec.autoScaleFormula === pool.spec.autoScaleFormula ? pool : this.run(pool);
  }

  /** A pool without a formula, or none any more, is left alone. */
  forget(poolId: string): void {
    const watch = this.watches.get(keyOf(poolId));
    if (watch === undefined) return;
    this.watches.delete(keyOf(poolId));
    clearInterval(watch.sampling);
    watch.cancel();
  }

  /**
   * Gives a pool a formula, or one that has one another formula or interval. A new interval begins now. Throws PoolBeingResized,
   * InvalidAutoScalingSettings, TooManyEnableAutoScaleRequests and what is wrong with formula and interval.
   */
  enable(id: string, given: BatchServiceModels.PoolEnableAutoScaleParameter): PoolRecord {
    const pool = activePool(this.state, id);
    const { autoScaleFormula = pool.spec.autoScaleFormula, autoScaleEvaluationInterval: interval } = given;
    if (autoScaleFormula === undefined)
      throw invalidAutoScalingSettings("A pool that does not scale automatically needs a formula.");
    if (given.autoScaleFormula === undefined && interval === undefined)
      throw invalidAutoScalingSettings("A formula, an evaluation interval or both are needed.");
    const spec: PoolSpec = {
      ...pool.spec,
      enableAutoScale: true,
      autoScaleFormula,
      autoScaleEvaluationInterval: interval ?? pool.spec.autoScaleEvaluationInterval,
      targetDedicatedNodes: undefined,
      targetLowPriorityNodes: undefined,
    };
    checkPool(spec);
    const sinceMs = (Date.now() - (this.enabledMs.get(keyOf(id)) ?? -Infinity)) * this.speed;
    if (sinceMs < betweenEnablesMs) throw tooManyEnableAutoScaleRequests(id);
    if (pool.allocationState !== "steady") throw poolBeingResized(id);
    this.enabledMs.set(keyOf(id), Date.now());
    const enabled = { ...pool, spec, autoScaleTargets: this.targetsOf(pool), lastModified: timestamp() };
    if (pool.spec.enableAutoScale !== true || interval !== undefined) this.schedule(enabled);
    return this.run(enabled);
  }

  /** The pool keeps its target, which is a fixed number from now on; a pool that has one already does not change. */
  disable(id: string): PoolRecord {
    const pool = activePool(this.state, id);
    if (pool.spec.enableAutoScale !== true) return pool;
    this.forget(id);
    const spec: PoolSpec = {
      ...pool.spec,
      enableAutoScale: false,
      autoScaleFormula: undefined,
      autoScaleEvaluationInterval: undefined,
      ...this.targetsOf(pool),
    };
    const fixed: PoolRecord = { ...pool, spec, lastModified: timestamp(), ...noFormula };
    this.state.pools.put(fixed);
    return fixed;
  }

  /** What a formula would decide now; nothing comes of it. Throws for a pool without one, and AutoScalingFormulaTooLong. */
  evaluate(id: string, formula: string): AutoScaleRun {
    const pool = activePool(this.state, id);
    if (pool.spec.enableAutoScale !== true) throw poolNotScaling(id);
    checkFormulaLength(formula);
    return runOf(evaluateFormula(formula, this.circumstancesOf(pool)));
  }

  /** Evaluates and applies. A pool that is not at its target, for want of quota, tries again. */
  private run(pool: PoolRecord): PoolRecord {
    const before = this.targetsOf(pool);
    const evaluation = evaluateFormula(pool.spec.autoScaleFormula ?? "", this.circumstancesOf(pool));
    const { targetDedicatedNodes, targetLowPriorityNodes, deallocation, error } = evaluation;
    const isAsBefore =
      before.targetDedicatedNodes === targetDedicatedNodes &&
      before.targetLowPriorityNodes === targetLowPriorityNodes;
    const evaluated: PoolRecord = {
      ...pool,
      autoScaleRun: runOf(evaluation),
      autoScaleTargets: { targetDedicatedNodes, targetLowPriorityNodes },
      lastModified: isAsBefore ? pool.lastModified : timestamp(),
    };
    this.state.pools.put(evaluated);
    return error === undefined ? this.resizes.pursue(evaluated, before, deallocation) : evaluated;
  }

  private circumstancesOf(pool: PoolRecord): Circumstances {
    const nowMs = Date.now();
    const history = this.watches.get(keyOf(pool.id))?.history ?? new SampleHistory(this.speed);
    return {
      nowMs,
      random: Math.random,
      targets: this.targetsOf(pool),
      samples: history.at(nowMs, countsOf(this.state, pool)),
    };
  }

  private targetsOf(pool: PoolRecord): Targets {
    const { targetDedicatedNodes, targetLowPriorityNodes } = this.resizes.sizeOf(pool);
    return { targetDedicatedNodes, targetLowPriorityNodes };
  }

  /** A schedule that begins now; samples taken so far stay. */
  private schedule(pool: PoolRecord): void {
    const intervalMs = intervalMsOf(pool.spec) / this.speed;
    const watch = this.watches.get(keyOf(pool.id)) ?? this.watch(pool);
    watch.cancel();
    const next = (): void => {
      watch.cancel = after(intervalMs, () => {
        next();
        const now = this.state.pools.get(pool.id);
        if (now?.state === "active") this.run(now);
      });
    };
    next();
  }

  private watch(pool: PoolRecord): Watch {
    const history = new SampleHistory(this.speed);
    const sample = (): void => {
      const now = this.state.pools.get(pool.id);
      if (now !== undefined) history.add(Date.now(), countsOf(this.state, now));
    };
    const sampling = setInterval(sample, samplePeriodMs / this.speed);
    sampling.unref();
    sample();
    const watch: Watch = { history, sampling, cancel: () => undefined };
    this.watches.set(keyOf(pool.id), watch);
    return watch;
  }
}

function runOf({ results, error }: Evaluation): AutoScaleRun {
  return { timestamp: timestamp(), results, ...(error && { error }) };
}

function intervalMsOf(spec: PoolSpec): number {
  return durationMs(spec.autoScaleEvaluationInterval ?? defaultInterval) ?? Infinity;
}

/** What a pool of a fixed size does not have. */
export const noFormula = { autoScaleRun: undefined, autoScaleTargets: undefined };

const keyOf = (poolId: string): string => poolId.toLowerCase();
