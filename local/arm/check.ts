/** Check: what a program gave, completed with name, location and defaults as azure-native does, and what is wrong with it. Pure. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { core } from "zod";
import type { Naming, Properties, ResourceType } from "./resourceType";
import { unknown } from "./unknown";

export interface CheckRequest {
  /** The resource's logical name, which names are made of. */
  readonly name: string;
  /** The inputs checked last time; empty for a resource that is to be made. */
  readonly olds: Properties;
  readonly news: Properties;
  /** The engine's wish (Pulumi: `pulumi:autonaming`). */
  readonly autonaming:
    | { readonly kind: "default" }
    | { readonly kind: "disabled" }
    | { readonly kind: "named"; readonly name: string };
  /** Randomness of the engine's, in hex, by which plans repeat names; undefined where it gave none. */
  readonly seed: string | undefined;
  /** Location of the provider or of the resource group. */
  readonly location: string | undefined;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** azure-native's mark of a name that is random, so that a successor can be made before this one goes. */
export const createBeforeDelete = "__createBeforeDelete";

export function check(type: ResourceType, request: CheckRequest): Checked {
  const { olds, news, location } = request;
  const inputs: Record<string, unknown> = { ...type.defaults, ...news };
  Object.assign(inputs, nameOf(type.naming, request));
  const settled = inputs.location ?? olds.location ?? location;
  if (type.isLocated && settled !== undefined) inputs.location = settled;
  return { inputs, failures: failuresOf(type, inputs) };
}

function nameOf(
  { property, style }: Naming,
  { name, olds, news, autonaming, seed }: CheckRequest,
): Properties {
  if (news[property] !== undefined) return {};
  if (olds[property] !== undefined)
    return {
      [property]: olds[property],
      ...(olds[createBeforeDelete] === true && { [createBeforeDelete]: true }),
    };
  if (autonaming.kind === "disabled") return {};
  if (autonaming.kind === "named") return { [property]: autonaming.name };
  switch (style) {
    case "random":
      return { [property]: name + hexDigits(seed), [createBeforeDelete]: true };
    case "copy":
      return { [property]: name };
    case "guid":
      return { [property]: randomUUID() };
  }
}

function hexDigits(seed: string | undefined): string {
  if (seed === undefined) return randomBytes(4).toString("hex");
  return createHash("sha256").update(seed, "hex").digest("hex").slice(0, 8);
}

/** What the type's schema says against the inputs, but for what hangs on a value that is not known yet. */
function failuresOf(type: ResourceType, inputs: Properties): CheckFailure[] {
  const issues = type.inputs.safeParse(inputs).error?.issues ?? [];
  return issues
    .filter((issue) => !hangsOnUnknown(inputs, issue.path))
    .map((issue) => ({ property: issue.path.join("."), reason: reasonOf(inputs, issue) }));
}

function reasonOf(inputs: Properties, issue: core.$ZodIssue): string {
  const value = valuesAlong(inputs, issue.path).at(-1);
  if (value === undefined) return `missing required property '${String(issue.path.at(-1))}'`;
  return `${JSON.stringify(value)}: ${issue.message}`;
}

function hangsOnUnknown(inputs: Properties, path: readonly PropertyKey[]): boolean {
  return valuesAlong(inputs, path).includes(unknown);
}

function valuesAlong(inputs: Properties, path: readonly PropertyKey[]): unknown[] {
  let value: unknown = inputs;
  return path.map((key) => {
    value =
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value;
    return value;
  });
}
