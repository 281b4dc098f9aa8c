/** Faults on purpose: which faults there are and how often they strike, as one file of JSON says it. Nothing in it means no faults. */
import { z } from "zod";

/** The same words whatever is wrong with a value. */
const expected = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    `expected ${what}, got ${input === undefined ? "nothing" : JSON.stringify(input)}`,
});
function number(low: number, high: number) {
  const words = expected(`a number from ${low} to ${high}`);
  return z.number(words).min(low, words).max(high, words);
}
function whole(low: number, high: number) {
  const words = expected(`a whole number from ${low} to ${high}`);
  return z.int(words).min(low, words).max(high, words);
}

const rate = number(0, 1);
/** How often it strikes at most; without it there is no end. */
const most = whole(1, 1_000_000).optional();
const pattern = expected("container/name of blobs, such as input/**");
/** Blobs as `container/name`, with wildcards. */
const blobs = z.string(pattern).min(1, pattern);
const cores = whole(0, 1_000_000).optional();

/** One member a kind of fault: a kind that is not named does not strike. */
const shape = {
  /** Of the dice: the same seed and the same questions give the same faults. */
  seed: whole(0, 0xffff_ffff).default(1),
  /** Every node takes so much longer to boot. */
  nodeBoot: z.strictObject({ extraSeconds: number(0, 3600) }).optional(),
  /** The start task exits with 1 and says on stderr that it was told to. */
  startTasks: z.strictObject({ rate: rate.default(1), most }).optional(),
  /** At the end of each interval one node goes, and comes back under its id when it was away for so long. */
  preemption: z
    .strictObject({
      everySeconds: number(0.1, 3600),
      awaySeconds: number(0, 3600).default(10),
      /** `running`: only nodes that run a task. */
      nodes: z.enum(["any", "running"], expected("any or running")).default("any"),
      most,
    })
    .optional(),
  /** vCPUs of all nodes of a Batch account together. */
  quotas: z.strictObject({ dedicatedCores: cores, lowPriorityCores: cores }).optional(),
  /** A request to Batch is refused with Retry-After: 429 or 503, by the dice where none is named. */
  batchRequests: z
    .strictObject({
      rate: rate.default(1),
      status: z.literal([429, 503], expected("429 or 503")).optional(),
      retryAfterSeconds: whole(0, 3600).default(1),
      most,
    })
    .optional(),
  /** A request to blob storage is refused with 503 ServerBusy. */
  blobRequests: z.strictObject({ rate: rate.default(1), most }).optional(),
  /** So large a share of these blobs is gone for who reads them, always the same ones. */
  missingBlobs: z.strictObject({ blobs, rate: rate.default(1), most }).optional(),
  /** An upload of such a blob is refused. */
  uploads: z
    .strictObject({
      blobs,
      rate: rate.default(1),
      status: z.literal([403, 503], expected("403 or 503")).default(503),
      most,
    })
    .optional(),
};
const settings = z.strictObject(shape);

export type FaultSettings = z.infer<typeof settings>;
/** As it is written, with defaults left out. */
export type GivenFaults = z.input<typeof settings>;
export type FaultKind = Exclude<keyof FaultSettings, "seed">;

export const faultKinds = Object.keys(shape).filter((key): key is FaultKind => key !== "seed");

/** Without faults. */
export const noFaults: FaultSettings = settings.parse({});

/** Every mistake as a sentence of its own, or the settings. */
export function parseFaults(
  text: string,
): { readonly settings: FaultSettings } | { readonly mistakes: readonly string[] } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { mistakes: [`not JSON: ${(error as Error).message}`] };
  }
  const parsed = settings.safeParse(given);
  if (parsed.success) return { settings: parsed.data };
  return { mistakes: [...new Set(parsed.error.issues.flatMap(sentencesOf))] };
}

function sentencesOf(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [`${at === "" ? "the file" : at}: ${issue.message}`];
  const known = at === "" ? Object.keys(shape) : Object.keys(membersOf(at));
  return issue.keys.map(
    (key) => `${at === "" ? key : `${at}.${key}`}: there is no such setting; there are ${known.join(", ")}`,
  );
}

function membersOf(kind: string): object {
  const schema = (shape as Readonly<Record<string, z.ZodType>>)[kind];
  return schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodObject
    ? (schema.unwrap() as z.ZodObject).shape
    : {};
}
