/** Rules for pools: what they cost while nobody needs them. */
import { formulaFloor } from "./formulaFloor";
import type { Rule } from "./rule";
import { isA, valueAt } from "./subject";

const reachesZero: Rule = {
  name: "pool-reaches-zero",
  enforcement: "advisory",
  why: "Nodes without tasks are billed like nodes with tasks.",
  fix: "Let the pool scale from 0 (settings scaling: auto, minNodes: 0), or set poolNodes to 0 between the runs.",
  check: (subject) => {
    if (!isA(subject, "batch:Pool")) return [];
    const scale = subject.inputs.scaleSettings;
    const formula = valueAt(scale, "autoScale.formula");
    if (typeof formula === "string") {
      const floor = formulaFloor(formula);
      if (floor === undefined)
        return ["Whether the pool can have no nodes could not be read from its formula"];
      return floor > 0 ? [`The pool's formula never asks for fewer than ${nodes(floor)}`] : [];
    }
    const fixed = ["targetDedicatedNodes", "targetLowPriorityNodes"]
      .map((target) => Number(valueAt(scale, `fixedScale.${target}`) ?? 0))
      .reduce((sum, count) => sum + count, 0);
    return fixed > 0 ? [`The pool keeps ${nodes(fixed)} when there is nothing to do`] : [];
  },
};

const nodes = (count: number): string => `${count} ${count === 1 ? "node" : "nodes"}`;

export const poolRules: readonly Rule[] = [reachesZero];
