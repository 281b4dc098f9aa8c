/** The annotated pictures of a report: the first ones inside the page; the page links the rest. */
import type { ContainerClient } from "@azure/storage-blob";
import { readBytes } from "../blobs";
import type { Collected } from "../collect";
import { annotatedOf } from "../results";

/** About what a mail attachment may be; a small run's report is whole by itself. */
const embeddedBytes = 12_000_000;

/** Annotated name → data URI; a picture that is missing here is to be linked. Stops reading where the budget ends. */
export async function embedPictures(
  collected: Collected,
  output: ContainerClient,
): Promise<ReadonlyMap<string, string>> {
  const embedded = new Map<string, string>();
  let left = embeddedBytes;
  for (const name of annotatedOf(collected)) {
    const bytes = await readBytes(output, name);
    if (bytes === null) continue;
    const uri = `data:image/jpeg;base64,${bytes.toString("base64")}`;
    if (uri.length > left) break;
    left -= uri.length;
    embedded.set(name, uri);
  }
  return embedded;
}
