import { createHash } from "node:crypto";
import { outcomeOf, type Collected, type PlannedImage } from "../../../infra/job/collect";
import { reportPage } from "../../../infra/job/report/page";

const evil = `<img src=x onerror="alert('1')">.jpg`;
const images: PlannedImage[] = [
  {
    kind: "done",
    name: evil,
    task: "t",
    line: {
      version: 1,
      image: { name: evil, etag: "1", bytes: 1, width: 4, height: 3 },
      detections: [{ name: "<b>cat", class: 0, confidence: 0.9, box: { x1: 0, y1: 0, x2: 1, y2: 1 } }],
      annotated: `annotated/${evil}`,
    },
  },
  {
    kind: "failed",
    name: evil,
    task: "t",
    line: {
      version: 1,
      image: { name: evil, etag: "1" },
      error: { stage: "decode", code: "empty", message: "<script>alert(1)</script>" },
    },
  },
  { kind: "not-run", name: evil, task: "t" },
];
const layers = { runtime: "r", worker: "w", model: "m" };
const collected: Collected = {
  run: {
    version: 1,
    job: "detect-1",
    lineage: "l",
    poolId: "p",
    submittedAt: "2026-01-01T00:00:00.000Z",
    layers,
    settings: {
      confidence: 0.25,
      iou: 0.7,
      maxDetections: 300,
      classes: ["dog", "3"],
      agnostic: false,
      annotate: "all",
      acceptTruncated: false,
    },
    inputsDigest: "d",
    images: 3,
    bytes: 3,
    tasks: [{ id: "t", images: 3, bytes: 3 }],
  },
  images,
  outcome: { ...outcomeOf(images, []), verdict: { kind: "incomplete", notRun: 1 } },
  problems: ["Task t failed: <i>"],
  lostLogs: [],
  summaries: [],
};

describe("report.html", () => {
  it("escapes every name, message and class", () => {
    const page = reportPage(collected, new Map(), "");

    for (const raw of ["<img src=x", "<b>cat", "<script>alert", "<i>.", 'onerror="'])
      expect(page).not.toContain(raw);
    expect(page).toContain("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;.jpg");
  });

  it("shows failures before the pictures, and every image somewhere", () => {
    const page = reportPage(collected, new Map(), "");

    expect(page.indexOf('id="failures"')).toBeLessThan(page.indexOf('id="pictures"'));
    expect(page).toContain("1 of 3 images done, 1 failed, 1 not run");
  });

  it("embeds the pictures it is given and links the others relatively", () => {
    const embedded = new Map([[`annotated/${evil}`, "data:image/jpeg;base64,AA=="]]);

    expect(reportPage(collected, embedded, "")).toContain('src="data:image/jpeg;base64,AA=="');
    expect(reportPage(collected, new Map(), "../../")).toContain('src="../../annotated/%3Cimg%20src%3Dx');
  });

  it("allows its own script, and no other, to run", () => {
    const page = reportPage(collected, new Map(), "");

    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1] ?? "");
    expect(scripts).toHaveLength(1);
    const hash = createHash("sha256").update(scripts[0]!).digest("base64");
    // The policy stands in an attribute; what is escaped there, the browser reads as it was.
    const policy = page.replaceAll("&#39;", "'");
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
  });

  it("names nothing on the network", () => {
    expect(reportPage(collected, new Map(), "")).not.toMatch(/https?:\/\//);
  });

  it("tells the settings of the run in words", () => {
    const all = {
      ...collected,
      run: { ...collected.run, settings: { ...collected.run.settings, classes: [] } },
    };

    expect(reportPage(collected, new Map(), "")).toContain(
      "maxDetections 300, classes dog or 3, agnostic false",
    );
    expect(reportPage(all, new Map(), "")).toContain("classes all, agnostic false, annotate all");
  });
});
