/** The formula that the stack gives its pool, held against what it promises, in the evaluator of the local service. */
import * as fc from "fast-check";
import { type AutoscaleSettings, autoscaleFormula, mostSpotNodes } from "../../../../infra/autoscale";
import { evaluateFormula } from "../../../../local/compute/autoscale/formula";
import { samplePeriodMs } from "../../../../local/compute/autoscale/samples";
import { nowMs } from "./circumstances";

interface Case {
  readonly settings: AutoscaleSettings;
  readonly slots: number;
  /** Pending tasks, newest first, one a period; null: the sample is missing. */
  readonly samples: readonly (number | null)[];
}

interface Nodes {
  readonly dedicated: number;
  readonly spot: number;
}

function nodesFor({ settings, slots, samples }: Case): Nodes {
  const decided = evaluateFormula(autoscaleFormula(settings), {
    nowMs,
    random: () => 0.25,
    // Whatever the pool had before must not show.
    targets: { targetDedicatedNodes: 57, targetLowPriorityNodes: 58 },
    samples: {
      of: (variable) =>
        variable !== "$PendingTasks"
          ? []
          : samples.flatMap((value, index) =>
              value === null ? [] : [{ ageMs: (index + 1) * samplePeriodMs, value }],
            ),
      now: (variable) => (variable === "$TaskSlotsPerNode" ? slots : undefined),
    },
  });
  expect(decided.error).toBeUndefined();
  expect(decided.deallocation).toBe("taskcompletion");
  return { dedicated: decided.targetDedicatedNodes, spot: decided.targetLowPriorityNodes };
}

const together = ({ dedicated, spot }: Nodes): number => dedicated + spot;

/** Bounds as the settings allow them. */
const settings: fc.Arbitrary<AutoscaleSettings> = fc
  .tuple(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 1, max: 100 }),
    fc.oneof(
      fc.constantFrom(0, 0.5, 1),
      fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    ),
  )
  .map(([one, other, spotShare]) => ({
    minNodes: Math.min(one, other),
    maxNodes: Math.max(one, other),
    spotShare,
  }));
const slots = fc.constantFrom(1, 2, 3, 4, 8, 16, 64);
const sample = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 5000 }));
const samples = fc.array(fc.option(sample), { maxLength: 12 });
const cases: fc.Arbitrary<Case> = fc.record({ settings, slots, samples });

const holds = <Given>(given: fc.Arbitrary<Given>, property: (each: Given) => void): void =>
  fc.assert(fc.property(given, property), { seed: 11, numRuns: 150 });

describe("the stack's formula", () => {
  it("never asks for more nodes than allowed, nor for fewer, nor fails, whatever samples are missing", () => {
    holds(cases, (each) => {
      const nodes = together(nodesFor(each));

      expect(nodes).toBeGreaterThanOrEqual(each.settings.minNodes);
      expect(nodes).toBeLessThanOrEqual(each.settings.maxNodes);
    });
  });

  it("goes to the fewest nodes, none of them Spot, when nothing is left to do, and without any sample", () => {
    holds(cases, (each) => {
      const fewest = { dedicated: each.settings.minNodes, spot: 0 };

      expect(nodesFor({ ...each, samples: each.samples.map((value) => value && 0) })).toEqual(fewest);
      expect(nodesFor({ ...each, samples: [] })).toEqual(fewest);
    });
  });

  it("has a slot for each task that waits or runs, as far as the nodes go", () => {
    holds(cases, (each) => {
      const newest = each.samples.find((value) => value !== null) ?? 0;
      const needed = Math.ceil(newest / each.slots);

      expect(together(nodesFor(each))).toBeGreaterThanOrEqual(Math.min(each.settings.maxNodes, needed));
    });
  });

  it("has no node without a task where the queue stays as it is", () => {
    holds(fc.record({ settings, slots, queue: sample }), ({ queue, ...each }) => {
      const needed = Math.ceil(queue / each.slots);
      const { minNodes, maxNodes } = each.settings;

      expect(together(nodesFor({ ...each, samples: Array<number>(6).fill(queue) }))).toBe(
        Math.max(minNodes, Math.min(maxNodes, needed)),
      );
    });
  });

  it("never asks for fewer nodes of a kind because the queue is longer", () => {
    holds(fc.record({ one: cases, more: fc.integer({ min: 0, max: 50 }) }), ({ one, more }) => {
      const longer = { ...one, samples: one.samples.map((value) => value && value + more) };
      const [before, after] = [nodesFor(one), nodesFor(longer)];

      expect(together(after)).toBeGreaterThanOrEqual(together(before));
      expect(after.dedicated).toBeGreaterThanOrEqual(before.dedicated);
      expect(after.spot).toBeGreaterThanOrEqual(before.spot);
    });
  });

  it("keeps the dedicated floor, and of the nodes above it the share that is to be Spot", () => {
    holds(cases, (each) => {
      const { minNodes, spotShare } = each.settings;
      const { dedicated, spot } = nodesFor(each);
      const above = dedicated + spot - minNodes;

      expect(dedicated).toBeGreaterThanOrEqual(minNodes);
      expect(spot).toBe(Math.floor(above * spotShare));
      expect(spot).toBeLessThanOrEqual(mostSpotNodes(each.settings));
    });
  });

  it("sends nobody away for a gap: where samples are missing the newest one decides", () => {
    holds(fc.record({ settings, slots, queue: sample }), ({ queue, ...each }) => {
      const gap = [null, null, null, queue];

      expect(together(nodesFor({ ...each, samples: gap }))).toBe(
        together(nodesFor({ ...each, samples: Array<number>(6).fill(queue) })),
      );
    });
  });

  it("asks for nodes at the first sample that has tasks, however long there were none before", () => {
    holds(fc.record({ settings, slots, queue: fc.integer({ min: 1, max: 500 }) }), ({ queue, ...each }) => {
      const needed = Math.min(each.settings.maxNodes, Math.ceil(queue / each.slots));

      expect(together(nodesFor({ ...each, samples: [queue, 0, 0, 0, 0, 0, 0] }))).toBeGreaterThanOrEqual(
        needed,
      );
    });
  });
});
