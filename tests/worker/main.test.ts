import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { parseResult, type ResultLine } from "../../worker/contract/result";
import { parseSummary } from "../../worker/contract/summary";
import { processesIn, project, run, type CommandOptions } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

const model = join(project, "assets/model/street.onnx");
const street = (number: string): string => join(project, `assets/images/street-${number}.jpg`);

const worker = (args: readonly string[], options?: CommandOptions) =>
  run(process.execPath, ["--require", "tsx/cjs", "worker/main.ts", ...args], options);

function linesIn(file: string): ResultLine[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((row) => row !== "")
    .map((row, index) => parseResult(row, `${file} line ${index + 1}`));
}

describe("the command detect", () => {
  it("writes results, annotated pictures and a summary, and ends with 0", async () => {
    await withTemporaryFolder(async (out) => {
      const formats = ["--save-txt", "--coco", join(out, "coco.json"), "--csv", join(out, "boxes.csv")];
      const args = ["detect", "--model", model, "--out", out, ...formats, street("01"), street("02")];

      const { code, stdout, stderr } = await worker(args);

      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^2 images done, \d+ detections, [\d.]+ images\/s\. Results: .*\/results\.ndjson\n$/,
      );
      expect(stderr).toMatch(/^2\/2 street-02\.jpg: \d+ detections$/m);
      expect(readdirSync(out).sort()).toEqual([
        ...["annotated", "boxes.csv", "coco.json", "labels", "results.ndjson", "summary.json"],
      ]);
      const [first] = linesIn(join(out, "results.ndjson"));
      expect(first).toMatchObject({
        image: { width: 640, height: 480 },
        annotated: "annotated/street-01.jpg",
      });
      expect(await sharp(join(out, "annotated/street-01.jpg")).metadata()).toMatchObject({
        format: "jpeg",
        width: 640,
        height: 480,
        chromaSubsampling: "4:2:0",
      });
    });
  });

  it("prints the summary as JSON, and ends with 3 when an image failed", async () => {
    await withTemporaryFolder(async (folder) => {
      const empty = join(folder, "empty.jpg");
      writeFileSync(empty, "");
      const out = join(folder, "out");

      const { code, stdout, stderr } = await worker([
        "detect",
        "--model",
        model,
        "--out",
        out,
        "--json",
        empty,
      ]);

      expect(code).toBe(3);
      const summary = parseSummary(JSON.parse(stdout), "--json");
      expect(summary).toMatchObject({ images: 1, done: 0, failed: 1, byFailure: { empty: 1 } });
      expect(parseSummary(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")), "file")).toEqual(
        summary,
      );
      expect(stderr).toContain("1/1 empty.jpg: ");
    });
  });

  it.each([
    [1, "There is no model file /nowhere.onnx.", ["--model", "/nowhere.onnx", "--out", "OUT", street("01")]],
    [2, "error: required option '--model <file.onnx>' not specified", ["--out", "OUT", street("01")]],
  ])("ends with %d and one sentence: %s", async (expectedCode, message, args) => {
    await withTemporaryFolder(async (folder) => {
      const out = join(folder, "out");

      const { code, stderr } = await worker(["detect", ...args.map((arg) => (arg === "OUT" ? out : arg))]);

      expect(code).toBe(expectedCode);
      expect(stderr.startsWith(message)).toBe(true);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("ends with 130 on Ctrl-C, keeps what was done, and leaves no process", async () => {
    await withTemporaryFolder(async (folder) => {
      const images = join(folder, "images");
      mkdirSync(images);
      for (let index = 100; index < 300; index++) copyFileSync(street("01"), join(images, `${index}.jpg`));
      const out = join(folder, "out");

      const { code, stderr } = await worker(
        ["detect", "--model", model, "--out", out, "--threads", "1", images],
        { interruptAfter: "3/200" },
      );

      expect(code).toBe(130);
      expect(stderr).toContain(`Interrupted; what was done is in ${out}/results.ndjson.partial.`);
      expect(readdirSync(out).sort()).toEqual(["annotated", "results.ndjson.partial"]);
      const names = linesIn(join(out, "results.ndjson.partial")).map(({ image }) => image.name);
      expect(names.length).toBeGreaterThanOrEqual(3);
      expect(names.length).toBeLessThan(200);
      expect(names).toEqual(names.map((_, index) => `${100 + index}.jpg`));
      expect(processesIn(folder)).toEqual([]);
    });
  });
});

describe("the worker", () => {
  it("shows its commands with --help, and asks for one without", async () => {
    const help = await worker(["--help"]);
    const none = await worker([]);

    expect([help.code, none.code]).toEqual([0, 2]);
    for (const command of ["detect", "task", "self-test"]) expect(help.stdout).toContain(command);
  });

  it("ends a task with 1 and a sentence when its manifest cannot be read", async () => {
    const { code, stderr } = await worker(["task", "--model", model, "--manifest", "/nowhere.ndjson"]);

    expect([code, stderr]).toEqual([1, "The manifest /nowhere.ndjson cannot be read: it does not exist.\n"]);
  });
});
