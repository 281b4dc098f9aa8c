import { judged } from "./judged";

const rule = (inputs: object) => judged("batch-limits", "batch:Pool", { ...inputs });
const all = { maxWallClockTime: "PT1H", maxTaskRetryCount: 1, retentionTime: "PT1H" };
const task = { id: "t", commandLine: "true", constraints: all };
const job = { poolInfo: { poolId: "p" }, constraints: { maxWallClockTime: "P1D", maxTaskRetryCount: 0 } };

describe("what Batch runs", () => {
  it("passes with every limit set", () => {
    expect(
      rule({
        startTask: { commandLine: "true", maxTaskRetryCount: 0 },
        job: {
          ...job,
          jobPreparationTask: { commandLine: "true", constraints: all },
          jobReleaseTask: { commandLine: "true", maxWallClockTime: "PT5M", retentionTime: "PT1H" },
          jobManagerTask: task,
        },
        tasks: [task],
      }),
    ).toEqual([]);
  });

  it.each([
    ["a start task", { startTask: { commandLine: "true" } }, ["startTask: maxTaskRetryCount is not set"]],
    [
      "a start task that is tried for ever",
      { startTask: { commandLine: "true", maxTaskRetryCount: -1 } },
      ["startTask: maxTaskRetryCount is -1, which is for ever"],
    ],
    ["a job", { ...job, constraints: { maxTaskRetryCount: 0 } }, ["maxWallClockTime is not set"]],
    [
      "a schedule's jobs",
      { schedule: { jobSpecification: { poolInfo: {} } } },
      [
        "schedule.jobSpecification: maxWallClockTime is not set",
        "schedule.jobSpecification: maxTaskRetryCount is not set",
      ],
    ],
    [
      "a task among others",
      { tasks: [task, { ...task, constraints: { ...all, retentionTime: undefined } }] },
      ["tasks[1]: retentionTime is not set"],
    ],
    [
      "a preparation task",
      { jobPreparationTask: { constraints: { ...all, maxWallClockTime: null } } },
      ["jobPreparationTask: maxWallClockTime is not set"],
    ],
    [
      "a release task",
      { jobReleaseTask: { maxWallClockTime: "PT5M" } },
      ["jobReleaseTask: retentionTime is not set"],
    ],
  ])("is told of %s without one", (_what, inputs, messages) => {
    expect(rule(inputs)).toEqual(messages);
  });
});
