import { autoscaleFormula } from "../../infra/autoscale";

it("asks for as many nodes as the tasks need, between the bounds", () => {
  expect(autoscaleFormula({ minNodes: 1, maxNodes: 20 })).toBe(
    `minNodes = 1;
maxNodes = 20;
slots = $TaskSlotsPerNode;
window = 180 * TimeInterval_Second;
newest = max(0, $PendingTasks.GetSample(1));
sampled = $PendingTasks.GetSamplePercent(window);
pending = sampled < 70 ? newest : max(newest, avg($PendingTasks.GetSample(window)));
wanted = (pending + slots - 1) / slots;
$TargetDedicatedNodes = max(minNodes, min(maxNodes, wanted));
$NodeDeallocationOption = taskcompletion;`,
  );
});

it("stays within what Batch accepts: 8 KB and 100 statements", () => {
  const formula = autoscaleFormula({ minNodes: 100, maxNodes: 100 });

  expect(Buffer.byteLength(formula)).toBeLessThan(8192);
  expect(formula.split(";").length).toBeLessThan(100);
});

it("holds no time of its making, which would make a diff of every deploy", () => {
  expect(autoscaleFormula({ minNodes: 0, maxNodes: 4 })).toBe(autoscaleFormula({ minNodes: 0, maxNodes: 4 }));
  expect(autoscaleFormula({ minNodes: 0, maxNodes: 4 })).not.toMatch(/time\(|20\d\d/);
});
