import { evaluateFormula } from "../../../../local/compute/autoscale/formula";
import { circumstances, type Given, nowMs } from "./circumstances";

/** What a formula's variable x is in the results. */
function valueOf(expression: string, given: Given = {}): string {
  const { results, error } = evaluateFormula(`x = ${expression};`, circumstances(given));
  if (error !== undefined) throw new Error(error.values[0]?.value);
  return results.split(";x=")[1]!;
}

const vectors = { $PendingTasks: [1, 2, 3], $ActiveTasks: [10, 20, 30], $RunningTasks: [4] };
const pending = "$PendingTasks.GetSample(3)";
const active = "$ActiveTasks.GetSample(3)";

describe("an expression", () => {
  it.each([
    // Doubles.
    ["1 + 2 * 3 - 4 / 8", "6.5"],
    ["(1 + 2) * 3", "9"],
    ["10 - 3 - 2", "5"],
    ["-2 * -3", "6"],
    ["!0 + !5", "1"],
    [".5 + 1e2", "100.5"],
    // Truth is 1 or 0.
    ["1 < 2", "1"],
    ["2 <= 1", "0"],
    ["2 == 2", "1"],
    ["2 != 2", "0"],
    ["2 >= 3", "0"],
    ["3 > 2", "1"],
    ["1 && 0 || 5", "1"],
    ["1 < 2 == 1", "1"],
    ["0 ? 1 : 0.5 ? 2 : 3", "2"],
    // Strings.
    ['"a" < "b"', "1"],
    ['"a" == "b"', "0"],
    // Vectors.
    [pending, "[1,2,3]"],
    [`${pending} + 1`, "[2,3,4]"],
    [`${pending} / 2`, "[0.5,1,1.5]"],
    [`${active} - ${pending}`, "[9,18,27]"],
    [`${active} * ${pending}`, "[10,40,90]"],
    // Intervals, in .NET's words.
    ["90 * TimeInterval_Second", "00:01:30"],
    ["TimeInterval_Minute * 1.5", "00:01:30"],
    ["TimeInterval_Hour / 4", "00:15:00"],
    ["TimeInterval_Week + TimeInterval_Day - TimeInterval_Hour", "7.23:00:00"],
    ["-TimeInterval_Minute", "-00:01:00"],
    ["TimeInterval_Year", "365.00:00:00"],
    ["TimeInterval_Zero", "00:00:00"],
    ["TimeInterval_Millisecond + TimeInterval_Microsecond + TimeInterval_100ns", "00:00:00.0010011"],
    ["TimeInterval_Minute > TimeInterval_Second", "1"],
    // Times.
    ["time()", "2024-01-01T10:20:30.000Z"],
    ["time() + TimeInterval_Day", "2024-01-02T10:20:30.000Z"],
    ["-6 * TimeInterval_Hour + time()", "2024-01-01T04:20:30.000Z"],
    ['time() - time("2024-01-01T10:00:00Z")', "00:20:30"],
    ['time("2024-01-01") < time()', "1"],
    ['time("Mon, 01 Jan 2024 09:00:00 GMT").hour', "9"],
    ['time("2024-05-06T07:08:09+00:00").month', "5"],
    ["time().year", "2024"],
    ["time().day", "1"],
    ["time().weekday", "1"],
    ['time("2024-01-06").weekday', "6"],
    ["time().hour", "10"],
    ["time().minute", "20"],
    ["time().second", "30"],
    // Functions of a list.
    [`avg(${pending})`, "2"],
    [`avg(${pending}, 6)`, "3"],
    [`len(${pending}, 1, ${active})`, "7"],
    ["len()", "0"],
    [`max(0, ${pending})`, "3"],
    [`max(0, $FailedTasks.GetSample(1))`, "0"],
    [`min(${pending}, -1)`, "-1"],
    ["norm(3, 4)", "5"],
    [`range(${active})`, "20"],
    ["std(2, 4, 4, 4, 5, 5, 7, 9)", "2.138089935299395"],
    ["std(3)", "0"],
    [`sum(${pending}, 4)`, "10"],
    ["sum()", "0"],
    [`vec(1, ${pending})`, "[1,1,2,3]"],
    // Functions of numbers.
    ["lg(8)", "3"],
    ["ln(1)", "0"],
    ["log(1000)", "3"],
    ["lg(2, 4)", "[1,2]"],
    ["log(vec(100))", "[2]"],
    [`percentile(${active}, 50)`, "20"],
    [`percentile(${active}, 100)`, "30"],
    [`percentile(${active}, 0)`, "10"],
    [`val(${active}, 1)`, "20"],
    ["rand()", "0.25"],
  ])("%s is %s", (expression, value) => {
    expect(valueOf(expression, { samples: vectors })).toBe(value);
  });

  it.each([
    ["1 / 0", "Line 1, Col 7: The result of / is not a finite value"],
    ["0 / 0", "The result of / is not a finite value"],
    [`${pending} / 0`, "The result of / is not a finite value"],
    ["ln(0)", "The result of ln is not a finite value"],
    ["1e308 * 10", "The result of * is not a finite value"],
    ["time() + 273950 * TimeInterval_Year", "The result of + is not a finite value"],
    ['1 + "a"', "+ does not take a double and a string"],
    [`1 + ${pending}`, "+ does not take a double and a doubleVec"],
    [`${pending} + $RunningTasks.GetSample(1)`, "a doubleVec and a doubleVec of 3 and 1 elements"],
    [`${pending} < ${pending}`, "< does not take a doubleVec and a doubleVec"],
    ["time() - TimeInterval_Minute", "- does not take a timestamp and a timeinterval"],
    ["time() + time()", "+ does not take a timestamp and a timestamp"],
    ["1 / TimeInterval_Minute", "/ does not take a double and a timeinterval"],
    ['"a" && 1', "&& does not take a string and a double"],
    ['-"a"', "- does not take a string"],
    ["!time()", "! does not take a timestamp"],
    [`${pending} ? 1 : 2`, "? takes a double, not a doubleVec"],
    ["(1).hour", "A double has no member hour"],
    ["max()", "max needs a value, and the list is empty"],
    ["avg($FailedTasks.GetSample(1))", "avg needs a value, and the list is empty"],
    ['max("a")', "max takes doubles and vectors, not a string"],
    ["percentile(1, 2)", "percentile takes a vector and a percentage"],
    [`val(${pending}, 3)`, "val finds no element 3 in a vector of 3"],
    ['time("yesterday")', 'time reads W3C-DTF and RFC 1123, not "yesterday"'],
    ["time(1)", "time takes a string, not a double"],
    ["$CPUPercent", "$CPUPercent has no value here"],
    ["$PendingTasks.GetSample(1, 2, 3)", "GetSample takes a time frame of intervals or times, not a double"],
    ["$PendingTasks.GetSamplePercent(1)", "GetSamplePercent takes a time frame"],
  ])("%s is a mistake: %s", (expression, words) => {
    expect(() => valueOf(expression, { samples: vectors })).toThrow(words);
  });

  it.each([
    ["unknown", "Line 1, Col 5: Unknown variable unknown"],
    ["x + 1", "Line 1, Col 5: Unknown variable x"],
    ["$targetDedicatedNodes", "Unknown variable $targetDedicatedNodes"],
    ["ceil(1)", "Unknown function ceil"],
    ["$PendingTasks.Average()", "Unknown function Average"],
    ["y.GetSample(1)", "y is no service-defined variable with samples"],
    [
      "$TargetDedicatedNodes.GetSample(1)",
      "$TargetDedicatedNodes is no service-defined variable with samples",
    ],
    ["time().millisecond", "A timestamp has no millisecond"],
    ["rand(1)", "rand takes 0 parameters, not 1"],
    ["val(1)", "val takes 2 parameters, not 1"],
    ["lg()", "lg takes at least 1 parameters, not 0"],
    ["$PendingTasks.GetSample()", "GetSample takes 1 to 3 parameters, not 0"],
    ["stop(1)", "stop takes 0 parameters, not 1"],
  ])("%s is a mistake even where nothing reaches it: %s", (expression, words) => {
    expect(() => valueOf(expression)).toThrow(words);
    if (expression !== "x + 1")
      expect(() => valueOf(`1 ? 2 : ${expression}`)).toThrow(words.split(": ").at(-1));
  });
});

