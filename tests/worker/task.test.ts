import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import type { Manifest } from "../../worker/contract/manifest";
import type { ResultLine } from "../../worker/contract/result";
import { defaultDetectionSettings } from "../../worker/contract/settings";
import { runShard } from "../../worker/task";
import { project } from "../support/command";
import { startPlainAzurite, type PlainAzurite } from "../support/plainAzurite";
import { MemoryContainer } from "./out/memoryContainer";

const model = join(project, "assets/model/street.onnx");
const prefix = "runs/job/shard-00001";
const never = new AbortController().signal;

let azurite: PlainAzurite;
let input: ContainerClient;
let manifest: Manifest;

beforeAll(async () => {
  azurite = await startPlainAzurite();
  input = await azurite.container("input");
  const street = (name: string): Buffer => readFileSync(join(project, "assets/images", name));
  const blobs: [string, Buffer][] = [
    ["b 1.jpg", street("street-01.jpg")],
    ["broken.jpg", Buffer.from("text")],
    ["a/2.jpg", street("street-04.jpg")],
  ];
  const images = [];
  for (const [name, content] of blobs) {
    const { etag } = await input.getBlockBlobClient(name).uploadData(content);
    images.push({
      name,
      etag: etag!.replaceAll('"', ""),
      bytes: content.length,
      annotated: `annotated/${name}`,
    });
  }
  const header = {
    ...{ version: 1 as const, job: "job", task: "shard-00001", lineage: "", identityClientId: "" },
    settings: defaultDetectionSettings,
    input: { containerUrl: input.url },
    output: { containerUrl: "https://example.invalid/output", prefix },
  };
  manifest = { header, images: [...images, { name: "gone.jpg", etag: "0x1", bytes: 9, annotated: null }] };
});
afterAll(() => azurite.stop());

const linesOf = (output: MemoryContainer): ResultLine[] =>
  (output.blobs.get(`${prefix}/results.ndjson`) ?? "")
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => JSON.parse(row) as ResultLine);

describe("a shard", () => {
  it("ends with results in the manifest's order, annotated pictures, a summary, and no parts", async () => {
    const output = new MemoryContainer();
    const reported: string[] = [];

    const summary = await runShard(manifest, { input, output }, model, never, (line) => reported.push(line));

    expect(summary).toMatchObject({
      images: 4,
      done: 2,
      failed: 2,
      byFailure: { missing: 1, "not-an-image": 1 },
    });
    expect([...output.blobs.keys()].sort()).toEqual([
      "annotated/a/2.jpg",
      "annotated/b 1.jpg",
      `${prefix}/results.ndjson`,
      `${prefix}/summary.json`,
    ]);
    const lines = linesOf(output);
    expect(lines.map(({ image }) => image.name)).toEqual(["b 1.jpg", "broken.jpg", "a/2.jpg", "gone.jpg"]);
    expect(lines.map((line) => ("error" in line ? line.error.code : line.detections.length > 5))).toEqual([
      true,
      "not-an-image",
      true,
      "missing",
    ]);
    expect(reported).toContain("gone.jpg: The blob was deleted after the run was planned.");
  });

  it("does after a failure only what its parts do not hold, and ends with the same bytes", async () => {
    const [whole, twice] = [new MemoryContainer(), new MemoryContainer()];
    await runShard(manifest, { input, output: whole }, model, never, () => undefined);

    twice.refused = "annotated/a/2.jpg";
    await expect(runShard(manifest, { input, output: twice }, model, never, () => undefined)).rejects.toThrow(
      "Cannot write annotated/a/2.jpg",
    );
    expect([...twice.blobs.keys()].sort()).toEqual([
      "annotated/b 1.jpg",
      `${prefix}/parts/00001.ndjson`,
      `${prefix}/tries.json`,
    ]);
    twice.refused = undefined;
    const reported: string[] = [];
    await runShard(manifest, { input, output: twice }, model, never, (line) => reported.push(line));

    expect(reported[0]).toBe("2 images are done already.");
    expect(twice.written.filter((name) => name === "annotated/b 1.jpg")).toHaveLength(1);
    expect(twice.blobs.get(`${prefix}/results.ndjson`)).toBe(whole.blobs.get(`${prefix}/results.ndjson`));
    expect(twice.blobs.has(`${prefix}/parts/00001.ndjson`)).toBe(false);
  });

  it("keeps what was done when it is interrupted", async () => {
    const output = new MemoryContainer();
    const interruption = new AbortController();
    const many = {
      ...manifest,
      images: Array.from({ length: 40 }, (_, at) => ({ ...manifest.images[1]!, etag: `0x${at}` })),
    };

    const summary = await runShard(many, { input, output }, model, interruption.signal, () =>
      interruption.abort(),
    );

    expect(summary).toBeUndefined();
    expect([...output.blobs.keys()].sort()).toEqual([`${prefix}/parts/00001.ndjson`, `${prefix}/tries.json`]);
  });
});
