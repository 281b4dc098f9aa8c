/** The ledger over a real Azurite; of Batch it asks for the list of jobs alone, which stands here as the test says. */
import type { ContainerClient } from "@azure/storage-blob";
import type { Batch } from "../../../infra/job/batch";
import type { JobView } from "../../../infra/job/batchViews";
import { readHead, replaceHead } from "../../../infra/job/ledger/head";
import { imageKey } from "../../../infra/job/ledger/imageKey";
import { openLedger, phaseOf } from "../../../infra/job/ledger/ledger";
import { listSegments, writeSegment } from "../../../infra/job/ledger/segment";
import type { Standing } from "../../../infra/job/ledger/standings";
import { FoundImages } from "../../../infra/job/plannedImages";
import { blobNames, writeRun, type Run } from "../../../infra/job/run";
import { formatResult, type ResultLine } from "../../../worker/contract/result";
import { defaultDetectionSettings } from "../../../worker/contract/settings";
import { startPlainAzurite, type PlainAzurite } from "../../support/plainAzurite";

const lineage = "0123456789abcdef";
const job = (id: string, state: string): JobView => ({
  id,
  poolId: "p",
  state,
  sealed: true,
  createdAt: new Date(0),
  endedAt: null,
  terminateReason: null,
  eTag: null,
});

let azurite: PlainAzurite;
let containers = 0;
beforeAll(async () => (azurite = await startPlainAzurite()));
afterAll(() => azurite.stop());

const image = (name: string) => ({ name, etag: '"1"', bytes: 1 });
const doneLine = (name: string): ResultLine => ({
  version: 1,
  image: { ...image(name), width: 1, height: 1 },
  detections: [],
  annotated: null,
});
const failedLine = (name: string, code: string): ResultLine => ({
  version: 1,
  image: { name, etag: '"1"' },
  error: { stage: "decode", code, message: "It is bad." },
});

class Stage {
  readonly jobs: JobView[] = [];
  #runs = 0;
  constructor(readonly output: ContainerClient) {}

  static async open(): Promise<Stage> {
    return new Stage(await azurite.container(`output-${containers++}`));
  }

  /** A run of one task over these images, with what its task has written so far. */
  async run(
    names: readonly string[],
    written: { readonly results?: readonly ResultLine[]; readonly parts?: readonly ResultLine[] },
    state: string | null,
  ): Promise<string> {
    const id = `detect-${lineage.slice(0, 8)}-${String(this.#runs++).padStart(12, "0")}`;
    await writeRun(this.output, { ...runOf(id), images: names.length });
    const found = new FoundImages();
    for (const name of names) await found.add(image(name));
    await found.close();
    await found.upload(this.output, id);
    found.remove();
    const blobs = blobNames(id, "shard-00001");
    for (const [blob, lines] of [
      [blobs.results, written.results],
      [`${blobs.parts}00001.ndjson`, written.parts],
    ] as const)
      if (lines !== undefined) {
        const text = lines.map(formatResult).join("");
        await this.output.getBlockBlobClient(blob).upload(text, Buffer.byteLength(text));
      }
    if (state !== null) this.jobs.push(job(id, state));
    return id;
  }

  async standings(names: readonly string[], keep = true): Promise<Standing[]> {
    const batch = { listJobs: () => Promise.resolve(this.jobs) } as unknown as Batch;
    const head = await readHead(this.output, lineage);
    const ledger = await openLedger(lineage, head, { output: this.output, batch }, keep, () => undefined);
    return names.map((name) => ledger.standingOf(imageKey(image(name))));
  }

  segments(): Promise<string[]> {
    return listSegments(this.output, lineage);
  }
}

function runOf(id: string): Run {
  return {
    version: 1,
    job: id,
    lineage,
    poolId: "p",
    submittedAt: new Date().toISOString(),
    layers: { runtime: "a".repeat(64), worker: "b".repeat(64), model: "c".repeat(64) },
    settings: defaultDetectionSettings,
    inputsDigest: "",
    images: 1,
    bytes: 1,
    tasks: [{ id: "shard-00001", images: 1, bytes: 1 }],
  };
}

const [fresh, held, done] = (["new", "held", "done"] as const).map((kind) => ({ kind }));

