import type { NodeView } from "../../infra/job/batchViews";
import { lastLine } from "../../infra/job/lastLine";
import { assessNodes } from "../../infra/job/nodes";
import { unprepared } from "../../infra/job/progress";
import { emptyPool } from "./emptyPool";

const pool = { ...emptyPool, id: "p" };
const node = (id: string, state: string, code: string | null = null): NodeView => ({
  id,
  state,
  startTaskFailure: code === null ? null : { code, message: "m" },
  errors: [],
});

describe("assessNodes", () => {
  it("has hope while one node is not broken", () => {
    const nodes = [node("a", "starttaskfailed", "FailureExitCode"), node("b", "starting")];

    expect(assessNodes("p", pool, nodes).kind).toBe("hopeful");
  });

  it("stops when every start task failed", () => {
    const nodes = [node("a", "starttaskfailed", "FailureExitCode")];

    expect(assessNodes("p", pool, nodes)).toMatchObject({ kind: "start-tasks-failed", node: { id: "a" } });
  });

  it("reboots a node whose role had not arrived", () => {
    const nodes = [node("a", "starttaskfailed", "BlobAccessDenied"), node("b", "idle")];

    expect(assessNodes("p", pool, nodes)).toMatchObject({ kind: "reboot", nodes: [{ id: "a" }] });
  });

  it("reboots a node whose layers storage could not give it, and none whose start task itself failed", () => {
    const nodes = [
      node("a", "starttaskfailed", "BlobDownloadMiscError"),
      node("b", "starttaskfailed", "BlobDownloadTimedOut"),
      node("c", "starttaskfailed", "FailureExitCode"),
    ];

    expect(assessNodes("p", pool, nodes)).toMatchObject({ nodes: [{ id: "a" }, { id: "b" }] });
    expect(assessNodes("p", pool, nodes.slice(2)).kind).toBe("start-tasks-failed");
  });

  it.each([
    ["no pool", null, "Pool p does not exist"],
    ["a pool meant to be empty", { ...pool, targetNodes: 0 }, "Set poolNodes, or scaling to auto"],
    [
      "a pool that found no quota",
      { ...pool, resizeErrors: ["AccountCoreQuotaReached: no cores"] },
      "Ask for more quota",
    ],
    [
      "a pool whose formula fails",
      { ...pool, targetNodes: 0, autoscale: { formula: "x", error: "Syntax: bad" } },
      "autoscale formula failed: Syntax: bad",
    ],
  ])("stops at %s, with the reason", (_, view, reason) => {
    expect(assessNodes("p", view, [])).toMatchObject({
      kind: "hopeless",
      message: expect.stringContaining(reason) as string,
    });
  });

  it("waits for a pool that is growing", () => {
    expect(assessNodes("p", { ...pool, allocationState: "resizing" }, []).kind).toBe("hopeful");
  });
});

describe("unprepared", () => {
  const failure = { code: "FailureExitCode", message: "m" };

  it("is a failed preparation once there is no other node to try", () => {
    const rows = [{ nodeId: "a", succeeded: false, failure }];

    expect(unprepared([node("a", "idle")], rows)).toEqual(rows[0]);
    expect(unprepared([node("a", "idle"), node("b", "idle")], rows)).toBeNull();
  });
});

describe("lastLine", () => {
  it("is the last one with text in it", () => {
    expect(lastLine("one\n  two \n\n")).toBe("two");
    expect(lastLine("\n")).toBeNull();
  });
});
