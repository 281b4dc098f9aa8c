/** What a submit would find, without writing anything: for previews and for people. */
import { BatchError } from "./batchError";
import { storageStatus } from "./blobs";
import type { Clients } from "./clients";
import { eachInput, ListingError } from "./inputs";
import { readHead } from "./ledger/head";
import type { ImageKey } from "./ledger/imageKey";
import { openLedger } from "./ledger/ledger";
import type { Standing } from "./ledger/standings";
import { scanInputs, type Counts } from "./plan";
import type { Totals } from "./shards";
import { countsText } from "./submission";
import type { JobTarget } from "./target";
import { numberText } from "./words";

export type Outlook =
  | {
      readonly kind: "listed";
      readonly digest: string;
      readonly images: number;
      /** Null where the caller may list the images and not read what became of them. */
      readonly counts: Counts | null;
      /** Of what a submit would do now. */
      readonly todo: Totals;
    }
  | { readonly kind: "denied" | "absent"; readonly message: string };

export async function lookAhead(
  target: JobTarget,
  clients: Clients,
  note: (line: string) => void,
): Promise<Outlook> {
  const standingOf = await standings(target, clients, note);
  try {
    const scan = await scanInputs(
      eachInput(clients.input, note),
      standingOf ?? (() => ({ kind: "new" })),
      { kind: "new" },
      () => undefined,
    );
    const { inputsDigest: digest, counts } = scan;
    const todo = { images: scan.todo.images, bytes: scan.todo.bytes };
    const images = counts.new + counts.held + counts.done + counts.failed;
    return { kind: "listed", digest, images, counts: standingOf === null ? null : counts, todo };
  } catch (error) {
    if (!(error instanceof ListingError) || error.kind === "failed") throw error;
    return { kind: error.kind, message: error.message };
  }
}

/** Null where the ledger cannot be read: the container is not there yet, or not for the caller to read. */
async function standings(
  target: JobTarget,
  clients: Clients,
  note: (line: string) => void,
): Promise<((key: ImageKey) => Standing) | null> {
  try {
    const head = await readHead(clients.output, target.lineage);
    return (await openLedger(target.lineage, head, clients, false, note)).standingOf;
  } catch (error) {
    if (!isDeniedOrAbsent(error)) throw error;
    note(`It is not known which images are done: ${(error as Error).message}`);
    return null;
  }
}

function isDeniedOrAbsent(error: unknown): boolean {
  const status =
    error instanceof BatchError ? error.status : storageStatus((error as { cause?: unknown }).cause);
  return status === 401 || status === 403 || status === 404;
}

export function inputsSentence(outlook: Outlook): string {
  if (outlook.kind !== "listed") return outlook.message;
  const counts = outlook.counts === null ? "" : ` (${countsText(outlook.counts)})`;
  return `${numberText(outlook.images)} images${counts}, digest ${outlook.digest}`;
}
