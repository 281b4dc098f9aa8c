/**
 * A layer as a resource: an archive in the container `layers`, under its digest. Uploaded once; deleting the resource deletes nothing,
 * since older jobs may still need the blob.
 */
import * as pulumi from "@pulumi/pulumi";
import { layerBlobName, type LayerName } from "../worker/contract/layers";
import { isAnotherAccount } from "./accountCreated";
import { runOwnCommand } from "./spawn";

export interface LayerInputs {
  readonly blobEndpoint: string;
  /** When the storage account was created; unknown to state of earlier versions. */
  readonly accountCreated?: string;
  readonly container: string;
  /** Blob name, `<layer>/<digest>.tar.gz`. */
  readonly blob: string;
  readonly digest: string;
  /** The archive, relative to the project. */
  readonly file: string;
}

/** What Pulumi (and whoever applies the stack without its engine) calls. Its code goes into the state. */
export const layerProvider = {
  check: (_olds: unknown, news: LayerInputs) => Promise.resolve({ inputs: news, failures: [] }),
  diff: (_id: string, olds: LayerInputs, news: LayerInputs) =>
    Promise.resolve({
      changes:
        olds.digest !== news.digest ||
        olds.blobEndpoint !== news.blobEndpoint ||
        isAnotherAccount(olds.accountCreated, news.accountCreated),
    }),
  create: async (inputs: LayerInputs) => {
    await upload(inputs);
    return { id: inputs.blob, outs: inputs };
  },
  update: async (_id: string, _olds: LayerInputs, news: LayerInputs) => {
    await upload(news);
    return { outs: news };
  },
};

async function upload({ blobEndpoint, container, blob, file }: LayerInputs): Promise<void> {
  const where = ["--blob-endpoint", blobEndpoint, "--container", container];
  await runOwnCommand({
    script: "infra/job/cli.ts",
    args: ["upload", ...where, "--file", file, "--blob", blob, "--json"],
    deadlineMs: 60 * 60_000,
  });
}

export interface LayerArgs {
  readonly layer: LayerName;
  readonly digest: string;
  readonly file: string;
  readonly blobEndpoint: pulumi.Input<string>;
  readonly accountCreated: pulumi.Input<string>;
  readonly container: pulumi.Input<string>;
}

export class Layer extends pulumi.dynamic.Resource {
  constructor(name: string, { layer, digest, ...args }: LayerArgs, options?: pulumi.CustomResourceOptions) {
    super(
      layerProvider,
      name,
      { ...args, digest, blob: layerBlobName(layer, digest) },
      options,
      "detect",
      "Layer",
    );
  }
}
