/** JSON answers with the metadata that each of them carries: one entity, or one page of a list. */
import { type Answer, type Call, json } from "../call";
import { invalidQueryParameter, outOfRangeQueryParameter } from "../errors";
import { type EntityKind, selectionOf } from "./entity";
import { filterOf, type FilterRules } from "./filter";
import { FilterMistake } from "./filterMistake";

/** What a list can be asked. */
export interface ListRules<Item> extends EntityKind {
  readonly filters: FilterRules<Item>;
  /** Tells items apart and is in the order of the list: where a page ends. */
  readonly keyOf: (item: Item) => string;
  /** Default and maximum of maxresults, where it is not 1000. */
  readonly most?: number;
}

/** Order of ids: without regard to case, as they are compared. */
export const idKey = ({ id }: { readonly id: string }): string => id.toLowerCase();

/** The key after which the page that is asked for begins. It stays good when items come and go: none is shown twice, none is left out. */
export const startOf = (call: Call): string => call.query.get("$skiptoken") ?? "";

/** One page of the items, which are in the order of their keys, with a link to the next page when there is more. Takes no more items than it needs. */
export function page<Item>(
  call: Call,
  rules: ListRules<Item>,
  items: Iterable<Item>,
  show: (item: Item) => object,
): Answer {
  const size = pageSizeOf(call, rules.most ?? 1000);
  const accepts = acceptsOf(call, rules.filters);
  const select = selectionOf(call, rules);
  const start = startOf(call);
  const shown: Item[] = [];
  let hasMore = false;
  for (const item of items) {
    if (rules.keyOf(item) <= start || !accepts(item)) continue;
    hasMore = shown.length === size;
    if (hasMore) break;
    shown.push(item);
  }
  const last = shown.at(-1);
  return json({
    "odata.metadata": `${call.base}/$metadata#${rules.name}`,
    value: shown.map((item) => select(show(item))),
    ...(hasMore && last !== undefined ? { "odata.nextLink": nextLink(call, rules.keyOf(last)) } : {}),
  });
}

export function element(
  call: Call,
  kind: EntityKind,
  entity: object,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const select = selectionOf(call, kind);
  return json(
    { "odata.metadata": `${call.base}/$metadata#${kind.name}/@Element`, ...select(entity) },
    headers,
  );
}

function acceptsOf<Item>(call: Call, rules: FilterRules<Item>): (item: Item) => boolean {
  const filter = call.query.get("$filter");
  if (filter === null || filter.trim() === "") return () => true;
  try {
    return filterOf(filter, rules);
  } catch (error) {
    if (error instanceof FilterMistake) throw invalidQueryParameter("$filter", filter, error.message);
    throw error;
  }
}

function pageSizeOf(call: Call, most: number): number {
  const text = call.query.get("maxresults");
  if (text === null) return most;
  if (!/^-?\d+$/.test(text)) throw invalidQueryParameter("maxresults", text, "A whole number is expected.");
  const value = Number(text);
  if (value < 1 || value > most) throw outOfRangeQueryParameter("maxresults", text, `1 to ${most}`);
  return value;
}

/** All that was asked, and where to go on. Spaces are %20: not every client reads a plus sign as one when it signs. */
function nextLink(call: Call, key: string): string {
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", key);
  return `${call.base}${call.path}?${query.toString().replaceAll("+", "%20")}`;
}
