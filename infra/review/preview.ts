/**
 * What `pulumi preview --json` wrote, in either of its forms: one object, or an event a line (PULUMI_ENABLE_STREAMING_JSON_PREVIEW).
 * Warnings of whatever ran the preview may stand before and after it.
 */
import { z } from "zod";
import type { Inputs } from "./values";

/** One of a resource's states, before or after. */
export interface State {
  readonly inputs: Inputs;
  /** Deleting the resource leaves the real one where it is (Pulumi: retainOnDelete). */
  readonly isRetained: boolean;
}

export interface Step {
  /** Pulumi's word: create, update, replace, delete, same … */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** In the program: "pool". */
  readonly name: string;
  /** False for what only groups others, and for the stack itself: nothing in the cloud answers to it. */
  readonly isReal: boolean;
  readonly before: State | undefined;
  readonly after: State | undefined;
  /** Paths that the provider says change; none where it does not say. */
  readonly changedPaths: readonly string[];
}

export interface Preview {
  /** "dev"; undefined where the preview came to no resource. */
  readonly stack: string | undefined;
  /** Settings by their whole names: "azure-native:location". */
  readonly config: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** What went wrong; a preview with errors tells nothing of the changes. */
  readonly errors: readonly string[];
}

const record = z.record(z.string(), z.unknown());
const state = z.looseObject({
  type: z.string(),
  custom: z.boolean().optional(),
  inputs: record.nullish(),
  retainOnDelete: z.boolean().optional(),
});
const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
  detailedDiff: record.nullish(),
});
const diagnostic = z.looseObject({ severity: z.string(), message: z.string() });
const digest = z.looseObject({
  config: record.optional(),
  steps: z.array(step).nullish(),
  diagnostics: z.array(diagnostic).nullish(),
  changeSummary: record.nullish(),
});
const event = z.looseObject({
  sequence: z.number(),
  preludeEvent: z.looseObject({ config: record }).optional(),
  diagnosticEvent: diagnostic.optional(),
  resourcePreEvent: z
    .looseObject({
      metadata: z.looseObject({
        op: z.string(),
        urn: z.string(),
        old: state.nullish(),
        new: state.nullish(),
        detailedDiff: record.nullish(),
      }),
    })
    .optional(),
});
type Digest = z.infer<typeof digest>;

/** `file`: for messages. Throws an Error where this is no preview. */
export function parsePreview(text: string, file: string): Preview {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line.startsWith("{"));
  const last = lines.findLastIndex((line) => line.endsWith("}"));
  const json = lines.slice(first, last + 1);
  const found = first < 0 ? undefined : (digestIn(json.join("\n")) ?? eventsIn(json));
  if (found === undefined)
    throw new Error(
      `${file} holds no preview. Write it with: pulumi preview --json --show-sames > FILE (or give - and pipe it in)`,
    );
  return previewOf(found);
}

function digestIn(json: string): Digest | undefined {
  const parsed = digest.safeParse(jsonOf(json));
  if (!parsed.success) return undefined;
  // Any object would be a preview of nothing; Pulumi writes at least these two.
  return "config" in parsed.data && ("steps" in parsed.data || "changeSummary" in parsed.data)
    ? parsed.data
    : undefined;
}

function eventsIn(lines: readonly string[]): Digest | undefined {
  const events = lines.flatMap((line) => event.safeParse(jsonOf(line)).data ?? []);
  if (events.length === 0) return undefined;
  return {
    config: events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config,
    diagnostics: events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []),
    steps: events.flatMap(({ resourcePreEvent }) => {
      if (resourcePreEvent === undefined) return [];
      const { old: oldState, new: newState, ...rest } = resourcePreEvent.metadata;
      return [{ ...rest, oldState, newState }];
    }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function previewOf({ config, steps, diagnostics }: Digest): Preview {
  const all = (steps ?? []).map(stepOf);
  const settings = Object.entries(config ?? {}).map(([key, value]) => [key, String(value)]);
  return {
    stack: all[0]?.urn.split(":")[2],
    config: Object.fromEntries(settings) as Record<string, string>,
    steps: withoutParts(all),
    errors: (diagnostics ?? [])
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message.replace(/^error: /, "").trim()),
  };
}

function stepOf({ op, urn, oldState, newState, detailedDiff }: z.infer<typeof step>): Step {
  const type = (newState ?? oldState)?.type ?? "";
  return {
    op,
    urn,
    type,
    name: urn.split("::").at(-1) ?? urn,
    isReal: (newState ?? oldState)?.custom === true && type !== "pulumi:pulumi:Stack",
    before: oldState ? stateOf(oldState) : undefined,
    after: newState ? stateOf(newState) : undefined,
    changedPaths: Object.keys(detailedDiff ?? {}),
  };
}

function stateOf({ inputs, retainOnDelete }: z.infer<typeof state>): State {
  return { inputs: inputs ?? {}, isRetained: retainOnDelete === true };
}

/** With --show-replacement-steps, and in events, a replacement comes with its parts: the step that says so stands for them. */
function withoutParts(steps: readonly Step[]): Step[] {
  const whole = new Set(steps.filter(({ op }) => op === "replace").map(({ urn }) => urn));
  return steps.filter(({ op, urn }) => !whole.has(urn) || op === "replace");
}
