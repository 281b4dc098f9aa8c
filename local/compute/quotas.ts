/** Quotas of a Batch account: how many pools it may have, and how many dedicated cores their nodes together. */
import { poolQuotaReached } from "./failure";
import type { PoolRecord, ResizeError, State } from "./state";
import { vCpusOf } from "./vCpus";

/** As the account's resource names them (Microsoft.Batch, BatchAccountProperties); undefined is no limit. */
export interface QuotaLimits {
  readonly dedicatedCoreQuota?: number;
  readonly poolQuota?: number;
}

export class Quotas {
  constructor(
    private readonly state: State,
    private readonly limits: QuotaLimits,
  ) {}

  /** Throws PoolQuotaReached. A pool that is being deleted counts until it is gone. */
  checkPoolCount(): void {
    const { poolQuota = Infinity } = this.limits;
    if (this.state.pools.list().length >= poolQuota) throw poolQuotaReached(poolQuota);
  }

  /** How many more dedicated nodes of the pool's size fit. A size whose name does not tell its vCPUs counts none, here and in what is used. */
  dedicatedNodesLeft(pool: PoolRecord): number {
    const { dedicatedCoreQuota } = this.limits;
    const each = vCpusOf(pool.spec.vmSize) ?? 0;
    if (dedicatedCoreQuota === undefined || each === 0) return Infinity;
    return Math.max(0, Math.floor((dedicatedCoreQuota - this.coresInUse()) / each));
  }

  /** A node counts until it has left. */
  private coresInUse(): number {
    return this.state.pools
      .list()
      .flatMap((pool) => {
        const nodes = this.state.nodes.list(pool.id).filter((node) => node.isDedicated);
        return nodes.map(() => vCpusOf(pool.spec.vmSize) ?? 0);
      })
      .reduce((sum, cores) => sum + cores, 0);
  }
}

/** Code, words and the absence of values as operators report them (MicrosoftDocs/azure-docs#53298). */
export const coreQuotaReached: ResizeError = {
  code: "AccountCoreQuotaReached",
  message: "The specified account has reached core quota",
};

/** Batch .NET, PoolResizeErrorCodes.ResizeStopped: "The user stopped the resize operation." The wire's own words are not documented. */
export const resizeStopped: ResizeError = {
  code: "ResizeStopped",
  message: "The user stopped the resize operation.",
};
