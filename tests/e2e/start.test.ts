/** The whole story, as a person would type it. One file, because one `npm start` runs at a time. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { isFailed, parseResult, type ResultLine } from "../../worker/contract/result";
import { local, processesIn, project } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { itWithVerificationData, verificationDir } from "../support/verification";

const pictures = join(project, "assets/images");

function readResults(out: string): Map<string, ResultLine> {
  const lines = readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n");
  const results = lines.map((line, index) => parseResult(line, `results.ndjson line ${index + 1}`));
  return new Map(results.map((result) => [result.image.name, result]));
}

afterEach(() => {
  expect(processesIn(join(project, ".local/start"))).toEqual([]);
});

describe("npm start", () => {
  it(
    "runs the stack's pictures through the pool and brings back detections, pictures and a report",
    () =>
      withTemporaryFolder(async (out) => {
        const finished = await local(["start", "--out", out]);

        expect(finished).toMatchObject({ code: 0 });
        const results = readResults(out);
        expect([...results.keys()].sort()).toEqual(readdirSync(pictures).sort());
        expect(readdirSync(join(out, "annotated")).sort()).toEqual(readdirSync(pictures).sort());
        expect(results.get("street-01.jpg")).toMatchObject({
          detections: expect.arrayContaining([expect.objectContaining({ name: "stop sign" })]) as unknown,
        });
        expect(readFileSync(join(out, "report.html"), "utf8")).toContain("street-01.jpg");
        expect(finished.stdout).toContain("report.html");
      }),
    240_000,
  );

  it(
    "lists broken pictures with a reason, does the others, and exits with 3",
    () =>
      withTemporaryFolder(async (folder) => {
        const [images, out] = [join(folder, "images"), join(folder, "out")];
        mkdirSync(images);
        writeFileSync(join(images, "text.jpg"), "this is not a picture");
        writeFileSync(join(images, "empty.jpg"), "");
        copyFileSync(join(pictures, "street-05.jpg"), join(images, "truncated.jpg"));
        truncateSync(join(images, "truncated.jpg"), 60_000);
        const gray = { channels: 3, background: "#777" } as const;
        await sharp({ create: { width: 1, height: 1, ...gray } })
          .png()
          .toFile(join(images, "dot.png"));
        await sharp({ create: { width: 12_000, height: 9_000, ...gray } })
          .jpeg()
          .toFile(join(images, "huge.jpg"));
        copyFileSync(join(pictures, "street-01.jpg"), join(images, "good.jpg"));

        const finished = await local(["start", "--images", images, "--nodes", "1", "--out", out]);

        expect(finished).toMatchObject({ code: 3 });
        const results = readResults(out);
        const reasons = [...results.values()]
          .filter(isFailed)
          .map((line) => [line.image.name, line.error.code]);
        expect(Object.fromEntries(reasons)).toEqual({
          "text.jpg": "not-an-image",
          "empty.jpg": "empty",
          "truncated.jpg": "truncated",
          "huge.jpg": "too-large",
        });
        expect([...results.keys()].sort()).toEqual(readdirSync(images).sort());
      }),
    240_000,
  );

  it(
    "accounts for every picture under a seeded mix of faults, and says which there were",
    () =>
      withTemporaryFolder(async (out) => {
        const finished = await local(["start", "--chaos", "6", "--out", out]);

        const results = readResults(out);
        const failed = [...results.values()].filter(isFailed);
        expect(readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n").length).toBe(
          results.size,
        );
        expect([...results.keys()].sort()).toEqual(readdirSync(pictures).sort());
        expect(new Set(failed.map((line) => line.error.code))).toEqual(new Set(["missing"]));
        expect(finished).toMatchObject({ code: 3 });
        expect(finished.stdout).toContain("Faults on purpose, again with --chaos 6:");
        const injected = (kind: string): number =>
          Number(new RegExp(`^ +${kind} +(\\d+) `, "m").exec(finished.stdout)?.[1]);
        expect(injected("missingBlobs")).toBe(failed.length);
        for (const kind of ["nodeBoot", "preemption", "quotas", "batchRequests", "blobRequests", "uploads"])
          expect(injected(kind)).toBeGreaterThan(0);
      }),
    240_000,
  );

  it(
    "leaves no process behind when it is interrupted while the program is applied",
    () =>
      withTemporaryFolder(async (out) => {
        const finished = await local(["start", "--out", out], { interruptAfter: "batch:BatchAccount" });

        expect(finished).toMatchObject({ code: 130 });
        expect(existsSync(join(project, ".local/start"))).toBe(false);
      }),
    240_000,
  );

  it.each([
    [["--model", "missing.onnx"], "there is no file"],
    [["--images", "missing-folder"], "there is no folder"],
    [["--nodes", "many"], "expected a whole number"],
    [["--chaos", "monkey"], "expected a whole number"],
  ])("answers %j with a sentence, not a stack trace", async (args, sentence) => {
    const finished = await local(["start", ...args]);

    expect(finished.code).not.toBe(0);
    expect(finished.stderr).toContain(sentence);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
  });

  itWithVerificationData(
    "stops at once with the worker's own sentence when the model detects nothing",
    () =>
      withTemporaryFolder(async (out) => {
        const model = join(verificationDir, "models/broken-detects-nothing.onnx");

        const finished = await local(["start", "--model", model, "--out", out]);

        expect(finished).toMatchObject({ code: 1 });
        expect(finished.stderr).toMatch(/self-test/);
        expect(finished.stderr).not.toMatch(/\n\s+at /);
      }),
    240_000,
  );
});
