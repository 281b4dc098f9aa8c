/** The annotated pictures of a report: the first ones inside the page; the page links the rest. */
import type { ContainerClient } from "@azure/storage-blob";
import { readBytes } from "../blobs";
import type { Collected } from "../collect";

/** About what a mail attachment may be; a small run's report is whole by itself. */
const embeddedBytes = 12_000_000;

/** Annotated name → data URI; a picture that is missing here is to be linked. Stops reading where the budget ends. */
export async function embedPictures(
  collected: Collected,
  output: ContainerClient,
): Promise<ReadonlyMap<string, string>> {
  const embedded = new Map<string, string>();
  let left = embeddedBytes;
  for (const image of collected.images) {
    const name = image.kind === "done" ? image.line.annotated : null;
    if (name === null) continue;
    const bytes = await readBytes(output, name);
    if (bytes === null) continue;
    const uri = `data:image/jpeg;base64,${bytes.toString("base64")}`;
    if (uri.length > left) break;
    left -= uri.length;
    embedded.set(name, uri);
  }
  return embedded;
}
