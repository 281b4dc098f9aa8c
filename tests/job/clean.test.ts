import type { ContainerClient } from "@azure/storage-blob";
import { openBatch, type Batch } from "../../infra/job/batch";
import type { JobView } from "../../infra/job/batchViews";
import { listNames, writeText } from "../../infra/job/blobs";
import { findRubbish, isOrphan, namedLayers, oldOnes, remove } from "../../infra/job/clean";
import { rubbishTable } from "../../infra/job/cleanText";
import { readHead, replaceHead } from "../../infra/job/ledger/head";
import { imageKey } from "../../infra/job/ledger/imageKey";
import { openLedger } from "../../infra/job/ledger/ledger";
import { FoundImages } from "../../infra/job/plannedImages";
import { blobNames, writeRun, type Run } from "../../infra/job/run";
import type { JobTarget } from "../../infra/job/target";
import { sizeText } from "../../infra/job/words";
import { formatResult } from "../../worker/contract/result";
import { defaultDetectionSettings } from "../../worker/contract/settings";
import { eventually, withBatchCloud } from "../local/batch/batchCloud";
import { pool } from "../local/batch/fixtures";
import { startPlainAzurite, type PlainAzurite } from "../support/plainAzurite";

const lineage = "0123456789abcdef";
const digest = (letter: string): string => letter.repeat(64);
const layersOf = (letter: string) => ({
  runtime: digest(letter),
  worker: digest(letter),
  model: digest(letter),
});
const target = { lineage, layers: layersOf("a") } as JobTarget;

let azurite: PlainAzurite;
let containers = 0;
beforeAll(async () => (azurite = await startPlainAzurite()));
afterAll(() => azurite.stop());

const image = (name: string) => ({ name, etag: '"1"', bytes: 1 });
const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 3_600_000).toISOString();

class Stage {
  readonly jobs: JobView[] = [];
  readonly deletedJobs: string[] = [];
  #runs = 0;
  constructor(
    readonly output: ContainerClient,
    readonly layers: ContainerClient,
  ) {}

  static async open(): Promise<Stage> {
    const number = containers++;
    return new Stage(
      await azurite.container(`output-${number}`),
      await azurite.container(`layers-${number}`),
    );
  }

  get batch(): Batch {
    const batch: Pick<Batch, "listJobs" | "deleteJob" | "resourceUrls"> = {
      listJobs: () => Promise.resolve(this.jobs),
      deleteJob: (id) => Promise.resolve(void this.deletedJobs.push(id)),
      resourceUrls: () => Promise.resolve([]),
    };
    return batch as Batch;
  }

  /** A run of one task over one image of this name, which is done. */
  async run(name: string, submittedAt: string, state: string | null): Promise<string> {
    const id = `detect-${lineage.slice(0, 8)}-${String(this.#runs++).padStart(12, "0")}`;
    const run: Run = {
      ...{ version: 1, job: id, lineage, poolId: "p", submittedAt, layers: layersOf("b"), inputsDigest: "" },
      ...{ settings: defaultDetectionSettings, images: 1, bytes: 1 },
      tasks: [{ id: "shard-00001", images: 1, bytes: 1 }],
    };
    const found = new FoundImages();
    await found.add(image(name));
    await found.close();
    await found.upload(this.output, id);
    found.remove();
    await writeRun(this.output, run);
    const size = { ...image(name), width: 1, height: 1 };
    const line = formatResult({ version: 1, image: size, detections: [], annotated: null });
    await writeText(this.output, blobNames(id, "shard-00001").results, line, "text/plain");
    if (state !== null)
      this.jobs.push({
        ...{ id, poolId: "p", state, sealed: true, createdAt: new Date(0), endedAt: null },
        ...{ terminateReason: null, eTag: null },
      });
    return id;
  }

  async clean(old: Parameters<typeof findRubbish>[3]) {
    const found = await findRubbish(target, this, this.layers, old, () => undefined);
    await remove(found, this, this.layers, () => undefined);
    return found;
  }

  async standing(name: string): Promise<string> {
    const head = await readHead(this.output, lineage);
    return (await openLedger(lineage, head, this, false, () => undefined)).standingOf(imageKey(image(name)))
      .kind;
  }

  async runsLeft(): Promise<string[]> {
    const names = await listNames(this.output, "runs/");
    return [...new Set(names.map((name) => name.split("/")[1]!))].sort();
  }
}

