import { endOf, exitCodeOf, verdictOf, verdictSentence, type RunEnd } from "../../infra/job/verdict";

const ended: RunEnd = { kind: "with-its-tasks" };
const counts = (done: number, failed: number, notRun: number) => ({
  planned: done + failed + notRun,
  done,
  failed,
  notRun,
});
const verdict = (end: RunEnd, images: ReturnType<typeof counts>, maxFailedShare = 1, brokenTasks = 0) =>
  verdictOf(end, images, { maxFailedShare }, brokenTasks);

describe("the verdict on a run", () => {
  it.each([
    ["goes on", { kind: "running" } as const, counts(1, 1, 8), "running", 0],
    ["did all", ended, counts(10, 0, 0), "succeeded", 0],
    ["had nothing to do", ended, counts(0, 0, 0), "succeeded", 0],
    ["failed in some", ended, counts(9, 1, 0), "succeeded-with-failures", 3],
    ["did not come to all", ended, counts(9, 0, 1), "incomplete", 1],
    ["was out of time", { kind: "out-of-time" } as const, counts(9, 0, 1), "incomplete", 1],
    ["was ended early", { kind: "cancelled", reason: "r" } as const, counts(9, 0, 1), "cancelled", 1],
    [
      "was cancelled when all was done",
      { kind: "cancelled", reason: "r" } as const,
      counts(10, 0, 0),
      "succeeded",
      0,
    ],
  ])("that %s", (_, end, images, kind, code) => {
    const found = verdict(end, images);

    expect([found.kind, exitCodeOf(found)]).toEqual([kind, code]);
  });

  it("lets as many images fail as the budget says, and not one more", () => {
    expect(verdict(ended, counts(27, 3, 0), 0.1).kind).toBe("succeeded-with-failures");
    expect(verdict(ended, counts(26, 4, 0), 0.1).kind).toBe("over-budget");
    expect(verdict(ended, counts(99, 1, 0), 0).kind).toBe("over-budget");
    expect(verdict(ended, counts(0, 5, 0), 1).kind).toBe("succeeded-with-failures");
  });

  it("says that a run over its budget failed, by how much, and that the operator must act", () => {
    const found = verdict(ended, counts(26, 4, 0), 0.1);

    expect(exitCodeOf(found)).toBe(1);
    expect(verdictSentence(found)).toContain("13.3 % of its images failed, and at most 10 % may");
  });

  it("does not call a run done whose task failed after its last image", () => {
    expect(verdict(ended, counts(10, 0, 0), 1, 1)).toEqual({ kind: "incomplete", notRun: 0 });
  });
});

describe("the end of a job", () => {
  it.each([
    ["active", null, { kind: "running" }],
    ["terminating", "enough", { kind: "running" }],
    ["completed", "AllTasksComplete", { kind: "with-its-tasks" }],
    ["completed", "MaxWallClockTimeExpiry", { kind: "out-of-time" }],
    ["completed", "enough", { kind: "cancelled", reason: "enough" }],
  ])("that is %s because of %s", (state, terminateReason, end) => {
    expect(endOf({ state, terminateReason })).toEqual(end);
  });

  it("that Batch has forgotten is an end", () => {
    expect(endOf(null)).toEqual({ kind: "with-its-tasks" });
  });
});
