/** The command as a person runs it, on two of the bundled pictures. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../../../worker/parity/certificate";
import { project, run, type Finished } from "../../support/command";
import { withTemporaryFolder } from "../../support/temporaryFolder";

const model = join(project, "assets/model/street.onnx");

interface GoldenFile {
  versions: Record<string, string>;
  images: Record<string, { class: number; score: number; box: number[] }[]>;
}

/** Golden of the two pictures that `imagesIn` lays out. */
function goldenOfTwo(): GoldenFile {
  const { versions, images } = JSON.parse(
    readFileSync(join(project, "assets/expected.json"), "utf8"),
  ) as GoldenFile;
  return {
    versions,
    images: { "street-01.jpg": images["street-01.jpg"]!, "street-22.jpg": images["street-22.jpg"]! },
  };
}

function imagesIn(folder: string): string {
  const images = join(folder, "images");
  mkdirSync(images);
  for (const name of ["street-01.jpg", "street-22.jpg", "street-02.jpg"])
    copyFileSync(join(project, "assets/images", name), join(images, name));
  return images;
}

async function parity(golden: unknown, ...more: readonly string[]): Promise<Finished & { saved: unknown }> {
  return withTemporaryFolder(async (folder) => {
    const [goldenFile, certificate] = [join(folder, "golden.json"), join(folder, "certificate.json")];
    writeFileSync(goldenFile, JSON.stringify(golden));
    const inputs = ["--model", model, "--images", imagesIn(folder), "--golden", goldenFile];
    const args = ["worker/parity/main.ts", ...inputs, "--certificate", certificate, ...more];
    const finished = await run(process.execPath, ["--require", "tsx/cjs", ...args]);
    const saved: unknown =
      finished.code === 2 || finished.stdout === ""
        ? undefined
        : JSON.parse(readFileSync(certificate, "utf8"));
    return { ...finished, saved };
  });
}

describe("npm run parity", () => {
  it("prints a row a picture, names what made the reference and certifies it", async () => {
    const { code, stdout, saved } = await parity(goldenOfTwo());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^street-01\.jpg +11 +11 +0 +0 +\S+ +\S+ +\S+ +\d+\/11$/m);
    expect(stdout).toMatch(/^total +14 +14 +0 +0 .* \d+\/14$/m);
    expect(stdout).toContain("left out: street-02.jpg.");
    expect(stdout).toContain("against ultralytics 8.4.190, onnxruntime 1.30.0, cv2 5.0.0");
    expect(saved).toMatchObject({ pictures: 2, detections: 14, missing: 0, extra: 0 });
    // Which of the two depends on the processor: all are equal on the kind that the reference ran on.
    expect((saved as Certificate).verdict).toMatch(/^(equal|within tolerance)$/);
  });

  it("prints the certificate with --json, as it is in the file", async () => {
    const { stdout, saved } = await parity(goldenOfTwo(), "--json");

    expect(JSON.parse(stdout)).toEqual(saved);
    expect((saved as Certificate).worker.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("ends with 1 when a box is elsewhere, and says how far", async () => {
    const golden = goldenOfTwo();
    golden.images["street-22.jpg"]![0]!.box[0]! += 3;

    const { code, stdout, saved } = await parity(golden);

    expect(code).toBe(1);
    expect(stdout).toContain("Out of tolerance");
    expect((saved as Certificate).worst.boxPx).toBeCloseTo(3, 2);
  });

  it("ends with 1 when a picture is not there, and compares the others", async () => {
    const golden = goldenOfTwo();
    golden.images["elsewhere.jpg"] = [];

    const { code, stdout, saved } = await parity(golden);

    expect(code).toBe(1);
    expect(stdout).toContain("elsewhere.jpg could not be compared: It is not in");
    expect(saved).toMatchObject({ detections: 14, missing: 0, verdict: "out of tolerance" });
  });

  it.each<[string, unknown, RegExp]>([
    ["of other pictures", { images: { "x.jpg": [] } }, /^None of the 1 pictures of the golden file is in/],
    ["without pictures", { images: {} }, /names no pictures\.$/],
    ["that is something else", { boxes: [] }, /is no golden file: images: /],
    [
      "of another model, by its digest",
      { ...goldenOfTwo(), model: { sha256: "00" } },
      /was made with another model/,
    ],
    [
      "of another model, by its classes",
      { images: { "street-01.jpg": [{ class: 80, score: 0.5, box: [0, 0, 1, 1] }] } },
      /names class 80, and the model has 80\.$/,
    ],
  ])("refuses a golden file %s in one sentence", async (_what, golden, sentence) => {
    const { code, stdout, stderr } = await parity(golden);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr.trimEnd()).toMatch(sentence);
  });
});
