/** What `pulumi up --json` prints, an event a line: what people see of it, and what became of the deploy. */
import { z } from "zod";
import { ofUrn } from "./document";

const metadata = z.object({ op: z.string(), urn: z.string() });
const event = z.object({
  resOutputsEvent: z.object({ metadata }).optional(),
  resOpFailedEvent: z.object({ metadata }).optional(),
  diagnosticEvent: z.object({ message: z.string(), severity: z.string() }).optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});

export interface Deploy {
  /** How many resources had which step; undefined before Pulumi counted them. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  readonly errors: readonly string[];
}

export const nothingYet: Deploy = { changes: undefined, errors: [] };

const done: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created anew",
  "delete-replaced": "deleted, replaced",
  discard: "forgotten",
};

/** A line of output, taken into account; `said` is for people. A line that is no event is passed on as it is. */
export function take(before: Deploy, line: string): { readonly after: Deploy; readonly said?: string } {
  const parsed = event.safeParse(jsonOf(line));
  if (!parsed.success) return line.trim() === "" ? { after: before } : { after: before, said: line };
  const { resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = parsed.data;
  if (resOutputsEvent !== undefined) {
    const { op, urn } = resOutputsEvent.metadata;
    const word = done[op];
    return word === undefined ? { after: before } : { after: before, said: `${named(urn)}: ${word}` };
  }
  if (resOpFailedEvent !== undefined) {
    const { op, urn } = resOpFailedEvent.metadata;
    return { after: before, said: `${named(urn)}: ${op} failed` };
  }
  if (diagnosticEvent !== undefined) {
    const { severity } = diagnosticEvent;
    const message = diagnosticEvent.message.trim();
    if (severity === "debug" || message === "") return { after: before };
    if (severity !== "error") return { after: before, said: message };
    return { after: { ...before, errors: [...before.errors, message] } };
  }
  if (summaryEvent !== undefined)
    return { after: { ...before, changes: summaryEvent.resourceChanges ?? {} } };
  return { after: before };
}

/** What was done, as "2 created, 1 updated"; empty when nothing was. */
export function changedWords(changes: Readonly<Record<string, number>>): string {
  return Object.entries(changes)
    .filter(([op, count]) => done[op] !== undefined && count > 0)
    .map(([op, count]) => `${count} ${done[op]}`)
    .join(", ");
}

function named(urn: string): string {
  const { type, name } = ofUrn(urn);
  return `${name} (${type})`;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
