import { jobActionOf, satisfiesDependents } from "../../../local/compute/exitOptions";
import type { RunInfo, TaskRecord } from "../../../local/compute/state";

const task = (run: Partial<RunInfo>, exitConditions?: TaskRecord["spec"]["exitConditions"]): TaskRecord => ({
  jobId: "job",
  id: "task",
  order: 1,
  spec: { id: "task", commandLine: "true", exitConditions },
  state: "completed",
  stateTransitionTime: "2026-01-01T00:00:00Z",
  creationTime: "2026-01-01T00:00:00Z",
  lastModified: "2026-01-01T00:00:00Z",
  run: { retryCount: 0, ...run },
  requeueCount: 0,
});

const failure = (code: string): NonNullable<RunInfo["failureInfo"]> => ({
  category: "UserError",
  code,
  message: code,
});
const success: Partial<RunInfo> = { exitCode: 0, result: "success" };
const exit = (exitCode: number): Partial<RunInfo> => ({
  exitCode,
  result: "failure",
  failureInfo: failure("FailureExitCode"),
});
const notRun: Partial<RunInfo> = { result: "failure", failureInfo: failure("BlobNotFound") };
const notUploaded: Partial<RunInfo> = {
  exitCode: 0,
  result: "failure",
  failureInfo: failure("FileUploadAccessDenied"),
};
const ended: Partial<RunInfo> = { result: "failure", failureInfo: failure("TaskEnded") };

describe("the end of a task", () => {
  it.each([
    ["success", success, true, "none"],
    ["a failure", exit(1), false, "terminate"],
    ["an input that is missing", notRun, false, "terminate"],
    ["its user's word", ended, false, "terminate"],
  ])("by %s has the service's own consequences where none are given", (_what, run, satisfies, action) => {
    expect(satisfiesDependents(task(run))).toBe(satisfies);
    expect(jobActionOf(task(run))).toBe(action);
  });

  it.each<[string, Partial<RunInfo>, string]>([
    ["an exit code that is listed", exit(3), "code"],
    ["a listed exit code within a range", exit(12), "code"],
    ["another of the range", exit(11), "range"],
    ["the range's last", exit(20), "range"],
    ["a code that is nowhere", exit(21), "default"],
    ["a program that never ran", notRun, "before"],
    ["an upload that failed", notUploaded, "after"],
    ["an upload that failed after a listed code", { ...notUploaded, exitCode: 3 }, "code"],
    ["the end by its user", ended, "default"],
    ["success that is not listed", success, "own"],
  ])("by %s takes the options of what fits first", (_what, run, which) => {
    const marked = (name: string) => ({
      dependencyAction: name === which ? ("satisfy" as const) : ("block" as const),
      jobAction: name === which ? ("disable" as const) : ("none" as const),
    });
    const conditions = {
      exitCodes: [3, 12].map((code) => ({ code, exitOptions: marked("code") })),
      exitCodeRanges: [{ start: 10, end: 20, exitOptions: marked("range") }],
      preProcessingError: marked("before"),
      fileUploadError: marked("after"),
      default: marked("default"),
    };

    expect(satisfiesDependents(task(run, conditions))).toBe(true);
    expect(jobActionOf(task(run, conditions))).toBe(which === "own" ? "none" : "disable");
  });

  it("has its default for errors without options of their own", () => {
    const conditions = { default: { dependencyAction: "satisfy" as const } };

    for (const run of [notRun, notUploaded, ended])
      expect(satisfiesDependents(task(run, conditions))).toBe(true);
    expect(jobActionOf(task(notRun, conditions))).toBe("terminate");
  });

  it("by exit code 0 can be held against it when it is listed", () => {
    const exitCodes = [{ code: 0, exitOptions: { dependencyAction: "block" as const } }];

    expect(satisfiesDependents(task(success, { exitCodes }))).toBe(false);
  });

  it("has not come while it runs", () => {
    expect(satisfiesDependents({ ...task(success), state: "running" })).toBe(false);
  });
});
