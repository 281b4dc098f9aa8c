import { autoscaleFormula } from "../../../infra/autoscale";
import { formulaFloor } from "../../../infra/policy/formulaFloor";
import { judged } from "./judged";

describe("a pool", () => {
  const rule = (scaleSettings: object) => judged("pool-reaches-zero", "batch:Pool", { scaleSettings });

  it("costs nothing while idle when it has no fixed nodes", () => {
    expect(rule({ fixedScale: { targetDedicatedNodes: 0, targetLowPriorityNodes: 0 } })).toEqual([]);
    expect(rule({ fixedScale: { targetDedicatedNodes: 1, targetLowPriorityNodes: 2 } })).toEqual([
      "The pool keeps 3 nodes when there is nothing to do",
    ]);
  });

  it("costs nothing while idle when its formula goes down to no node", () => {
    const auto = (minNodes: number, spotShare = 0) =>
      rule({ autoScale: { formula: autoscaleFormula({ minNodes, maxNodes: 40, spotShare }) } });

    expect(auto(0)).toEqual([]);
    expect(auto(0, 0.5)).toEqual([]);
    expect(auto(2, 0.5)).toEqual(["The pool's formula never asks for fewer than 2 nodes"]);
    expect(auto(1)).toEqual(["The pool's formula never asks for fewer than 1 node"]);
  });

  it("says so when its formula cannot be read", () => {
    expect(rule({ autoScale: { formula: "$TargetDedicatedNodes = what ever" } })).toEqual([
      "Whether the pool can have no nodes could not be read from its formula",
    ]);
  });
});

describe("the floor of a formula", () => {
  it.each([
    ["a number", "$TargetDedicatedNodes = 4;", 4],
    ["both kinds of nodes", "$TargetDedicatedNodes = 1; $TargetLowPriorityNodes = 2", 3],
    ["the older names", "$TargetDedicated = 2;", 2],
    ["a cap, which is no floor", "$TargetDedicatedNodes = min(9, $PendingTasks.GetSample(1));", 0],
    ["a floor by max", "a = 3; $TargetDedicatedNodes = max(a - 1, avg($ActiveTasks.GetSample(5)));", 2],
    ["two branches", "$TargetDedicatedNodes = $PendingTasks.GetSample(1) > 0 ? 8 : 1;", 1],
    ["a branch to zero", "h = time().hour; $TargetDedicatedNodes = h >= 8 && h < 20 ? 8 : 0;", 0],
    ["arithmetic with its precedence", "$TargetDedicatedNodes = 1 + 2 * 3 - 8 / 4;", 5],
    ["a fraction, which Azure drops", "$TargetDedicatedNodes = 1 / 2;", 0],
    ["less than nothing", "$TargetDedicatedNodes = -(2);", 0],
    ["a variable that is set again", "n = 5; n = n - 5; $TargetDedicatedNodes = n;", 0],
    ["the nodes there are", "$TargetDedicatedNodes = max(1, $TargetDedicatedNodes - 1);", 1],
    ["a division by what may be zero", "$TargetDedicatedNodes = max(2, 9 / $TaskSlotsPerNode);", 2],
    ["remarks", "// night shift\n$TargetDedicatedNodes = 2; /* no\nmore */", 2],
    ["other outputs and texts", '$NodeDeallocationOption = requeue; t = time() - time("2026-01-01"); ', 0],
    [
      "an interval of time",
      "$TargetDedicatedNodes = 1 + avg($PendingTasks.GetSample(5 * TimeInterval_Minute, 60));",
      1,
    ],
  ])("is read from %s", (_what, formula, floor) => {
    expect(formulaFloor(formula)).toBe(floor);
  });

  it.each([
    "$TargetDedicatedNodes = ;",
    "$TargetDedicatedNodes 4",
    "x = (1;",
    "x = 1 2;",
    "x = #;",
    "x = max(1",
  ])("is not guessed from %j", (formula) => {
    expect(formulaFloor(formula)).toBeUndefined();
  });
});
