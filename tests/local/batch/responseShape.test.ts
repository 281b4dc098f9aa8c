import { BatchServiceMappers } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";
import { mistakesOf } from "./responseShape";

describe("the check of answers", () => {
  it("finds nothing wrong with an answer as the service gives it", () => {
    const list = {
      "odata.metadata": "https://service/$metadata#tasks",
      value: [
        {
          id: "task",
          state: "Completed",
          creationTime: "2024-01-01T00:00:00.1234567Z",
          constraints: { maxWallClockTime: "P10675199DT2H48M5.4775807S", maxTaskRetryCount: 0 },
        },
      ],
      "odata.nextLink": "https://service/jobs/job/tasks?$skiptoken=task",
    };

    expect(mistakesOf(list, BatchServiceMappers.CloudTaskListResult as Mapper, "")).toEqual([]);
  });

  it("finds everything that the SDK would not understand", () => {
    const task = {
      id: 5,
      state: "sleeping",
      creationTime: "yesterday",
      constraints: { maxWallClockTime: "60", maxTaskRetryCount: "0" },
      executionInfo: { requeueCount: 0 },
      resourceFiles: {},
      colour: "red",
    };

    expect(mistakesOf(task, BatchServiceMappers.CloudTask as Mapper, "")).toEqual([
      ".id is no String: 5",
      '.creationTime is no DateTime: "yesterday"',
      '.state is no Enum: "sleeping"',
      ".resourceFiles is no Sequence: {}",
      '.constraints.maxWallClockTime is no TimeSpan: "60"',
      '.constraints.maxTaskRetryCount is no Number: "0"',
      ".executionInfo.retryCount is missing",
      "CloudTask has no .colour",
    ]);
  });
});
