import { changesOf, parseDocument, reasonOf } from "../../../infra/pipeline/document";
import { changedWords, nothingYet, take, type Deploy } from "../../../infra/pipeline/events";

const pool = "urn:pulumi:dev::detect::detect:infra:Storage$azure-native:batch:Pool::pool";
const diagnostic = (severity: string, message: string) => ({ diagnosticEvent: { severity, message } });

function read(events: readonly object[]): { deploy: Deploy; said: string[] } {
  let deploy = nothingYet;
  const said: string[] = [];
  for (const event of events) {
    const taken = take(deploy, JSON.stringify({ sequence: 1, ...event }));
    deploy = taken.after;
    if (taken.said !== undefined) said.push(taken.said);
  }
  return { deploy, said };
}

describe("the events of a deploy", () => {
  it("tell what was done, what commands of ours say meanwhile, and how it ended", () => {
    const { deploy, said } = read([
      { resourcePreEvent: { metadata: { op: "create", urn: pool } } },
      { resOutputsEvent: { metadata: { op: "same", urn: pool } } },
      { resOutputsEvent: { metadata: { op: "create", urn: pool } } },
      diagnostic("info#err", "uploading 3 layers …\n"),
      diagnostic("debug", "Registering resource"),
      { summaryEvent: { resourceChanges: { create: 1, same: 2 } } },
    ]);

    expect(said).toEqual(["pool (azure-native:batch:Pool): created", "uploading 3 layers …"]);
    expect(deploy).toEqual({ changes: { create: 1, same: 2 }, errors: [] });
  });

  it("keep the reasons of a failure", () => {
    const { deploy, said } = read([
      { resOpFailedEvent: { metadata: { op: "update", urn: pool } } },
      diagnostic("error", "no quota\n"),
    ]);

    expect(said).toEqual(["pool (azure-native:batch:Pool): update failed"]);
    expect(deploy.errors).toEqual(["no quota"]);
  });

  it("let through what is no event", () => {
    expect(take(nothingYet, "a warning of npm")).toEqual({ after: nothingYet, said: "a warning of npm" });
    expect(take(nothingYet, "")).toEqual({ after: nothingYet });
  });

  it("are counted in words, without those that stayed", () => {
    expect(changedWords({ create: 2, replace: 1, same: 20, update: 0 })).toBe("2 created, 1 replaced");
  });
});

describe("a preview or refresh as a document", () => {
  const step = (op: string, detailedDiff?: object) => ({ op, urn: pool, detailedDiff });

  it("has changes where a step is more than a look, with paths and no values", () => {
    const document = parseDocument(
      JSON.stringify({
        steps: [
          step("same"),
          step("refresh"),
          step("update", { "scale.nodes": { kind: "update" } }),
          step("delete"),
        ],
      }),
    )!;

    expect(changesOf(document)).toEqual([
      { op: "update", type: "azure-native:batch:Pool", name: "pool", properties: ["scale.nodes"] },
      { op: "delete", type: "azure-native:batch:Pool", name: "pool", properties: [] },
    ]);
  });

  it("gives its errors as the reason, else what stood on stderr", () => {
    const document = parseDocument(
      JSON.stringify({
        diagnostics: [
          { severity: "warning", message: "hm" },
          { severity: "error", message: "error: no such size\n" },
        ],
      }),
    );

    expect(reasonOf(document, "error: other")).toBe("no such size");
    expect(reasonOf(parseDocument("no JSON"), "error: no stack named 'x' found\n")).toBe(
      "no stack named 'x' found",
    );
    expect(reasonOf(undefined, "")).toBe("it gave no reason");
  });
});