describe("a formula", () => {
  const evaluated = (formula: string, given: Given = {}) => evaluateFormula(formula, circumstances(given));

  it("shows what it decides first, then its own variables in the order of their names", () => {
    expect(
      evaluated(`
        $curTime = time();
        $workHours = $curTime.hour >= 8 && $curTime.hour < 18;
        $isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
        $isWorkingWeekdayHour = $workHours && $isWeekday;
        $TargetDedicatedNodes = $isWorkingWeekdayHour ? 20:10;
        $NodeDeallocationOption = taskcompletion;`),
    ).toEqual({
      targetDedicatedNodes: 20,
      targetLowPriorityNodes: 1,
      deallocation: "taskcompletion",
      results:
        "$TargetDedicatedNodes=20;$TargetLowPriorityNodes=1;$NodeDeallocationOption=taskcompletion;" +
        "$curTime=2024-01-01T10:20:30.000Z;$isWeekday=1;$isWorkingWeekdayHour=1;$workHours=1",
    });
  });

  it.each(["requeue", "terminate", "taskcompletion", "retaineddata"])("lets nodes go with %s", (option) => {
    expect(evaluated(`$NodeDeallocationOption = ${option}`)).toMatchObject({ deallocation: option });
  });

  it.each<[string, string, [number, number]]>([
    ["keeps a target that it does not set", "a = 1", [2, 1]],
    ["reads the targets", "$TargetDedicatedNodes = $TargetDedicatedNodes + $TargetLowPriorityNodes", [3, 1]],
    ["sets them by their aliases", "$TargetDedicated = 7; $TargetLowPriority = $TargetDedicated + 1", [7, 8]],
    ["gives the full name precedence", "$TargetDedicatedNodes = 5; $TargetDedicated = 7", [5, 1]],
    ["leaves fractions of nodes out", "$TargetDedicatedNodes = 2.9", [2, 1]],
    ["has no fewer nodes than none", "$TargetLowPriorityNodes = -3", [2, 0]],
    ["stops where it says so", "$TargetDedicatedNodes = 4; stop(); $TargetDedicatedNodes = 9", [4, 1]],
    ["stops within an expression", "$TargetDedicatedNodes = 1 ? stop() : 9", [2, 1]],
    ["changes its own variables", "a = 1; a = a + 1; $TargetDedicatedNodes = a", [2, 1]],
    ["counts what is there now", "$TargetDedicatedNodes = $CurrentDedicatedNodes * 1.1", [33, 1]],
  ])("%s", (_what, formula, [dedicated, lowPriority]) => {
    expect(evaluated(formula, { now: { $CurrentDedicatedNodes: 30 } })).toMatchObject({
      targetDedicatedNodes: dedicated,
      targetLowPriorityNodes: lowPriority,
      deallocation: "requeue",
    });
  });

  it.each([
    ["something_useless", "Line 1, Col 1: Unknown variable something_useless"],
    ["a = 1;\nb = a / 0;", "Line 2, Col 7: The result of / is not a finite value"],
    [
      "$TargetDedicatedNodes = $PendingTasks.GetSample(1)",
      "$TargetDedicatedNodes takes a double, not a doubleVec",
    ],
    ["$NodeDeallocationOption = 1", "takes requeue, terminate, taskcompletion, retaineddata, not 1"],
    [
      '$NodeDeallocationOption = "never"',
      "takes requeue, terminate, taskcompletion, retaineddata, not never",
    ],
    ["$PendingTasks = 1", "Line 1, Col 1: $PendingTasks is read-only"],
    ["requeue = 1", "requeue is read-only"],
    ["a = 1 b = 2", "Line 1, Col 7: Expected ;, found b"],
    ["  // nothing\n", "The formula is empty"],
  ])("that cannot be evaluated changes nothing: %s", (formula, words) => {
    expect(evaluated(formula)).toEqual({
      targetDedicatedNodes: 2,
      targetLowPriorityNodes: 1,
      deallocation: "requeue",
      results: "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue",
      error: {
        code: "AutoScalingFormulaEvaluationError",
        message: "Autoscale evaluation failed due to an error in the formula",
        values: [{ name: "Message", value: expect.stringContaining(words) as string }],
      },
    });
  });

  it("of the documentation for pending tasks grows and shrinks with them", () => {
    const documented = `
      startingNumberOfVMs = 1;
      maxNumberofVMs = 25;
      pendingTaskSamplePercent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
      pendingTaskSamples = pendingTaskSamplePercent < 70 ? startingNumberOfVMs :
        avg($PendingTasks.GetSample(180 * TimeInterval_Second));
      $TargetDedicatedNodes=min(maxNumberofVMs, pendingTaskSamples);
      $NodeDeallocationOption = taskcompletion;`;
    const nodesAfter = (...samples: number[]): number =>
      evaluated(documented, { samples: { $PendingTasks: samples } }).targetDedicatedNodes;

    expect(nodesAfter()).toBe(1);
    expect(nodesAfter(9, 9, 9, 9)).toBe(1);
    expect(nodesAfter(9, 9, 9, 9, 9)).toBe(9);
    expect(nodesAfter(100, 100, 100, 100, 100)).toBe(25);
    expect(nodesAfter(0, 0, 0, 0, 0)).toBe(0);
  });

  it("of the documentation for a first size keeps it until there are samples", () => {
    const documented = (madeMinutesAgo: number): string => `
      $TargetDedicatedNodes = 4;
      lifespan = time() - time("${new Date(nowMs - madeMinutesAgo * 60_000).toUTCString()}");
      span = TimeInterval_Minute * 2;
      startup = TimeInterval_Minute * 10;
      ratio = 50;
      $TargetDedicatedNodes = (lifespan > startup ? (max($RunningTasks.GetSample(span, ratio), $ActiveTasks.GetSample(span, ratio)) == 0 ? 0 : $TargetDedicatedNodes) : 4);`;
    const idle = { $RunningTasks: [0, 0, 0, 0], $ActiveTasks: [0, 0, 0, 0] };

    expect(evaluated(documented(5)).targetDedicatedNodes).toBe(4);
    expect(evaluated(documented(15), { samples: idle }).targetDedicatedNodes).toBe(0);
    expect(evaluated(documented(15)).error?.code).toBe("InsufficientSampleData");
  });
});
