import { createHash } from "node:crypto";
import { ownPrices } from "../../../infra/job/report/cost";
import { dataElement, pageData } from "../../../infra/job/report/data";
import { reportPage, type Place } from "../../../infra/job/report/page";
import type { Report } from "../../../infra/job/report/report";
import { indexPage } from "../../../infra/job/report/runIndex";
import { detection, done, doneLine, failed, reportOf, run, task } from "./fixtures";

const evil = `<img src=x onerror="alert('1')"></script>.jpg`;
const report = reportOf({
  images: [
    done(evil, [detection("<b>cat")], `annotated/${evil}`),
    done("plain.jpg", [detection("dog")], "annotated/plain.jpg"),
    done("plain.png", [], "annotated/plain.png.jpg"),
    failed(evil, "empty", "<script>alert(1)</script>"),
    { kind: "not-run", name: evil, task: "t" },
  ],
  tasks: [task("<u>", "<s>", 0, 10)],
  problems: ["Task t failed: <i>"],
  before: [doneLine(evil, [detection("<q>")])],
});
const alone: Place = { toRoot: "", index: null };
const pageFor = (given: Report, place = alone, embedded = new Map<string, string>()): string =>
  reportPage(given, embedded, place);

describe("report.html", () => {
  it("escapes every name, message, class, node and task", () => {
    const page = pageFor(report);

    for (const raw of ["<img src=x", "<b>", "<script>alert", "<i>.", 'onerror="', "<q>", "<s>", "<u>"])
      expect(page).not.toContain(raw);
    expect(page).toContain("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#60;/script&#62;.jpg");
    expect(page.match(/<\/script>/g)).toHaveLength(3);
  });

  it("keeps every picture readable in its data, whatever its name", () => {
    const element = dataElement("x", pageData(report, new Map(), "")).markup;
    const data = JSON.parse(element.slice(element.indexOf(">") + 1, element.lastIndexOf("<"))) as {
      pictures: unknown[][];
    };

    expect(data.pictures.map(([name]) => name)).toEqual([evil, "plain.jpg", "plain.png"]);
    expect(data.pictures.map(([, , , annotated]) => annotated)).toEqual([1, 1, "annotated/plain.png.jpg"]);
    expect(data.pictures[1]!.at(-1)).toEqual([1, 0.9, 10, 10, 110, 110]);
  });

  it("shows failures, then changes, before the pictures, and every image somewhere", () => {
    const page = pageFor(report);

    const order = ["failures", "not-run", "changes", "classes", "confidence", "pictures", "timeline", "run"];
    const places = order.map((id) => page.indexOf(`id="${id}"`));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(page).toContain("3 of 5 images done, 1 failed, 1 not run");
    expect(page).toContain(">incomplete<");
  });

  it("names a hundred failures of a code and counts the others", () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      failed(`f${index}.jpg`, "empty", "It is empty."),
    );

    const page = pageFor(reportOf({ images: many }));

    expect(page).toContain("f99.jpg");
    expect(page).not.toContain("f100.jpg");
    expect(page).toContain("… and 9,900 more");
  });

  it("embeds the pictures it is given", () => {
    const embedded = new Map([["annotated/plain.jpg", "data:image/jpeg;base64,AA=="]]);

    expect(pageFor(report, alone, embedded)).toContain('{"1":"data:image/jpeg;base64,AA=="}');
  });

  it("leads to the page over all runs from where that is", () => {
    const inContainer = { toRoot: "../../", index: "../../report/index.html" };

    expect(pageFor(report, inContainer)).toContain('<a href="../../report/index.html">');
    expect(pageFor(report)).not.toContain("All runs");
  });

  it("allows its own script, and no other, to run", () => {
    const page = pageFor(report);

    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1] ?? "");
    expect(scripts).toHaveLength(1);
    const hash = createHash("sha256").update(scripts[0]!).digest("base64");
    // The policy stands in an attribute; what is escaped there, the browser reads as it was.
    const policy = page.replaceAll("&#39;", "'");
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
  });

  it("names nothing on the network but the namespace of drawings", () => {
    expect(pageFor(report).replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
  });

  it("tells the settings of the run in words, its cost with the day of the prices, and what was other before", () => {
    const page = pageFor(report);

    expect(page).toContain("maxDetections 300, classes dog or 3, agnostic false");
    expect(page).toContain("list price of 2023-12-18");
    expect(page).toContain("confidence 0.4 → 0.25");
    expect(page).toContain("detect-99990000-0123456789ab");
  });
});

describe("the page over all runs", () => {
  const { outcome } = report.collected;
  const listed = {
    ...{
      job: run.job,
      submittedAt: run.submittedAt,
      lineage: run.lineage,
      poolId: "pool-1",
      state: "completed",
      seconds: 12,
    },
    ...{ images: outcome.images, verdict: outcome.verdict, outcome },
  };

  it("tells of each run its verdict, counts, speed and cost, and leads to its report", () => {
    const running = { ...listed, job: "detect-x", outcome: null, verdict: { kind: "running" } as const };
    const page = indexPage([listed, running], ownPrices(), ({ job }) =>
      job === run.job ? `../runs/${job}/report.html` : null,
    );

    expect(page).toContain(`<a href="../runs/${run.job}/report.html">`);
    expect(page).toContain(">incomplete<");
    expect(page).toContain("0.00036 USD");
    expect(page).toMatch(/>running<[^]*>detect-x</);
    expect(page).not.toContain("<script>");
    expect(page).not.toMatch(/https?:\/\//);
  });
});
