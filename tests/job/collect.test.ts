import type { TaskView } from "../../infra/job/batchViews";
import { isLogsAlone, joinOutcomes, type Collected, type PlannedImage } from "../../infra/job/collect";
import { categoriesOf } from "../../infra/job/results";
import { Tally } from "../../infra/job/tally";

const planned = (name: string) => ({ name, etag: '"1"', bytes: 1, annotated: null });
const done = (name: string, etag = '"1"') => ({
  version: 1 as const,
  image: { name, etag, bytes: 1, width: 1, height: 1 },
  detections: [{ name: "cat", class: 0, confidence: 0.9, box: { x1: 0, y1: 0, x2: 1, y2: 1 } }],
  annotated: null,
});
const failed = (name: string) => ({
  version: 1 as const,
  image: { name, etag: '"1"' },
  error: { stage: "decode" as const, code: "empty", message: "It is empty." },
});

function tallied(images: readonly PlannedImage[]): Tally {
  const tally = new Tally();
  for (const image of images) tally.note(image);
  return tally;
}

describe("collecting a run", () => {
  it("ends every planned image in exactly one of done, failed and not run", () => {
    const images = joinOutcomes("t", ["a", "b", "c"].map(planned), [failed("b"), done("a")]);

    expect(images.map((image) => image.kind)).toEqual(["done", "failed", "not-run"]);
    expect(tallied(images).outcome([])).toMatchObject({
      images: { planned: 3, done: 1, failed: 1, notRun: 1 },
      byClass: { cat: 1 },
      byFailure: { empty: 1 },
      seconds: null,
    });
    expect(tallied(images).failures).toEqual([{ name: "b", code: "empty" }]);
  });

  it("takes no result of another version of the image", () => {
    expect(joinOutcomes("t", [planned("a")], [done("a", '"2"')])[0]?.kind).toBe("not-run");
  });
});

describe("a task that Batch calls failed", () => {
  const task = (code: string, exitCode: number | null) =>
    ({ id: "t", exitCode, failure: { code, message: "m" } }) as TaskView;
  const all = joinOutcomes("t", [planned("a")], [done("a")]);
  const none = joinOutcomes("t", [planned("a")], []);

  it.each([
    [
      "its logs alone, when it did all its images and an upload was refused",
      task("FileUploadAccessDenied", 0),
      all,
      true,
    ],
    ["more, when an image was not run", task("FileUploadAccessDenied", 0), none, false],
    ["more, when its command failed, too", task("FileUploadMiscError", 1), all, false],
    ["more, when it is not about an upload", task("FailureExitCode", 1), all, false],
  ])("has lost %s", (_, failed, images, expected) => {
    expect(isLogsAlone(tallied(images).unfinished)(failed)).toBe(expected);
  });
});

describe("category ids of a run's COCO results", () => {
  const found = (classNumber: number, name: string, classes: number[]) => {
    const summaries = classes.map(
      (count) => ({ model: { classes: count } }) as Collected["summaries"][number],
    );
    return categoriesOf(new Map([[classNumber, name]]), summaries)(62);
  };

  it("are COCO's own where the model has as many classes and what was found bears COCO's names", () => {
    expect(found(62, "tv", [80])).toBe(72);
    expect(found(62, "tv", [81])).toBe(63);
    expect(found(62, "helmet", [80])).toBe(63);
  });

  it("go by what was found where no task came to its end", () => {
    expect([found(62, "tv", []), found(62, "helmet", [])]).toEqual([72, 63]);
  });
});
