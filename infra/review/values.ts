/** The values of a preview: which are not known or not to be seen, how they read, and where two trees of them differ. Pure. */
import { isDeepStrictEqual } from "node:util";

/** A resource's inputs as a preview writes them. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What Pulumi writes for a value that only the deploy will know, one for each kind (sdk: plugin.Unknown…Value). */
const unknowns: readonly string[] = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
/** Pulumi's mark of an object that stands for another value, and the one that makes it a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const longest = 48;

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && unknowns.some((mark) => value.includes(mark));
}

export function isSecret(value: unknown): boolean {
  return value === "[secret]" || (isTree(value) && value[signature] === secretSignature);
}

/** The value at a path in the engine's notation; undefined where there is none. */
export function valueAt(tree: unknown, path: string): unknown {
  return segmentsOf(path).reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), tree);
}

/** `a.b[0]["c.d"]` → a, b, 0, c.d */
export function segmentsOf(path: string): string[] {
  const found = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...found].map(([, quoted, index, plain]) => quoted ?? index ?? plain ?? "");
}

/** Paths at which the two differ, as deep as both go. What begins with `__` is a provider's own. */
export function differingPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const goesOn = isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after);
  if (!goesOn || isSecret(before) || isSecret(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !key.startsWith("__"),
  );
  return keys.flatMap((key) =>
    differingPaths(before[key], after[key], joined(path, key, Array.isArray(after))),
  );
}

/** The tree without what is not known yet, and with `[secret]` for what is not to be seen. */
export function knownPart(value: unknown): unknown {
  if (isUnknown(value)) return undefined;
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(knownPart).filter((item) => item !== undefined);
  if (!isTree(value)) return value;
  const known = Object.entries(value).map(([key, item]) => [key, knownPart(item)] as const);
  return Object.fromEntries(known.filter(([key, item]) => item !== undefined && !key.startsWith("__")));
}

/** Both values for a person; of long ones the place where they part. */
export function shown(before: unknown, after: unknown): readonly [before: string, after: string] {
  const [left, right] = [textOf(before), textOf(after)];
  if (left.length <= longest && right.length <= longest) return [left, right];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const from = Math.max(0, same - 12);
  return [excerpt(left, from), excerpt(right, from)];
}

function excerpt(text: string, from: number): string {
  const start = Math.min(from, Math.max(0, text.length - longest));
  const end = start + longest;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return "(none)";
  if (typeof value === "string" && !isUnknown(value)) return value;
  return withoutQuotes(
    JSON.stringify(value, (_key, item: unknown) =>
      isUnknown(item) ? "[unknown]" : isSecret(item) ? "[secret]" : item,
    ),
  );
}

function withoutQuotes(json: string): string {
  return /^"\[(unknown|secret)\]"$/.test(json) ? json.slice(1, -1) : json;
}

function joined(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
