import { autoscaleFormula, autoscaleSettingsOf, mostSpotNodes } from "../../infra/autoscale";

it("asks for as many nodes as the tasks need, between the bounds", () => {
  expect(autoscaleFormula({ minNodes: 1, maxNodes: 20, spotShare: 0 })).toBe(
    `minNodes = 1;
maxNodes = 20;
spotShare = 0;
slots = $TaskSlotsPerNode;
window = 180 * TimeInterval_Second;
newest = max(0, $PendingTasks.GetSample(1));
sampled = $PendingTasks.GetSamplePercent(window);
pending = sampled < 70 ? newest : max(newest, avg($PendingTasks.GetSample(window)));
wanted = max(minNodes, min(maxNodes, (pending + slots - 1) / slots));
$TargetDedicatedNodes = wanted;
$TargetLowPriorityNodes = 0;
$NodeDeallocationOption = taskcompletion;`,
  );
});

it("splits whole nodes above the dedicated floor where some are to be Spot", () => {
  const formula = autoscaleFormula({ minNodes: 1, maxNodes: 7, spotShare: 0.5 });

  expect(formula.slice(formula.indexOf("wanted ="))).toBe(
    `wanted = max(minNodes, min(maxNodes, (pending + slots - 1) / slots));
nodes = 0;
nodes = nodes + (wanted - nodes >= 4 ? 4 : 0);
nodes = nodes + (wanted - nodes >= 2 ? 2 : 0);
nodes = nodes + (wanted - nodes >= 1 ? 1 : 0);
shared = (nodes - minNodes) * spotShare;
spot = 0;
spot = spot + (shared - spot >= 2 ? 2 : 0);
spot = spot + (shared - spot >= 1 ? 1 : 0);
$TargetDedicatedNodes = max(minNodes, nodes - spot);
$TargetLowPriorityNodes = spot;
$NodeDeallocationOption = taskcompletion;`,
  );
});

it("stays within what Batch accepts: 8 KB and 100 statements", () => {
  const formula = autoscaleFormula({ minNodes: 0, maxNodes: 100, spotShare: 1 });

  expect(Buffer.byteLength(formula)).toBeLessThan(8192);
  expect(formula.split(";").length).toBeLessThan(100);
});

it("holds no time of its making, which would make a diff of every deploy", () => {
  const settings = { minNodes: 0, maxNodes: 4, spotShare: 0.3 };

  expect(autoscaleFormula(settings)).toBe(autoscaleFormula(settings));
  expect(autoscaleFormula(settings)).not.toMatch(/time\(|20\d\d/);
});

it("says its settings to who reads it; one of an earlier version has no Spot nodes", () => {
  const settings = { minNodes: 2, maxNodes: 40, spotShare: 0.75 };

  expect(autoscaleSettingsOf(autoscaleFormula(settings))).toEqual(settings);
  expect(autoscaleSettingsOf("minNodes = 0;\nmaxNodes = 4;\nwanted = 1;")).toEqual({
    minNodes: 0,
    maxNodes: 4,
    spotShare: 0,
  });
  expect(autoscaleSettingsOf("$TargetDedicatedNodes = 4;")).toBeUndefined();
});

it("has as many Spot nodes at the most as are whole nodes of the share", () => {
  expect(mostSpotNodes({ minNodes: 1, maxNodes: 10, spotShare: 0.5 })).toBe(4);
  expect(mostSpotNodes({ minNodes: 4, maxNodes: 4, spotShare: 1 })).toBe(0);
});
