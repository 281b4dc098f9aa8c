/**
 * The seed pictures as a resource: a folder whose pictures lie in the input container before the first job. Pictures are added, never
 * removed: what others put into the container is theirs, and what a deploy put there may have been used.
 */
import * as pulumi from "@pulumi/pulumi";
import { isAnotherAccount } from "./accountCreated";
import { numberOf, runOwnCommand, textOf } from "./spawn";

export interface SeedImagesInputs {
  readonly blobEndpoint: string;
  /** When the storage account was created; unknown to state of earlier versions. */
  readonly accountCreated?: string;
  readonly container: string;
  readonly folder: string;
  /** sha256 over the folder's pictures; found out by `check`. */
  readonly digest: string;
  readonly images: number;
}

/** What Pulumi (and whoever applies the stack without its engine) calls. Its code goes into the state. */
export const seedImagesProvider = {
  check: async (_olds: unknown, news: Omit<SeedImagesInputs, "digest" | "images">) => {
    const answer = await runOwnCommand({
      script: "infra/job/cli.ts",
      args: ["inputs", "--folder", news.folder, "--json"],
      deadlineMs: 10 * 60_000,
    });
    const inputs = { ...news, digest: textOf(answer, "digest"), images: numberOf(answer, "images") };
    return { inputs, failures: [] };
  },
  diff: (_id: string, olds: SeedImagesInputs, news: SeedImagesInputs) =>
    Promise.resolve({
      changes:
        olds.digest !== news.digest ||
        olds.blobEndpoint !== news.blobEndpoint ||
        isAnotherAccount(olds.accountCreated, news.accountCreated),
    }),
  create: async (inputs: SeedImagesInputs) => {
    await upload(inputs);
    return { id: `${inputs.container}/`, outs: inputs };
  },
  update: async (_id: string, _olds: SeedImagesInputs, news: SeedImagesInputs) => {
    await upload(news);
    return { outs: news };
  },
};

async function upload({ blobEndpoint, container, folder }: SeedImagesInputs): Promise<void> {
  await runOwnCommand({
    script: "infra/job/cli.ts",
    args: ["upload", "--blob-endpoint", blobEndpoint, "--container", container, "--folder", folder, "--json"],
    deadlineMs: 60 * 60_000,
  });
}

export interface SeedImagesArgs {
  readonly blobEndpoint: pulumi.Input<string>;
  readonly accountCreated: pulumi.Input<string>;
  readonly container: pulumi.Input<string>;
  /** Relative to the project, or absolute. */
  readonly folder: string;
}

export class SeedImages extends pulumi.dynamic.Resource {
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, args: SeedImagesArgs, options?: pulumi.CustomResourceOptions) {
    super(
      seedImagesProvider,
      name,
      { ...args, digest: undefined, images: undefined },
      options,
      "detect",
      "SeedImages",
    );
  }
}
