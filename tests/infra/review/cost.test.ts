import { readFileSync } from "node:fs";
import { join } from "node:path";
import { autoscaleFormula } from "../../../infra/autoscale";
import { hourlyPrice, parsePrices } from "../../../infra/prices/prices";
import { estimate } from "../../../infra/review/cost";
import { nodesOf, spotNodesOf } from "../../../infra/review/nodes";
import { vCpusOf } from "../../../infra/vmSize";
import { project } from "../../support/command";
import { auto, fixed, preview, step } from "./steps";

const file = join(project, "infra/prices/prices.json");
const own = parsePrices(readFileSync(file, "utf8"), file);
const prices = parsePrices(
  JSON.stringify({
    asOf: "2026-01-02",
    currency: "EUR",
    hourly: {
      japaneast: { Standard_D2s_v3: 0.25, Standard_D4s_v3: 0.5 },
      "West Europe": { standard_d2s_V3: 0.5 },
    },
  }),
  "f",
);
const none = { kind: "unseen" };

describe("nodes", () => {
  it("stand and may stand as the formula of the program says", () => {
    const formula = autoscaleFormula({ minNodes: 1, maxNodes: 7, spotShare: 0.5 });
    const pool = { scaleSettings: { autoScale: { formula } } };

    expect(nodesOf(pool)).toEqual({ idle: 1, ceiling: 7 });
    expect(spotNodesOf(pool)).toBe(3);
    expect(spotNodesOf(auto(1, 7))).toBe(0);
  });

  it("are not guessed from another formula, or from none", () => {
    expect(
      nodesOf({ scaleSettings: { autoScale: { formula: "$TargetDedicatedNodes = 4;" } } }),
    ).toBeUndefined();
    expect(nodesOf({})).toBeUndefined();
  });
});

describe("the estimate", () => {
  it("is what stands idle for a day and what runs at the ceiling for an hour, before and after", () => {
    const { before, after, gaps, currency, pricesAsOf } = estimate(
      preview([step("pool", { before: fixed(2), after: auto(1, 5) })]),
      prices,
    );

    expect(before).toEqual({
      kind: "seen",
      nodes: { idle: 2, ceiling: 2 },
      cost: { idlePerDay: 12, ceilingPerHour: 0.5 },
    });
    expect(after).toMatchObject({ nodes: { idle: 1, ceiling: 5 }, cost: { ceilingPerHour: 1.25 } });
    expect([gaps, currency, pricesAsOf]).toEqual([[], "EUR", "2026-01-02"]);
  });

  it("counts nothing before a pool is made, and nothing after it is deleted", () => {
    const nothing = { nodes: { idle: 0, ceiling: 0 }, cost: { idlePerDay: 0, ceilingPerHour: 0 } };

    expect(estimate(preview([step("pool", { after: fixed(2) })]), prices).before).toMatchObject(nothing);
    expect(estimate(preview([step("pool", { before: fixed(2) })]), prices).after).toMatchObject(nothing);
  });

  it("says that it does not see the pool where the preview leaves out what stays as it is", () => {
    expect(estimate(preview([]), prices)).toMatchObject({ before: none, after: none, gaps: [] });
  });

  it("follows the account into another region, in any spelling", () => {
    const steps = [
      step("batch", { op: "replace", before: { location: "japaneast" }, after: { location: "westeurope" } }),
      step("pool", { op: "replace", before: fixed(1), after: fixed(1) }),
    ];
    const { before, after } = estimate(preview(steps), prices);

    expect([before, after]).toMatchObject([
      { cost: { ceilingPerHour: 0.25 } },
      { cost: { ceilingPerHour: 0.5 } },
    ]);
  });

  it.each([
    [
      "a size that is not in the table",
      { ...fixed(1), vmSize: "Standard_D16s_v9" },
      "Standard_D16s_v9 in japaneast, which the table",
    ],
    [
      "a size that is not known yet",
      { ...fixed(1), vmSize: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      "size or region is not known yet",
    ],
    [
      "Spot nodes of a formula",
      {
        ...fixed(1),
        scaleSettings: {
          autoScale: { formula: autoscaleFormula({ minNodes: 0, maxNodes: 4, spotShare: 1 }) },
        },
      },
      "4 Spot nodes of pool, whose price floats",
    ],
    ["Spot nodes", fixed(1, { targetLowPriorityNodes: 3 }), "3 Spot nodes of pool, whose price floats"],
    [
      "a formula of somebody else",
      { ...fixed(1), scaleSettings: { autoScale: { formula: "x" } } },
      "the nodes of pool, whose scale",
    ],
  ])("names %s and does not guess", (_what, after, gap) => {
    const estimated = estimate(preview([step("pool", { before: fixed(1), after })]), prices);

    expect(estimated.after).toMatchObject({ cost: null });
    expect(estimated.before).toMatchObject({ cost: { ceilingPerHour: 0.25 } });
    expect(estimated.gaps).toEqual([expect.stringContaining(gap)]);
  });
});

describe("a table of prices", () => {
  it("of ours is dated, says where it is from and that it must be checked", () => {
    expect(own.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(own.note).toContain("Check them");
    expect(own.source).toContain("generated 2023-12-18");
  });

  // Azure's Linux prices of a family grow with its vCPUs; a price of Windows among them, which is dearer by the vCPU, would stand out.
  it("of ours has in each family and region one price a vCPU", () => {
    for (const sizes of Object.values(own.hourly)) {
      const perVCpu = new Map<string, number>();
      for (const [size, price] of Object.entries(sizes)) {
        const family = size.replace(/\d+/, "");
        const each = price / vCpusOf(size)!;
        expect(each / (perVCpu.get(family) ?? each)).toBeCloseTo(1, 1.7);
        perVCpu.set(family, each);
      }
      expect(perVCpu.size).toBe(5);
    }
  });

  it("of ours knows the program's default size in both regions, and guesses no other", () => {
    expect(hourlyPrice(own, "japaneast", "Standard_D2s_v3")).toBe(0.129);
    expect(hourlyPrice(own, "East US", "standard_d2s_v3")).toBe(0.096);
    expect(hourlyPrice(own, "westeurope", "Standard_D2s_v3")).toBeUndefined();
  });

  it.each([
    ["no JSON", "{", "f is not JSON"],
    ["no date", '{"currency":"USD","hourly":{}}', "asOf"],
    ["a price below nothing", '{"asOf":"2026-01-01","currency":"USD","hourly":{"r":{"s":-1}}}', "hourly.r.s"],
    ["a misspelt member", '{"asOf":"2026-01-01","currency":"USD","hourly":{},"hourli":{}}', "hourli"],
  ])("is refused with %s", (_what, text, message) => {
    expect(() => parsePrices(text, "f")).toThrow(message);
  });
});
