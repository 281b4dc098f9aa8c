/** Quotas of a Batch account: how many pools it may have, how many cores their nodes together, and how many jobs may be active. */
import type { Faults } from "../faults/faults";
import { activeJobQuotaReached, poolQuotaReached } from "./failure";
import { isLive } from "./jobState";
import type { PoolRecord, ResizeError, State } from "./state";
import { vCpusOf } from "./vCpus";

/** As the account's resource names them (Microsoft.Batch, BatchAccountProperties); undefined is no limit. */
export interface QuotaLimits {
  readonly dedicatedCoreQuota?: number;
  readonly lowPriorityCoreQuota?: number;
  readonly activeJobAndJobScheduleQuota?: number;
  readonly poolQuota?: number;
}

export class Quotas {
  constructor(
    private readonly state: State,
    private readonly limits: QuotaLimits,
    private readonly faults: Faults,
  ) {}

  /** Throws PoolQuotaReached. A pool that is being deleted counts until it is gone. */
  checkPoolCount(): void {
    const { poolQuota = Infinity } = this.limits;
    if (this.state.pools.list().length >= poolQuota) throw poolQuotaReached(poolQuota);
  }

  /** Throws ActiveJobAndScheduleQuotaReached. A job counts until it ends (Azure Batch: "active jobs"). */
  checkJobCount(): void {
    const { activeJobAndJobScheduleQuota: quota = Infinity } = this.limits;
    if (quota !== Infinity && this.state.jobs.list().filter(isLive).length >= quota)
      throw activeJobQuotaReached(quota);
  }

  /** How many of these new nodes the pool may have. A size whose name does not tell its vCPUs counts none, here and in what is used. */
  grant(pool: PoolRecord, isDedicated: boolean, nodes: number): number {
    const own = (isDedicated ? this.limits.dedicatedCoreQuota : this.limits.lowPriorityCoreQuota) ?? Infinity;
    const each = vCpusOf(pool.spec.vmSize) ?? 0;
    if (each === 0) return nodes;
    const fitting = (quota: number): number =>
      quota === Infinity ? nodes : Math.max(0, Math.floor((quota - this.coresInUse(isDedicated)) / each));
    const granted = Math.min(nodes, fitting(this.faults.coreQuota(isDedicated, own)));
    if (granted < Math.min(nodes, fitting(own))) this.faults.quotaReached();
    return granted;
  }

  /** A node counts until it has left. */
  private coresInUse(isDedicated: boolean): number {
    return this.state.pools
      .list()
      .flatMap((pool) => {
        const nodes = this.state.nodes.list(pool.id).filter((node) => node.isDedicated === isDedicated);
        return nodes.map(() => vCpusOf(pool.spec.vmSize) ?? 0);
      })
      .reduce((sum, cores) => sum + cores, 0);
  }
}

/** All nodes are this machine: beyond so many of an account it would be busy with nothing but their folders. No limit of Azure's. */
export const mostNodes = 1000;

/** The code is the reference's (Batch .NET, PoolResizeErrorCodes); the words are this cloud's own. */
export const machineFull: ResizeError = {
  code: "AllocationFailed",
  message: `The local cloud has no room for more than ${mostNodes} nodes of an account`,
};

/** Code, words and the absence of values as operators report them (MicrosoftDocs/azure-docs#53298). */
export const coreQuotaReached: ResizeError = {
  code: "AccountCoreQuotaReached",
  message: "The specified account has reached core quota",
};

/** The code is the reference's (Batch .NET, PoolResizeErrorCodes); the words follow those of the dedicated cores. */
export const lowPriorityCoreQuotaReached: ResizeError = {
  code: "AccountLowPriorityCoreQuotaReached",
  message: "The specified account has reached low-priority core quota",
};

/** Batch .NET, PoolResizeErrorCodes.ResizeStopped: "The user stopped the resize operation." The wire's own words are not documented. */
export const resizeStopped: ResizeError = {
  code: "ResizeStopped",
  message: "The user stopped the resize operation.",
};
