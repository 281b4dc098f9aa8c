/** The command as a person runs it. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project, run, type Finished } from "../../support/command";
import { withTemporaryFolder } from "../../support/temporaryFolder";

interface Figures {
  readonly map50: number;
  readonly map: number;
  readonly classes: readonly { readonly name: string; readonly objects: number }[];
}

function evaluate(images: string, labels: string, ...more: readonly string[]): Promise<Finished> {
  const model = join(project, "assets/model/street.onnx");
  const args = ["worker/eval/main.ts", "--model", model, "--images", images, "--labels", labels, ...more];
  return run(process.execPath, ["--require", "tsx/cjs", ...args]);
}

/** One of the bundled pictures, with its labels or with others. */
async function ofOnePicture(labels: string | undefined): Promise<Finished> {
  return withTemporaryFolder(async (folder) => {
    const [images, labelled] = [join(folder, "images"), join(folder, "labels")];
    mkdirSync(images);
    mkdirSync(labelled);
    copyFileSync(join(project, "assets/images/street-22.jpg"), join(images, "street-22.jpg"));
    if (labels !== undefined) writeFileSync(join(labelled, "street-22.txt"), labels);
    return evaluate(images, labelled);
  });
}

describe("npm run eval", () => {
  it("gives the bundled model the figures of its card, as far as the card's own way to shrink pictures allows", async () => {
    const { code, stdout } = await evaluate(
      join(project, "assets/images"),
      join(project, "assets/labels"),
      "--json",
    );

    const figures = JSON.parse(stdout) as Figures;
    expect(code).toBe(0);
    // assets/README.md: 0.977 and 0.809, measured with pictures shrunk by area instead of OpenCV's bilinear resize.
    expect(Math.abs(figures.map50 - 0.977)).toBeLessThan(0.003);
    expect(Math.abs(figures.map - 0.809)).toBeLessThan(0.008);
    expect(figures.classes.map(({ name }) => name)).toHaveLength(10);
    expect(figures.classes.reduce((sum, { objects }) => sum + objects, 0)).toBe(223);
  });

  it("prints a row a class, the means and the settings that they were measured with", async () => {
    const { code, stdout } = await ofOnePicture("0 0.5 0.5 0.1 0.1\n");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^person +1 +0\.000 +0\.000$/m);
    expect(stdout).toMatch(/^mAP50 0\.000, mAP50-95 0\.000: 1 pictures, 1 objects of 1 classes\.$/m);
    expect(stdout).toContain(
      "Confidence above 0.001, NMS at IoU 0.7, several classes an anchor, at most 300 findings",
    );
  });

  it.each([
    ["labels of another model", "80 .5 .5 .1 .1\n", /name class 80, and .* has 80 classes/],
    ["labels in pixels", "0 320 240 40 40\n", /street-22\.txt line 1: it has values that are no shares/],
    ["no labels at all", undefined, /^None of the 1 pictures in .* has labels in/],
  ])("refuses %s in one sentence", async (_what, labels, sentence) => {
    const { code, stdout, stderr } = await ofOnePicture(labels);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
