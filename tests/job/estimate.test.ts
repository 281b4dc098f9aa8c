import {
  estimateRun,
  leaveMinutes,
  measuredRate,
  startMinutes,
  type PoolFacts,
  type Rate,
} from "../../infra/job/estimate";
import { estimateText } from "../../infra/job/estimateText";
import type { Outcome } from "../../infra/job/run";
import { parsePrices } from "../../infra/prices/prices";

const prices = parsePrices(
  '{"asOf":"2026-01-02","currency":"EUR","hourly":{"japaneast":{"Standard_D2s_v3":0.6}}}',
  "f",
);
const pool: PoolFacts = {
  ...{ vmSize: "Standard_D2s_v3", slotsPerNode: 2, nodesNow: 0, maxNodes: 6, spotNodes: 0, scales: true },
};
const rate: Rate = { kind: "given", imagesPerSecondAndNode: 10 };
/** 60 shards of 400 images, each 80 s on one of two slots. */
const todo = { images: 24_000, bytes: 24e8 };
const estimate = (facts: Partial<PoolFacts> = {}, region: string | undefined = "Japan East") =>
  estimateRun(todo, { ...pool, ...facts }, rate, region, prices);

const outcome = (images: number, seconds: number, nodes: number): Outcome => ({
  images: { planned: images, done: images, failed: 0, notRun: 0 },
  ...{ detections: 0, byClass: {}, byFailure: {}, seconds, imagesPerSecond: images / seconds, nodes },
});

describe("an estimate", () => {
  it("counts shards as a submit would cut them, the time they take, and what nodes cost from their start until they go", () => {
    const { shards, rows } = estimate();
    const alone = rows[0]!;

    expect(shards).toBe(60);
    expect(alone.minutes).toBeCloseTo(startMinutes + 24_000 / 10 / 60);
    expect(alone.nodeHours).toBeCloseTo((alone.minutes + leaveMinutes) / 60);
    expect(alone.cost).toBeCloseTo(alone.nodeHours * 0.6);
  });

  it("is over 1, 2, 4 … nodes up to the most, and over more to show what they would bring", () => {
    const { rows } = estimate();

    expect(rows.map(({ nodes, isBeyond }) => [nodes, isBeyond])).toEqual([
      ...[1, 2, 4, 6].map((nodes) => [nodes, false]),
      ...[12, 24].map((nodes) => [nodes, true]),
    ]);
    const minutes = rows.map((row) => row.minutes);
    expect([...minutes].sort((a, b) => b - a)).toEqual(minutes);
  });

  it("knows that a shard is not done sooner by more nodes, and that a pool that scales asks for none without a task", () => {
    const few = { images: 100, bytes: 1e6 };
    const { shards, rows } = estimateRun(few, pool, rate, "japaneast", prices);

    expect(shards).toBe(2);
    expect(new Set(rows.map((row) => row.minutes)).size).toBe(1);
    expect(new Set(rows.map((row) => row.nodeHours)).size).toBe(1);
  });

  it("of nothing new is nothing", () => {
    const none = estimateRun({ images: 0, bytes: 0 }, pool, rate, "japaneast", prices);

    expect(none.rows.every(({ minutes, cost }) => minutes === 0 && cost === 0)).toBe(true);
    expect(estimateText(none)).toBe("Nothing is new: a submit would start no job, and cost nothing.");
  });

  it.each([
    ["a region", {}, "westeurope", "the table of prices does not have Standard_D2s_v3 in westeurope"],
    [
      "a size",
      { vmSize: "Standard_X1" },
      "japaneast",
      "the table of prices does not have Standard_X1 in japaneast",
    ],
  ])(
    "names %s that has no price and guesses none, and tells the time all the same",
    (_what, facts, region, gap) => {
      const unpriced = estimate(facts, region);

      expect(unpriced.gap).toBe(gap);
      expect(unpriced.rows.every(({ cost, minutes }) => cost === null && minutes > 0)).toBe(true);
      expect(estimateText(unpriced)).toContain(`Not priced: ${gap}.`);
      expect(estimateText(unpriced)).not.toContain("EUR");
    },
  );

  it("names what it assumes: Spot nodes, nodes that stand anyway", () => {
    expect(estimate({ spotNodes: 3 }).assumptions.join()).toContain("up to 3 of the nodes are Spot");
    expect(estimate({ scales: false }).assumptions.join()).toContain("billed without work, too");
    expect(estimateRun(todo, pool, rate, undefined, prices).gap).toContain("name no region");
  });

  it("is a table with the date of its prices", () => {
    const lines = estimateText(estimate()).split("\n");

    expect(lines[0]).toBe("24,000 images new (2.4 GB) in 60 shards, on nodes of Standard_D2s_v3");
    expect(lines).toContain("nodes  finished in  node-hours  cost (EUR)");
    expect(lines).toContain("    1       46 min        0.90        0.54");
    expect(lines.find((line) => line.startsWith("   12 "))).toContain("more than the pool may have");
    expect(lines).toContain("Prices of 2026-01-02, from infra/prices/prices.json.");
  });
});

describe("the speed of a node", () => {
  it("is what the last runs did by the time of their nodes, so that a long run counts for more than a short one", () => {
    expect(measuredRate([outcome(1000, 50, 2), outcome(10, 10, 1)])).toEqual({
      ...{ kind: "runs", runs: 2, images: 1010 },
      imagesPerSecondAndNode: 1010 / 110,
    });
  });

  it("is not known where no run was reported on, or Batch had forgotten its times", () => {
    expect(measuredRate([])).toBeNull();
    expect(measuredRate([{ ...outcome(1, 1, 1), seconds: null, imagesPerSecond: null }])).toBeNull();
  });
});