describe("cleaning", () => {
  it("takes old runs with their jobs, and the ledger still knows what they did", async () => {
    const stage = await Stage.open();
    const old = await stage.run("a.jpg", daysAgo(40), "completed");
    const forgotten = await stage.run("b.jpg", daysAgo(39), null);
    const young = await stage.run("c.jpg", daysAgo(2), "completed");

    const { runs, undecided } = await stage.clean({ kind: "days", days: 30 });

    expect([runs.map(({ job }) => job), undecided]).toEqual([[old, forgotten], []]);
    expect(runs[0]).toMatchObject({ hasJob: true, bytes: expect.any(Number) as number });
    expect(runs[0]!.blobs).toHaveLength(3);
    expect(await stage.runsLeft()).toEqual([young]);
    expect(stage.deletedJobs).toEqual([old]);
    expect([await stage.standing("a.jpg"), await stage.standing("b.jpg")]).toEqual(["done", "done"]);
  });

  it("turns a submit away that read the ledger before, so that it looks again", async () => {
    const stage = await Stage.open();
    await stage.run("a.jpg", daysAgo(40), "completed");
    const before = await readHead(stage.output, lineage);

    await stage.clean({ kind: "days", days: 30 });

    expect(await replaceHead(stage.output, lineage, before.etag, before.head)).toBe(false);
    expect((await readHead(stage.output, lineage)).head).toMatchObject({ pending: null, last: null });
  });

  it("never takes a live run, however many are to be kept", async () => {
    const stage = await Stage.open();
    const live = await stage.run("a.jpg", daysAgo(3), "active");
    const ended = await stage.run("b.jpg", daysAgo(2), "completed");
    const newest = await stage.run("c.jpg", daysAgo(1), "completed");

    const { runs } = await stage.clean({ kind: "keep", newest: 1 });

    expect(runs.map(({ job }) => job)).toEqual([ended]);
    expect(await stage.runsLeft()).toEqual([live, newest]);
  });

  it("that was killed in the middle of a run goes on with it", async () => {
    const stage = await Stage.open();
    const old = await stage.run("a.jpg", daysAgo(40), "completed");
    const found = await findRubbish(target, stage, stage.layers, { kind: "days", days: 30 }, () => undefined);
    let deleted = 0;
    const killed = remove(found, stage, stage.layers, () => {
      if ((deleted += 1) === 2) throw new Error("killed");
    });
    await expect(killed).rejects.toThrow("killed");
    expect(await stage.runsLeft()).toEqual([old]);

    await stage.clean({ kind: "days", days: 30 });

    expect(await stage.runsLeft()).toEqual([]);
    expect(await stage.standing("a.jpg")).toBe("done");
  });

  it("leaves layers alone that were uploaded only now", async () => {
    const stage = await Stage.open();
    await writeText(stage.layers, `worker/${digest("f")}.tar.gz`, "x", "application/gzip");

    expect((await stage.clean({ kind: "keep", newest: 0 })).layers).toEqual([]);
  });
});

describe("a layer is an orphan", () => {
  const name = `worker/${digest("f")}.tar.gz`;
  const named = namedLayers([target]);
  const ageMs = 48 * 3_600_000;

  it("when nothing names it, and only then", () => {
    expect(isOrphan({ name, ageMs }, named, [])).toBe(true);
    expect(isOrphan({ name: `worker/${digest("a")}.tar.gz`, ageMs }, named, [])).toBe(false);
    expect(isOrphan({ name, ageMs }, named, [`https://x.blob.core.windows.net/layers/${name}`])).toBe(false);
    expect(isOrphan({ name, ageMs: 1 }, named, [])).toBe(false);
  });
});

it("counts days and newest runs as they are written", () => {
  const runs = [1, 5, 31].map((days) => ({ job: `${days}`, submittedAt: daysAgo(days) })) as Run[];
  const jobs = (old: Parameters<typeof oldOnes>[1]) => oldOnes(runs, old, Date.now()).map(({ job }) => job);

  expect(jobs({ kind: "days", days: 30 })).toEqual(["31"]);
  expect(jobs({ kind: "days", days: 0 })).toEqual(["31", "5", "1"]);
  expect(jobs({ kind: "keep", newest: 2 })).toEqual(["31"]);
});

it("shows what would go, with sizes", () => {
  const run = {
    lineage: "l",
    job: "detect-1",
    submittedAt: "2026-01-02T03:04:05Z",
    blobs: ["a", "b"],
    bytes: 1_500_000,
    hasJob: true,
  };

  expect(
    rubbishTable({ runs: [run], layers: [{ blob: "worker/f.tar.gz", bytes: 999 }], undecided: ["detect-2"] }),
  ).toBe(
    [
      "run    detect-1  2026-01-02  2 blobs, 1.5 MB",
      "layer  worker/f.tar.gz  999 B",
      "stays  detect-2: it is not sure that it ended",
      "1 old run, 1 orphaned layer: 1.5 MB",
    ].join("\n"),
  );
  expect([0, 999, 1000, 2.5e12].map(sizeText)).toEqual(["0 B", "999 B", "1.0 kB", "2.5 TB"]);
});

describe("Batch", () => {
  it("is asked for what pools and live jobs fetch, and deletes a job, also one that is gone", async () => {
    await withBatchCloud(async (cloud) => {
      const batch = openBatch(cloud.client, () => undefined);
      const file = (name: string) => [{ httpUrl: `https://x.invalid/layers/${name}`, filePath: name }];
      const jobOf = (id: string) => ({
        ...{ id, poolInfo: { poolId: "pool" } },
        jobPreparationTask: { commandLine: "true", resourceFiles: file(id) },
      });
      const startTask = { commandLine: "true", resourceFiles: file("start") };
      await cloud.client.pool.add(pool({ targetDedicatedNodes: 0, startTask }));
      await cloud.client.job.add(jobOf("live"));
      await cloud.client.job.add(jobOf("over"));
      await batch.terminateJob("over", "enough");

      const urls = await batch.resourceUrls();
      await batch.deleteJob("over");
      await eventually("the job to be gone", async () => (await batch.getJob("over")) === null);
      await batch.deleteJob("over");

      expect(urls.map((url) => url.split("/").at(-1)).sort()).toEqual(["live", "start"]);
    });
  });
});
