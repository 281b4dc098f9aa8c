/**
 * The head of a lineage's ledger, `ledger/<lineage>/head.json`: the run that is being submitted. It is replaced only by whoever
 * has read what it replaces (If-Match), so of two submits at once one commits its plan and the other sees it. A run named here
 * may be started by anybody, as often as they like: its plan is fixed.
 */
import type { ContainerClient } from "@azure/storage-blob";
import { z } from "zod";
import { parseLine } from "../../../worker/contract/ndjson";
import { answerTimeoutMs, explained, readTextWithEtag, storageStatus } from "../blobs";
import { runSchema } from "../run";

const head = z.strictObject({
  version: z.literal(1),
  /** Planned, and not known to be started with all its tasks. */
  pending: runSchema.nullable(),
  /** The job submitted last. */
  last: z.string().nullable(),
  /** Who wrote this: an id made up for one submit. */
  by: z.string(),
});

export type Head = z.infer<typeof head>;

export interface ReadHead {
  readonly head: Head;
  /** Null: there is none yet. */
  readonly etag: string | null;
}

export async function readHead(output: ContainerClient, lineage: string): Promise<ReadHead> {
  const name = nameOf(lineage);
  const found = await readTextWithEtag(output, name);
  if (found === null) return { head: { version: 1, pending: null, last: null, by: "" }, etag: null };
  return { head: parseLine(head, found.text, name), etag: found.etag };
}

/** False: somebody was faster; read it again. So it is, too, when an answer was lost and the SDK asked twice: see `by`. */
export async function replaceHead(
  output: ContainerClient,
  lineage: string,
  etag: string | null,
  next: Head,
): Promise<boolean> {
  const name = nameOf(lineage);
  const text = `${JSON.stringify(next)}\n`;
  try {
    await output.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), {
      conditions: etag === null ? { ifNoneMatch: "*" } : { ifMatch: etag },
      blobHTTPHeaders: { blobContentType: "application/json" },
      abortSignal: AbortSignal.timeout(answerTimeoutMs),
    });
    return true;
  } catch (error) {
    // Storage REST: 412 ConditionNotMet, and 409 BlobAlreadyExists for If-None-Match.
    if (storageStatus(error) === 412 || storageStatus(error) === 409) return false;
    throw explained(`write ${name}`, output, error);
  }
}

function nameOf(lineage: string): string {
  return `ledger/${lineage}/head.json`;
}
