/** What the operator may do in the three containers. Writes only in `output`, under a prefix of its own, and takes that back. */
import { randomUUID } from "node:crypto";
import type { BlockBlobClient } from "@azure/storage-blob";
import { storageStatus } from "../blobs";
import { ok, unknown, wrong, type Check, type Finding } from "./check";
import { clockCheck } from "./clock";
import { callDeadlineMs, type SmokeCloud } from "./cloud";
import { reasonOf } from "./refusal";

const giveRole =
  "Give yourself Storage Blob Data Contributor on the container (setting `operators`, then pulumi up; with `manageRoles: false` whoever " +
  "gives the roles), and wait up to 10 minutes.";

const listCheck = (name: "input" | "output" | "layers"): Check => ({
  id: `list-${name}`,
  title: `container ${name} can be listed`,
  anchor: "roles-of-operators",
  change: giveRole,
  needs: ["reach-storage", "token-storage"],
  look: async ({ probes, signal }) => {
    const pages = probes.containers[name]
      .listBlobsFlat({ abortSignal: signal() })
      .byPage({ maxPageSize: 100 });
    const page = (await pages.next()).value as Page;
    const more = page.continuationToken ? " or more" : "";
    return ok(`${page.segment.blobItems.length}${more} blobs`);
  },
});

interface Page {
  readonly continuationToken?: string;
  readonly segment: { readonly blobItems: readonly unknown[] };
}

export const smokePrefix = "smoke/";
const content = "Written and removed by npm run smoke.\n";

/** A blob of this command's own; removed again whatever happens, also after Ctrl-C, hence the deadline of its own. */
async function withOwnBlob<T>(
  cloud: SmokeCloud,
  use: (blob: BlockBlobClient, etag: string) => Promise<T>,
): Promise<T> {
  const blob = cloud.probes.containers.output.getBlockBlobClient(`${smokePrefix}${randomUUID()}.txt`);
  try {
    const { etag } = await blob.upload(content, content.length, { abortSignal: cloud.signal() });
    return await use(blob, etag ?? "");
  } finally {
    await takeBack(blob, cloud);
  }
}

/** What a check found is worth more than that its blob stayed; a person hears of both. */
async function takeBack(blob: BlockBlobClient, { note }: SmokeCloud): Promise<void> {
  try {
    await blob.deleteIfExists({ abortSignal: AbortSignal.timeout(callDeadlineMs) });
  } catch (error) {
    note(`${blob.url} could not be removed (${reasonOf(error)}). Remove it: it is of no use to anybody.`);
  }
}

export const containerChecks: readonly Check[] = [
  listCheck("input"),
  listCheck("output"),
  listCheck("layers"),
  clockCheck("storage", ["list-output"], async ({ probes, signal }) => {
    const { date } = await probes.containers.output.getProperties({ abortSignal: signal() });
    return date;
  }),
  {
    id: "write-output",
    title: "a blob can be written to output, read and removed",
    anchor: "roles-of-operators",
    change: giveRole,
    needs: ["list-output"],
    look: (cloud) =>
      withOwnBlob(cloud, async (blob) => {
        const read = await blob.downloadToBuffer(0, undefined, { abortSignal: cloud.signal() });
        if (read.toString("utf8") !== content) return wrong(`read ${read.length} bytes, others than written`);
        await blob.delete({ abortSignal: cloud.signal() });
        const left = await blob.exists({ abortSignal: cloud.signal() });
        return left
          ? wrong("the blob is still there after it was deleted")
          : ok(`${read.length} bytes and back`);
      }),
  },
  {
    id: "write-input",
    title: "pictures may be written to input",
    anchor: "roles-of-operators",
    change: giveRole,
    needs: ["list-input"],
    // A picture of ours in `input` could get into a run that is planned meanwhile. A write that only replaces what cannot be there
    // is judged by the role first and by its condition then: 403, or 412 (404 where a missing blob is said first), and never a blob.
    look: async (cloud) => {
      const blob = cloud.probes.containers.input.getBlockBlobClient(`${smokePrefix}${randomUUID()}.txt`);
      const conditions = { ifMatch: '"0x8D0000000000000"' };
      try {
        await blob.upload(content, content.length, { conditions, abortSignal: cloud.signal() });
        await takeBack(blob, cloud);
        return wrong("a write under a condition that cannot hold was not refused");
      } catch (error) {
        const status = storageStatus(error) ?? 0;
        if ([404, 412].includes(status))
          return ok(`allowed (asked under a condition that cannot hold: ${status})`);
        throw error;
      }
    },
  },
  {
    id: "if-match",
    title: "a read with If-Match is refused once the blob has changed",
    anchor: "if-match-on-blob-reads",
    change:
      "worker/io/container.ts reads pictures with If-Match and takes 412 ConditionNotMet for `changed`: follow what was measured there.",
    needs: ["write-output"],
    look: (cloud) =>
      withOwnBlob(cloud, async (blob, etag) => {
        const statusWith = async (ifMatch: string): Promise<number | null> => {
          try {
            const conditions = { ifMatch };
            await blob.downloadToBuffer(0, undefined, { conditions, abortSignal: cloud.signal() });
            return 200;
          } catch (error) {
            return storageStatus(error);
          }
        };
        const before = await statusWith(etag);
        await blob.upload(`${content}Changed.\n`, content.length + 9, { abortSignal: cloud.signal() });
        return assessIfMatch(before, await statusWith(etag));
      }),
  },
  {
    id: "etag-format",
    title: "listings and writes give one etag for one version, but for its quotes",
    anchor: "if-match-on-blob-reads",
    change:
      "infra/job/inputs.ts (entityTag) and worker/io/container.ts (quoted) make the two alike: follow what was measured there.",
    needs: ["write-output"],
    look: (cloud) =>
      withOwnBlob(cloud, async (blob, etag) => {
        const listed = cloud.probes.containers.output.listBlobsFlat({
          prefix: blob.name,
          abortSignal: cloud.signal(),
        });
        for await (const item of listed) return assessEtags(etag, item.properties.etag);
        return unknown("the blob was not in the listing right after it was written");
      }),
  },
];

/** Pure: the statuses of a read with the etag of the version that is there, and after it was replaced. */
export function assessIfMatch(same: number | null, replaced: number | null): Finding {
  const measured = `${same ?? "no answer"} with the right etag, ${replaced ?? "no answer"} with an old one`;
  return same === 200 && replaced === 412 ? ok(measured) : wrong(measured);
}

/** Pure. */
export function assessEtags(written: string, listed: string): Finding {
  const bare = (etag: string): string => etag.replaceAll('"', "");
  const measured = `written ${written}, listed ${listed}`;
  return bare(written) !== "" && bare(written) === bare(listed) ? ok(measured) : wrong(measured);
}
