/** The formula that the stack gives its pool, held against what it promises. */
import { autoscaleFormula } from "../../../../infra/autoscale";
import { evaluateFormula } from "../../../../local/compute/autoscale/formula";
import { seededRandom } from "../../../support/seededRandom";
import { circumstances } from "./circumstances";

interface Case {
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly slots: number;
  readonly samples: readonly number[];
}

function nodesFor({ minNodes, maxNodes, slots, samples }: Case): number {
  const given = circumstances({ samples: { $PendingTasks: samples }, now: { $TaskSlotsPerNode: slots } });
  const decided = evaluateFormula(autoscaleFormula({ minNodes, maxNodes }), given);
  expect(decided.error).toBeUndefined();
  expect(decided.deallocation).toBe("taskcompletion");
  return decided.targetDedicatedNodes;
}

/** Pools of any bounds and slots, with queues of any length and any number of samples, none included. */
function* cases(count: number): Generator<Case> {
  const random = seededRandom(11);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let made = 0; made < count; made += 1) {
    const minNodes = below(5);
    yield {
      minNodes,
      maxNodes: minNodes + 1 + below(20),
      slots: 1 + below(8),
      samples: Array.from({ length: below(9) }, () => below(random() < 0.3 ? 1 : 200)),
    };
  }
}

describe("the stack's formula", () => {
  it("never asks for more nodes than allowed, nor for fewer, nor fails", () => {
    for (const each of cases(500)) {
      const nodes = nodesFor(each);

      expect(nodes).toBeGreaterThanOrEqual(each.minNodes);
      expect(nodes).toBeLessThanOrEqual(each.maxNodes);
    }
  });

  it("goes to the fewest nodes when nothing is left to do", () => {
    for (const each of cases(200))
      expect(nodesFor({ ...each, samples: each.samples.map(() => 0) })).toBe(each.minNodes);
  });

  it("has a slot for each task that waits or runs, as far as the nodes go", () => {
    for (const each of cases(300)) {
      const [newest] = each.samples;
      if (newest === undefined) continue;

      expect(nodesFor(each)).toBeGreaterThanOrEqual(Math.min(each.maxNodes, Math.ceil(newest / each.slots)));
    }
  });

  it("never asks for fewer nodes because the queue is longer", () => {
    const random = seededRandom(13);
    for (const each of cases(300)) {
      const longer = each.samples.map((value) => value + Math.floor(random() * 10));

      expect(nodesFor({ ...each, samples: longer })).toBeGreaterThanOrEqual(nodesFor(each));
    }
  });
});
