/** What the service calls an entity, and how much of it a caller wants to see: $select and $expand. */
import type { Call } from "../call";
import { invalidQueryParameter, unsupportedQueryParameter } from "../errors";
import { wireNamesOf } from "../models";

export interface EntityKind {
  /** After `$metadata#`. */
  readonly name: string;
  /** The SDK's model, where $select can name its properties. */
  readonly selects?: string;
  /** Whether $expand is known, which can name `stats` alone. */
  readonly expands: boolean;
}

/** What shows of an entity what the call selects. Throws where it selects or expands what it cannot. */
export function selectionOf(call: Call, kind: EntityKind): (entity: object) => object {
  checkExpand(call.query.get("$expand"), kind);
  const select = call.query.get("$select");
  if (select === null || select.trim() === "") return (entity) => entity;
  if (kind.selects === undefined) throw unsupportedQueryParameter("$select", select);
  const names = new Set(select.split(",").map((name) => name.trim()));
  const known = wireNamesOf(kind.selects);
  for (const name of names)
    if (!known.has(name)) throw invalidQueryParameter("$select", select, `There is no property '${name}'.`);
  return (entity) => Object.fromEntries(Object.entries(entity).filter(([name]) => names.has(name)));
}

/** Statistics are accepted and never there: the service computes them lazily and retired most of them. */
function checkExpand(expand: string | null, kind: EntityKind): void {
  if (expand === null || expand.trim() === "") return;
  if (!kind.expands) throw unsupportedQueryParameter("$expand", expand);
  if (expand.trim() !== "stats")
    throw invalidQueryParameter("$expand", expand, "Only stats can be expanded.");
}