describe("the ledger", () => {
  it("takes from a run that ended what its result file says, and knows it when run and job are gone", async () => {
    const stage = await Stage.open();
    const names = ["a.jpg", "b.jpg", "c.jpg"];
    const id = await stage.run(
      names,
      { results: [doneLine("a.jpg"), failedLine("b.jpg", "truncated")] },
      "completed",
    );

    const first = await stage.standings(names);
    for await (const { name } of stage.output.listBlobsFlat({ prefix: `runs/${id}/` }))
      await stage.output.deleteBlob(name);
    stage.jobs.length = 0;

    expect(first).toEqual([done, { kind: "failed", code: "truncated" }, fresh]);
    expect(await stage.standings(names)).toEqual(first);
  });

  it("counts the parts of a task that was cut off, and leaves the rest to do", async () => {
    const stage = await Stage.open();
    await stage.run(["a.jpg", "b.jpg"], { parts: [doneLine("a.jpg")] }, "completed");

    expect(await stage.standings(["a.jpg", "b.jpg"])).toEqual([done, fresh]);
  });

  it("holds the images of a live run, also when it has done some, and of one that is being ended", async () => {
    const stage = await Stage.open();
    await stage.run(["a.jpg"], { parts: [doneLine("a.jpg")] }, "active");
    await stage.run(["b.jpg"], {}, "terminating");

    expect(await stage.standings(["a.jpg", "b.jpg"])).toEqual([held, held]);
    expect(await stage.segments()).toEqual([]);
  });

  it("holds the images of a plan that was committed and not started", async () => {
    const stage = await Stage.open();
    const id = await stage.run(["a.jpg"], {}, null);
    await replaceHead(stage.output, lineage, null, { version: 1, pending: runOf(id), last: id, by: "one" });

    expect(await stage.standings(["a.jpg"], false)).toEqual([held]);
  });

  it("writes nothing for a preview, which sees the same", async () => {
    const stage = await Stage.open();
    await stage.run(["a.jpg"], { results: [doneLine("a.jpg")] }, "completed");

    expect(await stage.standings(["a.jpg"], false)).toEqual([done]);
    expect(await stage.segments()).toEqual([]);
  });

  it("calls done what failed once and was then done, in whatever order it learns of them", async () => {
    const stage = await Stage.open();
    await stage.run(
      ["a.jpg", "b.jpg"],
      { results: [failedLine("a.jpg", "x"), doneLine("b.jpg")] },
      "completed",
    );
    await stage.run(
      ["a.jpg", "b.jpg"],
      { results: [doneLine("a.jpg"), failedLine("b.jpg", "x")] },
      "completed",
    );

    expect(await stage.standings(["a.jpg", "b.jpg"])).toEqual([done, done]);
  });

  it("keeps what it wrote of a run, whatever a slower submit finds of it", async () => {
    const stage = await Stage.open();
    const [whole, rest] = [[{ name: "a.jpg", etag: '"1"' }], []].map((entries) =>
      (async function* () {
        yield* await Promise.resolve(entries);
      })(),
    );

    await writeSegment(stage.output, lineage, "detect-01234567-000000000099", whole!);
    await writeSegment(stage.output, lineage, "detect-01234567-000000000099", rest!);

    expect(await stage.standings(["a.jpg"])).toEqual([done]);
  });

  it("keeps to its own lineage", async () => {
    const stage = await Stage.open();
    const id = await stage.run(["a.jpg"], { results: [doneLine("a.jpg")] }, "completed");
    await writeRun(stage.output, { ...runOf(id), lineage: `${lineage.slice(0, 8)}ffffffff` });

    expect(await stage.standings(["a.jpg"])).toEqual([fresh]);
  });

  it("merges its segments when there are many, and forgets nothing", async () => {
    const stage = await Stage.open();
    const names = Array.from({ length: 26 }, (_, index) => `${index}.jpg`);
    for (const name of names)
      await stage.run(["x.jpg", name], { results: [failedLine("x.jpg", "x"), doneLine(name)] }, "completed");
    await stage.run(["x.jpg"], { results: [doneLine("x.jpg")] }, "completed");

    const before = await stage.standings([...names, "x.jpg"]);
    const segments = await stage.segments();
    const after = await stage.standings([...names, "x.jpg"]);

    expect(before.filter(({ kind }) => kind !== "done")).toEqual([]);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toContain("/merged-");
    expect(after).toEqual(before);
    expect(await stage.segments()).toEqual(segments);
  });
});

describe("the head of a ledger", () => {
  it("is replaced by whoever has read what it replaces, and by nobody else", async () => {
    const { output } = await Stage.open();
    const next = (by: string) => ({ version: 1, pending: null, last: "detect-1", by }) as const;
    const none = await readHead(output, lineage);

    expect(none.etag).toBeNull();
    expect(await replaceHead(output, lineage, none.etag, next("one"))).toBe(true);
    expect(await replaceHead(output, lineage, none.etag, next("two"))).toBe(false);
    const { etag, head } = await readHead(output, lineage);
    expect(head.by).toBe("one");
    expect(await replaceHead(output, lineage, etag, next("three"))).toBe(true);
    expect(await replaceHead(output, lineage, etag, next("four"))).toBe(false);
  });
});

describe("a run", () => {
  const hour = 3_600_000;
  const run = runOf("detect-1");
  it.each([
    ["lives while its job does", job("j", "active"), false, 0, "live"],
    ["lives while its tasks are being ended", job("j", "terminating"), false, 0, "live"],
    ["has ended when all its results are there", job("j", "terminating"), true, 0, "ended"],
    ["has ended with its job", job("j", "completed"), false, 0, "ended"],
    ["has ended when its job is forgotten and its results are there", null, true, 0, "ended"],
    ["may not have begun when there is no job", null, false, hour, "unknown"],
    ["has ended when a job of its age cannot live", null, false, 26 * hour, "ended"],
  ] as const)("%s", (_, found, allResults, ageMs, phase) => {
    expect(phaseOf(run, found, allResults, Date.parse(run.submittedAt) + ageMs)).toBe(phase);
  });
});
