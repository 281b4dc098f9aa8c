/**
 * A preview from two declared stacks, without Pulumi's engine: each resource is compared as its own provider does (local/arm for Azure's
 * types, the program's dynamic providers for its own), and what a replaced resource hands on is unknown to those after it.
 */
import { detectionJobProvider, type DetectionJobOutputs } from "../../../infra/detectionJob";
import { layerProvider, type LayerInputs } from "../../../infra/layers";
import type { Preview, State, Step } from "../../../infra/review/preview";
import type { Inputs } from "../../../infra/review/values";
import { seedImagesProvider, type SeedImagesInputs } from "../../../infra/seedImages";
import { typeOf } from "../../../local/arm/catalog";
import { check } from "../../../local/arm/check";
import { diff } from "../../../local/arm/diff";
import { unknown } from "../../../local/arm/unknown";
import type { Declared, DeclaredStack } from "../fixtureStack";

type Difference = { readonly op: "same" | "update" | "replace"; readonly changedPaths: readonly string[] };

export async function declaredPreview(before: DeclaredStack, after: DeclaredStack): Promise<Preview> {
  const steps: Step[] = [];
  /** What resources that are replaced hand on: ids and names. */
  const gone = new Set<unknown>();
  for (const resource of after.resources.filter(isReal)) {
    const old = before.resources.find(({ type, name }) => type === resource.type && name === resource.name);
    const inputs = withoutGone(checked(resource), gone);
    const state: State = { inputs, isRetained: isRetained(after, resource) };
    if (old === undefined) {
      steps.push(stepOf(resource, "create", undefined, state, []));
      continue;
    }
    const olds = checked(old);
    const news = ignoring(olds, inputs, after.options.get(resource.name)?.ignoreChanges ?? []);
    const { op, changedPaths } = await difference(resource.type, olds, news);
    if (op === "replace") for (const value of handedOn(resource, olds)) gone.add(value);
    const oldState = { inputs: olds, isRetained: isRetained(before, old) };
    steps.push(stepOf(resource, op, oldState, { ...state, inputs: news }, changedPaths));
  }
  const left = before.resources
    .filter(isReal)
    .filter((old) => !after.resources.some(({ type, name }) => type === old.type && name === old.name));
  for (const old of left) {
    const oldState = { inputs: checked(old), isRetained: isRetained(before, old) };
    steps.push(stepOf(old, "delete", oldState, undefined, []));
  }
  return { stack: "dev", config: {}, steps, errors: [] };
}

/** Components stand for nothing in the cloud. */
function isReal({ type }: Declared): boolean {
  return !type.startsWith("detect:infra:");
}

function stepOf(
  { type, name }: Declared,
  op: string,
  before: State | undefined,
  after: State | undefined,
  changedPaths: readonly string[],
): Step {
  const urn = `urn:pulumi:dev::object-detection::${type}::${name}`;
  return { op, urn, type, name, isReal: true, before, after, changedPaths };
}

function isRetained({ options }: DeclaredStack, { name }: Declared): boolean {
  return options.get(name)?.retainOnDelete === true;
}

/** With the defaults that azure-native fills in. */
function checked({ type, name, inputs }: Declared): Inputs {
  if (!type.startsWith("azure-native:")) return inputs;
  return check(typeOf(type), {
    name,
    olds: {},
    news: inputs,
    autonaming: { kind: "default" },
    seed: undefined,
    location: undefined,
  }).inputs;
}

async function difference(type: string, olds: Inputs, news: Inputs): Promise<Difference> {
  if (type.startsWith("azure-native:")) {
    const { changes } = diff(typeOf(type), olds, news);
    const changedPaths = changes.map(({ path }) => path);
    if (changes.length === 0) return { op: "same", changedPaths };
    return { op: changes.some(({ replaces }) => replaces) ? "replace" : "update", changedPaths };
  }
  const { changes } = await dynamicDifference(type, olds, news);
  return { op: changes ? "update" : "same", changedPaths: [] };
}

function dynamicDifference(type: string, olds: unknown, news: unknown): Promise<{ changes: boolean }> {
  switch (type) {
    case "pulumi-nodejs:dynamic/detect:Layer":
      return layerProvider.diff("", olds as LayerInputs, news as LayerInputs);
    case "pulumi-nodejs:dynamic/detect:SeedImages":
      return seedImagesProvider.diff("", olds as SeedImagesInputs, news as SeedImagesInputs);
    case "pulumi-nodejs:dynamic/detect:DetectionJob":
      return detectionJobProvider.diff("", olds as DetectionJobOutputs, news as DetectionJobOutputs);
    default:
      throw new Error(`no provider for ${type}`);
  }
}

/** The mocks' ids (fixtureStack.ts), and the names by which others speak of the resource. */
function handedOn({ type, name }: Declared, inputs: Inputs): readonly unknown[] {
  return [`/mock/${name}`, inputs[typeOf(type).naming.property]];
}

function withoutGone(inputs: Inputs, gone: ReadonlySet<unknown>): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, gone.has(value) ? unknown : value]),
  );
}

function ignoring(olds: Inputs, news: Inputs, ignored: readonly string[]): Inputs {
  const kept = ignored.filter((key) => key in olds).map((key) => [key, olds[key]]);
  return { ...news, ...(Object.fromEntries(kept) as Inputs) };
}
