import { evaluateFormula } from "../../../../local/compute/autoscale/formula";
import { type Counts, SampleHistory } from "../../../../local/compute/autoscale/history";
import { counted } from "../../../../local/compute/autoscale/names";
import { circumstances, type Given } from "./circumstances";

/** Ten minutes of samples but for the newest, which is a minute old: 10, 11, … 28. */
const tenMinutes: Given = {
  samples: { $PendingTasks: Array.from({ length: 19 }, (_, index) => 10 + index) },
};

function valueOf(expression: string, given: Given = tenMinutes): string {
  const { results, error } = evaluateFormula(`x = ${expression}`, circumstances(given));
  return error === undefined ? results.split(";x=")[1]! : `${error.code}: ${error.values[0]?.value ?? ""}`;
}

describe("samples", () => {
  it.each([
    ["GetSample(1)", "[10]"],
    ["GetSample(3)", "[10,11,12]"],
    ["GetSample(0)", "[]"],
    ["GetSample(2 * TimeInterval_Minute)", "[10,11,12,13]"],
    ["GetSample(TimeInterval_Minute, 2 * TimeInterval_Minute)", "[11,12,13]"],
    ["GetSample(2 * TimeInterval_Minute, TimeInterval_Minute)", "[11,12,13]"],
    ['GetSample(time("2024-01-01T10:18:30Z"))', "[10,11,12,13]"],
    ['GetSample(time("2024-01-01T10:18:30Z"), TimeInterval_Minute)', "[11,12,13]"],
    ["GetSample(2 * TimeInterval_Minute, 100)", "[10,11,12,13]"],
    ["GetSample(TimeInterval_Zero, 2 * TimeInterval_Minute, 100)", "[10,11,12,13]"],
    ["GetSamplePercent(10 * TimeInterval_Minute)", "95"],
    ["GetSamplePercent(5 * TimeInterval_Minute)", "100"],
    ["GetSamplePercent(10 * TimeInterval_Minute, 20 * TimeInterval_Minute)", "0"],
    ["GetSamplePercent(TimeInterval_Second)", "0"],
    ["GetSamplePeriod()", "00:00:30"],
    ["Count()", "19"],
    ["HistoryBeginTime()", "2024-01-01T10:11:00.000Z"],
  ])("$PendingTasks.%s is %s", (method, value) => {
    expect(valueOf(`$PendingTasks.${method}`)).toBe(value);
  });

  it("fail an evaluation that wants more of them than there are, in the service's words", () => {
    expect(valueOf("$PendingTasks.GetSample(TimeInterval_Minute * 10, 96)")).toBe(
      "InsufficientSampleData: Line 1, Col 19: Insufficient data from data set: $PendingTasks wanted 96%, received 95%",
    );
    expect(valueOf("$CPUPercent.GetSample(TimeInterval_Minute * 10, 10)")).toMatch(
      /\$CPUPercent wanted 10%, received 0%$/,
    );
  });

  it("are none where nothing was taken yet", () => {
    expect(valueOf("$PendingTasks.GetSample(1)", {})).toBe("[]");
    expect(valueOf("$PendingTasks.HistoryBeginTime() == time()", {})).toBe("1");
  });
});

describe("a history", () => {
  const counts = (value: number): Counts =>
    Object.fromEntries(counted.map((variable) => [variable, value])) as Counts;
  const hour = 3_600_000;

  it("shows a sample once it is a period old, newest first, and what is counted now", () => {
    const history = new SampleHistory(1);
    history.add(hour, counts(1));
    history.add(hour + 30_000, counts(2));
    const at = (nowMs: number) => history.at(nowMs, counts(9)).of("$PendingTasks");

    expect(at(hour + 29_999)).toEqual([]);
    expect(at(hour + 30_000)).toEqual([{ ageMs: 30_000, value: 1 }]);
    expect(at(hour + 60_000)).toEqual([
      { ageMs: 30_000, value: 2 },
      { ageMs: 60_000, value: 1 },
    ]);
    expect(history.at(hour, counts(9)).now("$PendingTasks")).toBe(9);
    expect(history.at(hour, counts(9)).now("$CPUPercent")).toBeUndefined();
  });

  it("makes samples as many times as old as its clock is faster", () => {
    const history = new SampleHistory(30);
    history.add(hour, counts(1));

    expect(history.at(hour + 1000, counts(9)).of("$ActiveTasks")).toEqual([{ ageMs: 30_000, value: 1 }]);
  });

  it("forgets what is older than a day of samples", () => {
    const history = new SampleHistory(1);
    for (let taken = 0; taken < 3000; taken += 1) history.add(taken * 30_000, counts(taken));

    expect(history.at(3000 * 30_000, counts(9)).of("$PendingTasks")).toHaveLength(2880);
  });
});
