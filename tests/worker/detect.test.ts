import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { isFailed, parseResult, type ResultLine } from "../../worker/contract/result";
import { defaultDetectionSettings, type DetectionSettings } from "../../worker/contract/settings";
import { parseSummary } from "../../worker/contract/summary";
import { detect, type DetectOptions } from "../../worker/detect";
import { project } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

const model = join(project, "assets/model/street.onnx");
const street = (number: string): string => join(project, `assets/images/street-${number}.jpg`);

/** Runs to the end; the lines that were written. */
async function run(
  images: readonly string[],
  out: string,
  settings: Partial<DetectionSettings> = {},
  options: Partial<DetectOptions> = {},
): Promise<ResultLine[]> {
  const wanted = { ...defaultDetectionSettings, ...settings };
  const defaults = { model, out, images, settings: wanted, formats: {}, namesFile: undefined, threads: 1 };
  await detect({ ...defaults, ...options }, new AbortController().signal, () => undefined);
  return readFileSync(join(out, "results.ndjson"), "utf8")
    .split("\n")
    .filter((row) => row !== "")
    .map((row, index) => parseResult(row, `line ${index + 1}`));
}

const found = (line: ResultLine | undefined) => (line === undefined || isFailed(line) ? [] : line.detections);

/** Path → content of every file below a folder. */
function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(files.sort().map((file) => [file, readFileSync(join(folder, file)).toString("base64")]));
}

const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } });

describe("detection in folders", () => {
  it("writes the same bytes with one, two and three threads", async () => {
    await withTemporaryFolder(async (folder) => {
      const images = ["03", "08", "16", "20"].map(street);
      const outputs: Map<string, string>[] = [];

      for (const threads of [1, 2, 3]) {
        const out = join(folder, String(threads));
        const formats = {
          yolo: { folder: out, withConfidence: true },
          coco: join(out, "coco.json"),
          csv: join(out, "boxes.csv"),
        };
        await run(images, out, {}, { threads, formats });
        outputs.push(filesIn(out));
      }

      const withoutTimes = outputs.map((files) => [...files].filter(([name]) => name !== "summary.json"));
      expect(withoutTimes[0]!.map(([name]) => name)).toEqual([
        ...["03", "08", "16", "20"].map((number) => `annotated/street-${number}.jpg`),
        "boxes.csv",
        "coco.json",
        ...["03", "08", "16", "20"].map((number) => `labels/street-${number}.txt`),
        "results.ndjson",
      ]);
      expect(withoutTimes[1]).toEqual(withoutTimes[0]);
      expect(withoutTimes[2]).toEqual(withoutTimes[0]);
    });
  });

  it("accounts for every image of a broken folder and does the good ones", async () => {
    await withTemporaryFolder(async (folder) => {
      const images = join(folder, "images");
      mkdirSync(images);
      const good = readFileSync(street("01"));
      writeFileSync(join(images, "text.jpg"), "this is a text\n");
      writeFileSync(join(images, "empty.jpg"), "");
      writeFileSync(join(images, "truncated.jpg"), good.subarray(0, good.length / 2));
      copyFileSync(street("01"), join(images, "good.jpg"));
      await dot.clone().png().toFile(join(images, "dot.png"));
      await dot.clone().png().toFile(join(images, "a-png-named.jpg"));
      await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: "grey" } })
        .jpeg({ quality: 10, optimiseCoding: false })
        .toFile(join(images, "huge.jpg"));
      const out = join(folder, "out");

      const lines = await run([images], out);

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
      const summary = parseSummary(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")), "file");
      expect(summary).toMatchObject({
        ...{ images: 7, done: 3, failed: 4 },
        byFailure: { empty: 1, "not-an-image": 1, "too-large": 1, truncated: 1 },
      });
      expect(readdirSync(join(out, "annotated")).sort()).toEqual([
        "a-png-named.jpg",
        "dot.png.jpg",
        "good.jpg",
      ]);
    });
  });

  it("heeds its thresholds, decodes truncated pictures when told so, and annotates none when none are wanted", async () => {
    await withTemporaryFolder(async (folder) => {
      const half = join(folder, "half.jpg");
      const good = readFileSync(street("01"));
      writeFileSync(half, good.subarray(0, good.length / 2));
      const out = join(folder, "out");
      const settings = {
        ...({ confidence: 0.9, maxDetections: 2, annotate: "none", acceptTruncated: true } as const),
      };

      const lines = await run([street("01"), half], out, settings);

      expect(found(lines[0])).toHaveLength(2);
      expect(Math.min(...found(lines[0]).map(({ confidence }) => confidence))).toBeGreaterThan(0.9);
      expect(lines[1]?.image).toMatchObject({ truncated: true, width: 640 });
      expect(readdirSync(out).sort()).toEqual(["results.ndjson", "summary.json"]);
    });
  });

  it("keeps only the classes that are wanted, annotates the pictures that have them, and reads none of those again", async () => {
    await withTemporaryFolder(async (folder) => {
      const everything = await run([street("01")], join(folder, "all"));
      const name = found(everything[0])[0]!.name;
      const images = join(folder, "images");
      mkdirSync(images);
      copyFileSync(street("01"), join(images, "street.jpg"));
      await dot.clone().png().toFile(join(images, "dot.png"));

      for (const time of ["first", "second"]) {
        const lines = await run([images], images, { classes: [name], annotate: "positives" });

        expect(found(lines[1])).toEqual(found(everything[0]).filter((each) => each.name === name));
        expect(lines.map((line) => [line.image.name, "annotated" in line && line.annotated])).toEqual([
          ["dot.png", null],
          ["street.jpg", "annotated/street.jpg"],
        ]);
        expect([time, ...readdirSync(join(images, "annotated"))]).toEqual([time, "street.jpg"]);
      }
    });
  });

  it.each([
    [
      "a class that the model does not have",
      { settings: { ...defaultDetectionSettings, classes: ["unicorn"] } },
      /unicorn/,
    ],
    [
      "a file that is no model",
      { model: join(project, "package.json") },
      /^package\.json is not a model that ONNX Runtime can load: /,
    ],
  ])("says so, and writes nothing, for %s", async (_, options, message) => {
    await withTemporaryFolder(async (folder) => {
      const out = join(folder, "out");

      await expect(run([street("01")], out, {}, options)).rejects.toThrow(message);
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});
