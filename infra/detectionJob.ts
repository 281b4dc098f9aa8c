/**
 * The stack's detection as a resource: what is in the input container has been submitted with these layers and settings. New pictures,
 * layers or settings are an update, which submits a new run; never a replacement, whose end would cancel the run just submitted.
 */
import * as pulumi from "@pulumi/pulumi";
import { isAnotherAccount } from "./accountCreated";
import type { JobTarget } from "./job/target";
import { memberOf, numberOf, runOwnCommand, textOf } from "./spawn";

export interface DetectionJobInputs {
  readonly target: JobTarget;
  /**
   * When the storage account was created; unknown to state of earlier versions. In an account that was made again nothing has been
   * detected, and while the caller's role on it is young its pictures cannot be listed, so their digest alone would not tell.
   */
  readonly accountCreated?: string;
  /** Digest of the seed pictures, where the stack has some. */
  readonly seedDigest?: string;
  /** sha256 over names and etags in the input container; found out by `check`, left out where nobody can tell yet. */
  readonly inputsDigest?: string;
  /** What the ledger knows of them, for the reader of a preview; found out by `check`, left out where nobody can tell. */
  readonly images?: { readonly new: number; readonly done: number };
}

export interface DetectionJobOutputs extends DetectionJobInputs {
  /** The job submitted last; null when there was nothing to do yet. */
  readonly jobId: string | null;
}

/** Pulumi's stand-in for a value that a preview does not know yet (`pulumi.runtime.unknownValue`, which a stored provider cannot import). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What Pulumi (and whoever applies the stack without its engine) calls. Its code goes into the state: `delete` runs what an older version stored. */
export const detectionJobProvider = {
  check: async (olds: Partial<DetectionJobInputs>, news: DetectionJobInputs) => {
    const found = await currentInputs(news.target, olds.inputsDigest);
    return { inputs: { ...news, ...found }, failures: [] };
  },
  diff: (_id: string, olds: DetectionJobOutputs, news: DetectionJobInputs) =>
    Promise.resolve({
      changes:
        identityOf(olds) !== identityOf(news) ||
        isAnyNew(olds, news) ||
        isAnotherAccount(olds.accountCreated, news.accountCreated),
    }),
  create: async (inputs: DetectionJobInputs) => ({ id: "detection", outs: await submit(inputs, null) }),
  update: async (_id: string, olds: DetectionJobOutputs, news: DetectionJobInputs) => ({
    outs: await submit(withDigest(news, olds.inputsDigest), olds.jobId),
  }),
  delete: async (_id: string, { target }: DetectionJobOutputs) => {
    await runJobCommand("cancel", target, ["--all"]);
  },
};

/** Where the ledger tells, it decides: a picture that is gone is a new digest and no work, one that a run has left is work. */
function isAnyNew(olds: DetectionJobInputs, news: DetectionJobInputs): boolean {
  if (news.images !== undefined) return news.images.new > 0;
  return news.inputsDigest !== undefined && news.inputsDigest !== olds.inputsDigest;
}

/** The inputs with a digest where they have none; a member that is undefined could not travel to the engine. */
function withDigest(inputs: DetectionJobInputs, digest: string | undefined): DetectionJobInputs {
  return inputs.inputsDigest !== undefined || digest === undefined
    ? inputs
    : { ...inputs, inputsDigest: digest };
}

/**
 * What decides, besides the images, whether a run is due. Layers and settings are in the lineage. While the engine works out what goes with a resource that
 * is replaced, it asks with places, or the target as a whole, unknown: then they are others than before.
 */
function identityOf({ target, seedDigest }: DetectionJobInputs): string {
  const text = JSON.stringify(target);
  if (text.includes(unknownValue)) return text;
  const { batchEndpoint, poolId, blobEndpoint, containers, identityClientId, identityResourceId } = target;
  const places = [batchEndpoint, poolId, blobEndpoint, identityClientId, identityResourceId];
  const names = [containers.input, containers.output, containers.layers];
  return JSON.stringify([...places, ...names, target.lineage, seedDigest]);
}

type Found = Pick<DetectionJobInputs, "inputsDigest" | "images">;

/** The digest of the input container; none while there is no container; the old one where the reader of a preview may not list. */
async function currentInputs(target: JobTarget, before: string | undefined): Promise<Found> {
  if (JSON.stringify(target).includes(unknownValue)) return {};
  const answer = await runJobCommand("inputs", target, []);
  const kind = textOf(answer, "kind");
  if (kind === "listed") return { inputsDigest: textOf(answer, "digest"), ...imagesOf(answer) };
  if (kind === "absent") return {};
  if (kind !== "denied")
    throw new Error(`The command "inputs" gave an unknown answer: ${JSON.stringify(answer)}`);
  process.stderr.write(
    `warning: the pictures cannot be listed, so new ones are not seen: ${textOf(answer, "message")}\n`,
  );
  return before === undefined ? {} : { inputsDigest: before };
}

/** Says it, too: a preview shows this resource's properties only to who asks for a diff. */
function imagesOf(answer: unknown): Found {
  const counts = memberOf(answer, "counts");
  if (counts === null) return {};
  const images = { new: numberOf(counts, "new"), done: numberOf(counts, "done") };
  if (images.new > 0) {
    const [fresh, done] = [images.new, images.done].map((count) => count.toLocaleString("en-US"));
    process.stderr.write(`images new: ${fresh}, done: ${done}\n`);
  }
  return { images };
}

async function submit(inputs: DetectionJobInputs, before: string | null): Promise<DetectionJobOutputs> {
  const answer = await runJobCommand("submit", inputs.target, []);
  return { ...inputs, jobId: textOf(answer, "kind") === "nothing-to-do" ? before : textOf(answer, "jobId") };
}

function runJobCommand(command: string, target: JobTarget, options: readonly string[]): Promise<unknown> {
  return runOwnCommand({
    script: "infra/job/cli.ts",
    args: [command, "--target", JSON.stringify(target), ...options, "--json"],
    deadlineMs: 60 * 60_000,
  });
}

export interface DetectionJobArgs {
  readonly target: { readonly [K in keyof JobTarget]: pulumi.Input<JobTarget[K]> };
  readonly accountCreated: pulumi.Input<string>;
  readonly seedDigest: pulumi.Input<string> | undefined;
}

export class DetectionJob extends pulumi.dynamic.Resource {
  declare readonly jobId: pulumi.Output<string | null>;

  constructor(name: string, args: DetectionJobArgs, options?: pulumi.CustomResourceOptions) {
    const found = { inputsDigest: undefined, images: undefined, jobId: undefined };
    super(detectionJobProvider, name, { ...args, ...found }, options, "detect", "DetectionJob");
  }
}
