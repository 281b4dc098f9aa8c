import pc from "picocolors";
import { diffRuns } from "../../infra/job/diff";
import { diffText } from "../../infra/job/diffText";
import { collectedOf, detection, done, failed, run } from "./report/fixtures";

const plain = pc.createColors(false);

describe("the diff of two runs", () => {
  const a = collectedOf({
    images: [done("a.jpg", [detection("dog"), detection("cat")]), done("gone.jpg", [])],
  });
  const found = collectedOf({
    images: [done("a.jpg", [detection("dog")]), failed("\u001b[31mnew.jpg", "empty", "It is empty.")],
  });
  const b = {
    ...found,
    run: {
      ...found.run,
      job: "detect-b",
      layers: { ...run.layers, model: "f".repeat(64) },
      settings: { ...run.settings, confidence: 0.5 },
    },
  };

  it("names what differs of receipts and results, and what only one of them has", () => {
    const diff = diffRuns({ collected: a, cost: "1 USD" }, { collected: b, cost: null });

    expect(diff.receipt).toEqual([
      { name: "layer model", before: "m".repeat(8), after: "f".repeat(64) },
      { name: "confidence", before: 0.25, after: 0.5 },
    ]);
    expect(diff.counts).toEqual(
      expect.arrayContaining([
        { name: "done", before: 2, after: 1 },
        { name: "failed", before: 0, after: 1 },
        { name: "cost", before: "1 USD", after: null },
      ]),
    );
    expect(diff.classes).toEqual([{ name: "cat", before: 1, after: null }]);
    expect(diff.failures).toEqual([{ name: "empty", before: null, after: 1 }]);
    expect(diff.results.images).toMatchObject([{ name: "a.jpg", lost: { cat: 1 } }]);
    expect([diff.onlyBefore, diff.onlyAfter]).toEqual([["gone.jpg"], ["\u001b[31mnew.jpg"]]);
  });

  it("is text that tells digests by their beginning, and lets no name speak to the terminal", () => {
    const text = diffText(diffRuns({ collected: a, cost: null }, { collected: b, cost: null }), plain);

    expect(text).toMatch(/layer model +m{8} → f{12}…\n/);
    expect(text).toMatch(/confidence +0\.25 → 0\.5 {2}\(\+0\.25\)/);
    expect(text).toContain("a.jpg: lost 1 cat");
    expect(text).toContain("1 only in detect-b: new.jpg");
    expect(text).not.toContain("\u001b");
  });

  it("says of a run and itself that all is the same", () => {
    const text = diffText(diffRuns({ collected: a, cost: null }, { collected: a, cost: null }), plain);

    expect(text).toMatch(/Layers, settings, inputs: the same\n\nCounts: the same/);
    expect(text).toContain("2 images in both\n  none differs");
  });
});
