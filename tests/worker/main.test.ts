import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { isFailed, parseResult, type ResultLine } from "../../worker/contract/result";
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
      const args = ["detect", "--model", model, "--out", out, street("01"), street("02")];

      const { code, stdout, stderr } = await worker(args);

      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^2 images done, \d+ detections, [\d.]+ images\/s\. Results: .*\/results\.ndjson\n$/,
      );
      expect(stderr).toMatch(/^2\/2 street-02\.jpg: \d+ detections$/m);
      expect(readdirSync(out).sort()).toEqual(["annotated", "results.ndjson", "summary.json"]);
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

  it("gives the same bytes with one thread and with several", async () => {
    await withTemporaryFolder(async (folder) => {
      const outputs = await Promise.all(
        ["1", "3"].map(async (threads) => {
          const out = join(folder, threads);
          const pictures = ["03", "08", "16"].map(street);
          await worker(["detect", "--model", model, "--out", out, "--threads", threads, ...pictures]);
          return [
            readFileSync(join(out, "results.ndjson")),
            readFileSync(join(out, "annotated/street-08.jpg")),
          ];
        }),
      );

      expect(outputs[0]).toEqual(outputs[1]);
    });
  });

  it("accounts for every image of a broken folder, does the good ones, and ends with 3", async () => {
    await withTemporaryFolder(async (folder) => {
      const images = join(folder, "images");
      mkdirSync(images);
      const good = readFileSync(street("01"));
      writeFileSync(join(images, "text.jpg"), "this is a text\n");
      writeFileSync(join(images, "empty.jpg"), "");
      writeFileSync(join(images, "truncated.jpg"), good.subarray(0, good.length / 2));
      copyFileSync(street("01"), join(images, "good.jpg"));
      const dot = { create: { width: 1, height: 1, channels: 3 as const, background: "red" } };
      await sharp(dot).png().toFile(join(images, "dot.png"));
      await sharp(dot).png().toFile(join(images, "a-png-named.jpg"));
      await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: "grey" } })
        .jpeg({ quality: 10, optimiseCoding: false })
        .toFile(join(images, "huge.jpg"));

      const { code, stdout, stderr } = await worker([
        "detect",
        "--model",
        model,
        "--out",
        join(folder, "out"),
        "--json",
        images,
      ]);

      expect(code).toBe(3);
      const lines = linesIn(join(folder, "out/results.ndjson"));
      expect(
        lines.map((line) => [line.image.name, isFailed(line) ? line.error.code : line.detections.length > 0]),
      ).toEqual([
        ["a-png-named.jpg", false],
        ["dot.png", false],
        ["empty.jpg", "empty"],
        ["good.jpg", true],
        ["huge.jpg", "too-large"],
        ["text.jpg", "not-an-image"],
        ["truncated.jpg", "truncated"],
      ]);
      const summary = parseSummary(JSON.parse(stdout), "--json");
      expect(summary).toMatchObject({
        ...{ images: 7, done: 3, failed: 4 },
        byFailure: { empty: 1, "not-an-image": 1, "too-large": 1, truncated: 1 },
      });
      expect(
        parseSummary(JSON.parse(readFileSync(join(folder, "out/summary.json"), "utf8")), "file"),
      ).toEqual(summary);
      expect(stderr).toContain(
        "huge.jpg: The picture has 12000×9000 pixels (108 megapixels); the limit is 100 megapixels and 1048576 a side.",
      );
      expect(readdirSync(join(folder, "out/annotated")).sort()).toEqual([
        "a-png-named.jpg",
        "dot.png.jpg",
        "good.jpg",
      ]);
    });
  });

  it("decodes truncated pictures when told so, and marks them", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "half.jpg");
      const good = readFileSync(street("01"));
      writeFileSync(file, good.subarray(0, good.length / 2));
      const out = join(folder, "out");

      const { code } = await worker(["detect", "--model", model, "--out", out, "--accept-truncated", file]);

      expect(code).toBe(0);
      expect(linesIn(join(out, "results.ndjson"))[0]?.image).toMatchObject({ truncated: true, width: 640 });
    });
  });

  it("heeds its thresholds and writes no annotated pictures when none are wanted", async () => {
    await withTemporaryFolder(async (out) => {
      const flags = ["--conf", "0.9", "--max-det", "2", "--annotate", "none"];

      await worker(["detect", "--model", model, "--out", out, ...flags, street("01")]);

      const [line] = linesIn(join(out, "results.ndjson"));
      const scores =
        line !== undefined && !isFailed(line) ? line.detections.map((one) => one.confidence) : [];
      expect(scores).toHaveLength(2);
      expect(Math.min(...scores)).toBeGreaterThan(0.9);
      expect(readdirSync(out).sort()).toEqual(["results.ndjson", "summary.json"]);
    });
  });

  it.each([
    [1, "There is no model file /nowhere.onnx.", ["--model", "/nowhere.onnx", "--out", "OUT", street("01")]],
    [1, "There is no file or folder /nowhere.", ["--model", model, "--out", "OUT", "/nowhere"]],
    [
      1,
      "package.json is not a model that ONNX Runtime can load: ",
      ["--model", "package.json", "--out", "OUT", street("01")],
    ],
    [2, "error: required option '--model <file.onnx>' not specified", ["--out", "OUT", street("01")]],
    [2, "error: missing required argument 'images'", ["--model", model, "--out", "OUT"]],
    [2, "error: unknown option '--colour'", ["--model", model, "--out", "OUT", "--colour", street("01")]],
    [
      2,
      "error: option '--conf <share>' argument '7' is invalid. expected a number from 0 to 1.",
      ["--model", model, "--out", "OUT", "--conf", "7", street("01")],
    ],
    [
      2,
      "error: option '--threads <n>' argument 'two' is invalid. expected a whole number from 1 to 256.",
      ["--model", model, "--out", "OUT", "--threads", "two", street("01")],
    ],
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
