/** Diff: which inputs changed, and which of these changes replace the resource, by azure-native's rules. Pure. */
import { isDeepStrictEqual } from "node:util";
import { createBeforeDelete } from "./check";
import type { Properties, TypeFacts } from "./resourceType";

export interface Change {
  /** In the engine's notation: `a.b[0]["c.d"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface Difference {
  readonly changes: readonly Change[];
  /** Only a resource whose name is random can have its successor beside it. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares inputs with inputs: what only the cloud knows is nobody's to change. */
export function diff(type: TypeFacts, olds: Properties, news: Properties): Difference {
  const replacing = new Set([...type.path, ...type.forceNew]);
  const changes = differences(comparable(olds), comparable(news)).map((change) => ({
    ...change,
    // pulumi-azure-native looks one level deep only.
    replaces: replacing.has(/^[^.[]*/.exec(change.path)?.[0] ?? ""),
  }));
  const isReplaced = changes.some((change) => change.replaces);
  return { changes, deleteBeforeReplace: isReplaced && olds[createBeforeDelete] !== true };
}

/** Without azure-native's own marks; a region is the same in any spelling ("Japan East", "japaneast"). */
function comparable(inputs: Properties): Properties {
  const own = Object.entries(inputs).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(
    own.map(([key, value]) => [
      key,
      key === "location" && typeof value === "string" ? value.toLowerCase().replaceAll(" ", "") : value,
    ]),
  );
}

type Located = Omit<Change, "replaces">;

function differences(before: unknown, after: unknown, path = ""): Located[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, kind: "update" }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(before[key], after[key], Array.isArray(after) ? `${path}[${key}]` : joined(path, key)),
  );
}

function joined(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
