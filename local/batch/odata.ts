/** The OData part of the API: pages, $select and the metadata that every JSON answer carries. */
import type { Answer, Call } from "./call";
import { invalidQueryParameter, outOfRangeQueryParameter } from "./errors";
import { type FilterRules, parseFilter } from "./filter";

/** What a list can be asked. */
export interface ListRules<Item> {
  /** Name after `$metadata#`. */
  readonly name: string;
  readonly filters: FilterRules;
  /** Tells items apart and is in the order of the list: where a page ends. */
  readonly keyOf: (item: Item) => string;
  /** Default and maximum of maxresults, where it is not 1000. */
  readonly most?: number;
}

/** One page of a list, with a link to the next when there is more. */
export function page<Item extends object>(
  call: Call,
  rules: ListRules<Item>,
  items: readonly Item[],
): Answer {
  const most = rules.most ?? 1000;
  const size = wholeNumber(call, "maxresults", 1, most) ?? most;
  const filter = call.query.get("$filter");
  const accepts = filter === null ? () => true : parseFilter(filter, rules.filters);
  const after = call.query.get("$skiptoken");
  const rest = items.filter((item) => (after === null || rules.keyOf(item) > after) && accepts(item));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return json({
    "odata.metadata": `${call.base}/$metadata#${rules.name}`,
    value: shown.map((item) => select(call, item)),
    ...(last !== undefined && rest.length > size
      ? { "odata.nextLink": nextLink(call, rules.keyOf(last)) }
      : {}),
  });
}

/** One entity; `name` as in `$metadata#name/@Element`. */
export function element(
  call: Call,
  name: string,
  entity: object,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  checkExpand(call);
  return json(
    { "odata.metadata": `${call.base}/$metadata#${name}/@Element`, ...select(call, entity) },
    headers,
  );
}

export function json(value: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, content: { kind: "json", value } };
}

/** Order of ids: without regard to case, as they are compared. */
export const idKey = (entity: { readonly id?: string }): string => entity.id?.toLowerCase() ?? "";

function select<Item extends object>(call: Call, item: Item): Partial<Item> {
  const names = call.query.get("$select");
  if (names === null || names.trim() === "") return item;
  const wanted = new Set(names.split(",").map((name) => name.trim()));
  for (const name of wanted)
    if (!/^[A-Za-z]\w*$/.test(name))
      throw invalidQueryParameter("$select", names, `'${name}' is not a property.`);
  return Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))) as Partial<Item>;
}

/** Statistics are accepted and never there: the service computes them lazily and retired most of them. */
function checkExpand(call: Call): void {
  const expand = call.query.get("$expand");
  if (expand !== null && expand !== "stats")
    throw invalidQueryParameter("$expand", expand, "Only stats can be expanded.");
}

function wholeNumber(call: Call, name: string, least: number, most: number): number | undefined {
  const text = call.query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw outOfRangeQueryParameter(name, text, `${least} to ${most}`);
  return value;
}

function nextLink(call: Call, key: string): string {
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", key);
  return `${call.base}${call.path}?${query.toString()}`;
}
