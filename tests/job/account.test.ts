/** Accounting for a run whose job Batch has forgotten. */
import type { Batch } from "../../infra/job/batch";
import { writeText } from "../../infra/job/blobs";
import { accountFor } from "../../infra/job/collect";
import { blobNames } from "../../infra/job/run";
import type { Verdict } from "../../infra/job/verdict";
import { startPlainAzurite, type PlainAzurite } from "../support/plainAzurite";
import { run as plan } from "./report/fixtures";

let azurite: PlainAzurite;
beforeAll(async () => {
  azurite = await startPlainAzurite();
}, 60_000);
afterAll(() => azurite.stop());

const forgetful = { getJob: () => Promise.resolve(null) } as unknown as Batch;
let containers = 0;

/** A run of one image that was not run, and what an earlier report said of it. */
async function verdictOfForgotten(reported: Verdict | undefined): Promise<Verdict> {
  const output = await azurite.container(`output-${containers++}`);
  const { manifest } = blobNames(plan.job, "shard-00001");
  const header = {
    ...{ version: 1, job: plan.job, task: "shard-00001", lineage: plan.lineage, settings: plan.settings },
    input: { containerUrl: "https://a/input" },
    output: { containerUrl: "https://a/output", prefix: "p" },
    identityClientId: "c",
  };
  const image = { name: "a.jpg", etag: '"1"', bytes: 1, annotated: null };
  await writeText(output, manifest, `${JSON.stringify(header)}\n${JSON.stringify(image)}\n`, "text/plain");
  const outcome = {
    ...{ images: { planned: 1, done: 0, failed: 0, notRun: 1 }, detections: 0, byClass: {}, byFailure: {} },
    ...{ seconds: 1, imagesPerSecond: 0, nodes: 1, verdict: reported },
  };
  const run = { ...plan, images: 1, ...(reported && { outcome }) };
  return (await accountFor(run, output, forgetful, () => undefined)).outcome.verdict;
}

it("keeps the verdict of a report that was made while Batch knew how it ended", async () => {
  const cancelled = { kind: "cancelled", notRun: 1, reason: "somebody said so" } as const;

  expect(await verdictOfForgotten(cancelled)).toEqual(cancelled);
});

it("judges by the images where there was no report, or only one while it went on", async () => {
  const incomplete = { kind: "incomplete", notRun: 1 };

  expect(await verdictOfForgotten(undefined)).toEqual(incomplete);
  expect(await verdictOfForgotten({ kind: "running" })).toEqual(incomplete);
});
