/** `job estimate`: what a run over what is new would take and cost. */
import { Option } from "commander";
import { exitCode } from "../../../worker/contract/exitCode";
import { UsageError } from "../../../worker/contract/runCommand";
import { autoscaleSettingsOf, mostSpotNodes } from "../../autoscale";
import type { PoolView } from "../batchViews";
import { connect } from "../clients";
import { estimateRun, measuredRate, statedRate, type PoolFacts, type Rate } from "../estimate";
import { estimateText } from "../estimateText";
import { lookAhead } from "../outlook";
import { ownPrices } from "../report/cost";
import { allRuns, type Run } from "../run";
import type { JobTarget } from "../target";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

interface EstimateOptions extends StackOption {
  /** Of one vCPU. */
  readonly imagesPerSecond?: number;
}

/** Later runs tell more of what is to come. */
const runsLookedAt = 5;

export const addEstimate: AddCommand = (program, environment) => {
  targetCommand(program, environment, "estimate", "say what a run over what is new would take and cost")
    .addOption(
      new Option(
        "--images-per-second <n>",
        "the speed of one vCPU, instead of that of the last runs",
      ).argParser(positive),
    )
    .action(
      action(async (options: EstimateOptions) => {
        const target = await targetOf(options, project);
        const clients = connect(target, note);
        const outlook = await lookAhead(target, clients, note);
        if (outlook.kind !== "listed") throw new Error(outlook.message);
        const pool = await clients.batch.getPool(target.poolId);
        if (pool === null)
          throw new Error(`There is no pool ${target.poolId}. Deploy the stack first: pulumi up`);
        const runs = options.imagesPerSecond === undefined ? await allRuns(clients.output) : [];
        const rate = rateOf(options, target, pool, runs);
        const estimate = estimateRun(outlook.todo, poolFacts(pool), rate, target.location, ownPrices());
        print(options, estimate, estimateText(estimate));
        return exitCode.ok;
      }),
    );
};

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`--images-per-second takes a number above 0, not ${text === "" ? "nothing" : text}.`);
}

/** Runs of another pool or another model tell nothing of this one's speed. */
function rateOf(
  { imagesPerSecond }: EstimateOptions,
  { poolId, layers }: JobTarget,
  { slotsPerNode }: PoolView,
  runs: readonly Run[],
): Rate {
  if (imagesPerSecond !== undefined)
    return { kind: "given", imagesPerSecondAndNode: imagesPerSecond * slotsPerNode };
  const reported = runs
    .filter((run) => run.poolId === poolId && run.layers.model === layers.model)
    .flatMap(({ outcome }) => outcome ?? [])
    .slice(0, runsLookedAt);
  return measuredRate(reported) ?? { kind: "stated", imagesPerSecondAndNode: statedRate * slotsPerNode };
}

function poolFacts({ vmSize, slotsPerNode, currentNodes, targetNodes, autoscale }: PoolView): PoolFacts {
  const nodesNow = Math.max(currentNodes, targetNodes);
  const settings = autoscaleSettingsOf(autoscale?.formula ?? "");
  return {
    ...{ vmSize, slotsPerNode, nodesNow },
    maxNodes: settings?.maxNodes ?? nodesNow,
    spotNodes: settings ? mostSpotNodes(settings) : 0,
    scales: autoscale !== null,
  };
}
