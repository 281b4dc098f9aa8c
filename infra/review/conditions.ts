/** What a grade may depend on besides the property: the words of the table's column "when". Pure. */
import { mayTakeBusyNodes } from "./nodes";
import type { Step } from "./preview";
import { isUnknown, valueAt, type Inputs } from "./values";

export interface Condition {
  readonly text: string;
  readonly holds: (step: Step) => boolean;
}

const inputs = ({ before, after }: Step): readonly [before: Inputs, after: Inputs] => [
  before?.inputs ?? {},
  after?.inputs ?? {},
];

export const nodesMayLeave: Condition = {
  text: "nodes may have to leave while their tasks run",
  holds: (step) => mayTakeBusyNodes(...inputs(step)),
};

/** The new pool can be made while the old one stands: it has another name in the same account. */
export const besideTheOldPool: Condition = {
  text: "under another name, in the same account",
  holds: (step) => {
    const [before, after] = inputs(step);
    const same = (property: string): boolean =>
      before[property] === after[property] && !isUnknown(after[property]);
    const isRenamed = before.poolName !== after.poolName && !isUnknown(after.poolName);
    return isRenamed && same("accountName") && same("resourceGroupName");
  },
};

/** Of an earlier replacement that did not come to its end. */
export const leftOver: Condition = {
  text: "left over from an earlier replacement",
  holds: ({ op }) => op === "delete-replaced",
};

const days = "policy.rules[0].definition.actions.baseBlob.delete.daysAfterModificationGreaterThan";

export const keptLonger: Condition = {
  text: "more days",
  holds: (step) => {
    const [before, after] = inputs(step).map((side) => valueAt(side, days));
    return typeof before === "number" && typeof after === "number" && after > before;
  },
};

export const isRetained: Condition = {
  text: "retained",
  holds: ({ before }) => before?.isRetained === true,
};

export const isLayers: Condition = {
  text: "container layers",
  holds: ({ before, after }) => (before ?? after)?.inputs.containerName === "layers",
};

export const isOfNodes: Condition = {
  text: "of the nodes",
  holds: ({ name }) => name.startsWith("nodes-"),
};

export const isTargetUnknown: Condition = {
  text: "not known yet",
  holds: ({ after }) => isUnknown(after?.inputs.target),
};

export const isListedLater: Condition = {
  text: "not known yet",
  holds: ({ after }) => after?.inputs.inputsDigest === undefined,
};
