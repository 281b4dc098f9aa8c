/** What `pulumi preview --json` and `pulumi refresh --preview-only --json` print: steps and diagnostics, as far as pipelines need them. */
import { z } from "zod";

const step = z.object({
  op: z.string(),
  urn: z.string(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});
const diagnostic = z.object({ message: z.string(), severity: z.string() });
const document = z.object({ steps: z.array(step).default([]), diagnostics: z.array(diagnostic).default([]) });

export type PulumiDocument = z.infer<typeof document>;

/** A resource that is not as it was declared or recorded. */
export interface Change {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  /** Paths of the properties, without their values, which may be anything. */
  readonly properties: readonly string[];
}

/** Undefined when it is no such document, which is so when Pulumi failed before it had one. */
export function parseDocument(text: string): PulumiDocument | undefined {
  try {
    return document.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const unchanged = new Set(["same", "refresh", "read"]);

export function changesOf({ steps }: PulumiDocument): Change[] {
  return steps
    .filter(({ op }) => !unchanged.has(op))
    .map(({ op, urn, detailedDiff }) => ({ op, ...ofUrn(urn), properties: Object.keys(detailedDiff ?? {}) }));
}

/** Type and name: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. */
export function ofUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? types, name: name.join("::") };
}

/** Why Pulumi failed, in its own words; what it printed on stderr where the document has none. */
export function reasonOf(found: PulumiDocument | undefined, stderr: string): string {
  const errors = (found?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
  const reason = errors.length > 0 ? errors.join("\n") : stderr.trim();
  return reason === "" ? "it gave no reason" : reason.replace(/^error: /, "");
}
