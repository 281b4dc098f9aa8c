/** Steps of a preview, as short as a test needs them. */
import type { Preview, State, Step } from "../../../infra/review/preview";
import type { Inputs } from "../../../infra/review/values";

export const types = {
  group: "azure-native:resources:ResourceGroup",
  account: "azure-native:storage:StorageAccount",
  container: "azure-native:storage:BlobContainer",
  lifecycle: "azure-native:storage:ManagementPolicy",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  role: "azure-native:authorization:RoleAssignment",
  batch: "azure-native:batch:BatchAccount",
  pool: "azure-native:batch:Pool",
  layer: "pulumi-nodejs:dynamic/detect:Layer",
  seed: "pulumi-nodejs:dynamic/detect:SeedImages",
  detection: "pulumi-nodejs:dynamic/detect:DetectionJob",
} as const;
export type TypeName = keyof typeof types;

export interface StepFacts {
  readonly op?: string;
  readonly name?: string;
  readonly before?: Inputs;
  readonly after?: Inputs;
  readonly retained?: boolean;
  readonly changedPaths?: readonly string[];
}

/** With both sides an update, with one a creation or deletion, unless told. */
export function step(type: TypeName, facts: StepFacts): Step {
  const { name = type, before, after, retained = false, changedPaths = [] } = facts;
  const op = facts.op ?? (before === undefined ? "create" : after === undefined ? "delete" : "update");
  const state = (inputs: Inputs | undefined): State | undefined => inputs && { inputs, isRetained: retained };
  const urn = `urn:pulumi:dev::object-detection::${types[type]}::${name}`;
  return {
    ...{ op, urn, name, type: types[type], isReal: true, changedPaths },
    before: state(before),
    after: state(after),
  };
}

export function preview(steps: readonly Step[], more: Partial<Preview> = {}): Preview {
  return { stack: "dev", config: { "azure-native:location": "japaneast" }, steps, errors: [], ...more };
}

export const fixed = (nodes: number, more: object = {}): Inputs => ({
  vmSize: "Standard_D2s_v3",
  scaleSettings: { fixedScale: { targetDedicatedNodes: nodes, targetLowPriorityNodes: 0, ...more } },
});

export const auto = (
  minNodes: number,
  maxNodes: number,
  end = "$NodeDeallocationOption = taskcompletion;",
): Inputs => ({
  vmSize: "Standard_D2s_v3",
  scaleSettings: {
    autoScale: {
      formula: `minNodes = ${minNodes};\nmaxNodes = ${maxNodes};\n$TargetDedicatedNodes = maxNodes;\n${end}`,
      evaluationInterval: "PT5M",
    },
  },
});
