/** What a report says, before it is a page. */
import { costOf, amountText, ownPrices } from "../../../infra/job/report/cost";
import { differenceOf } from "../../../infra/job/report/difference";
import { confidenceHistogram } from "../../../infra/job/report/histogram";
import { timelineOf } from "../../../infra/job/report/timeline";
import { nodeSecondsOf, secondsOf } from "../../../infra/job/taskTimes";
import type { ResultLine } from "../../../worker/contract/result";
import { box, detection, done, doneLine, failed, task } from "./fixtures";

const byName = (...lines: ResultLine[]): Map<string, ResultLine> =>
  new Map(lines.map((line) => [line.image.name, line]));

describe("the histogram of confidences", () => {
  it("counts each detection once, the surest in the last bin", () => {
    const bins = confidenceHistogram([
      done("a", [detection("x", 1), detection("x", 0.25), detection("y", 0.2999)]),
      failed("b", "empty", "It is empty."),
    ]);

    expect(bins.filter(({ count }) => count > 0)).toEqual([
      { from: 0.25, to: 0.3, count: 2 },
      { from: 0.95, to: 1, count: 1 },
    ]);
  });
});

describe("the timeline", () => {
  it("has a lane for each task that a node ran at once", () => {
    const timeline = timelineOf([
      task("c", "n1", 10, 15),
      task("a", "n1", 0, 10),
      task("b", "n1", 2, 12, false),
      task("d", "n2", 5, null),
    ]);

    expect(timeline!.seconds).toBe(15);
    expect(
      timeline!.nodes.map(({ node, lanes }) => [node, lanes.map((lane) => lane.map((bar) => bar.task))]),
    ).toEqual([
      ["n1", [["a", "c"], ["b"]]],
      ["n2", [["d"]]],
    ]);
    expect(timeline!.nodes[0]!.lanes[1]).toMatchObject([{ state: "failed", from: 2, to: 12 }]);
    expect(timeline!.nodes[1]!.lanes[0]).toMatchObject([{ state: "unended", from: 5, to: 15 }]);
  });

  it("has at most eight marks, however long the run", () => {
    for (const seconds of [3, 61, 3_000, 80_000]) {
      const { ticks } = timelineOf([task("a", "n", 0, seconds)])!;
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }
  });

  it("is not there where Batch told no times", () => {
    expect(timelineOf([])).toBeNull();
  });
});

describe("the cost", () => {
  const machine = { vmSize: "Standard_D2s_v3", location: "Japan East" };

  it("is the time of each node from its first task to its last, at the price of the dated table", () => {
    const tasks = [task("a", "n1", 0, 1800), task("b", "n1", 1800, 3600), task("c", "n2", 0, 1800)];
    const nodeSeconds = nodeSecondsOf(tasks);
    const cost = costOf({ nodeSeconds, machine }, ownPrices());

    expect([secondsOf(tasks), nodeSeconds]).toEqual([3600, 5400]);
    expect(cost).toMatchObject({ kind: "known", hourly: 0.129, asOf: "2023-12-18" });
    expect(amountText(cost as Extract<typeof cost, { kind: "known" }>)).toBe("0.19 USD");
  });

  it.each([
    ["the times", { nodeSeconds: null, machine }, "no times"],
    ["the size", { nodeSeconds: 1 }, "pool is gone"],
    ["the region", { nodeSeconds: 1, machine: { ...machine, location: null } }, "region"],
    [
      "the price",
      { nodeSeconds: 1, machine: { ...machine, vmSize: "Standard_X1" } },
      "do not have Standard_X1",
    ],
  ])("is not guessed where %s is not known", (_, outcome, reason) => {
    const cost = costOf(outcome, ownPrices());

    expect(cost).toMatchObject({ kind: "unknown", reason: expect.stringContaining(reason) as string });
  });
});

describe("the difference to an earlier run", () => {
  const there = box(10, 10, 110, 110);
  const nearby = box(12, 10, 112, 110);
  const elsewhere = box(300, 300, 400, 400);

  it("is none where the same was found in the same places", () => {
    const same = byName(doneLine("a", [detection("dog"), detection("cat")]));
    const inOtherOrder = byName(doneLine("a", [detection("cat"), detection("dog")]));

    expect(differenceOf(same, inOtherOrder)).toEqual({
      compared: 1,
      images: [],
      newClasses: [],
      goneClasses: [],
    });
  });

  it("tells what moved from what was lost and gained", () => {
    const before = byName(doneLine("a", [detection("dog", 0.9, there), detection("dog", 0.8, elsewhere)]));
    const after = byName(doneLine("a", [detection("dog", 0.9, nearby), detection("cat", 0.9, there)]));

    const { images, newClasses, goneClasses } = differenceOf(before, after);

    expect(images).toMatchObject([{ name: "a", moved: 1, otherPicture: false }]);
    expect({ ...images[0]!.lost }).toEqual({ dog: 1 });
    expect({ ...images[0]!.gained }).toEqual({ cat: 1 });
    expect([newClasses, goneClasses]).toEqual([["cat"], []]);
  });

  it("pairs boxes that overlap most, each once", () => {
    const before = byName(doneLine("a", [detection("dog", 0.9, nearby)]));
    const after = byName(doneLine("a", [detection("dog", 0.9, there), detection("dog", 0.9, nearby)]));

    expect(differenceOf(before, after).images).toMatchObject([{ moved: 0, gained: { dog: 1 }, lost: {} }]);
  });

  it("tells an image that failed from one in which nothing was found, and another picture of the same name", () => {
    const failure = failed("a", "empty", "It is empty.");
    const broken = failure.kind === "failed" ? failure.line : undefined;
    const other = { ...broken!, image: { name: "a", etag: "2" } };

    expect(differenceOf(byName(doneLine("a", [])), byName(other)).images).toMatchObject([
      { before: "done", after: "failed", otherPicture: true },
    ]);
  });

  it("is over the images that both have", () => {
    const difference = differenceOf(
      byName(doneLine("a", [detection("dog")]), doneLine("b", [detection("cat")])),
      byName(doneLine("a", [detection("dog")]), doneLine("c", [detection("owl")])),
    );

    expect(difference).toEqual({ compared: 1, images: [], newClasses: [], goneClasses: [] });
  });

  it("takes a class by any name", () => {
    const { images } = differenceOf(
      byName(doneLine("a", [])),
      byName(doneLine("a", [detection("constructor")])),
    );

    expect({ ...images[0]!.gained }).toEqual({ constructor: 1 });
  });
});
