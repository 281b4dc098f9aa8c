import { earlierRuns } from "../../infra/job/previousRun";
import { runOf } from "../../infra/job/runOf";
import { run } from "./report/fixtures";

describe("a run's id", () => {
  const runs = [
    "detect-11111111-aaaaaaaaaaaa",
    "detect-11111111-abbbbbbbbbbb",
    "detect-22222222-cccccccccccc",
  ].map((job) => ({ ...run, job }));

  it.each([
    ["detect-22222222-cccccccccccc", 2],
    ["detect-22", 2],
    ["22222222-c", 2],
    ["aa", 0],
    ["ab", 1],
  ])("may be given as %s", (given, index) => {
    expect(runOf(runs, given)).toBe(runs[index]);
  });

  it("is itself, though another one begins so", () => {
    const second = { ...run, job: `${runs[0]!.job}-2` };

    expect(runOf([second, ...runs], runs[0]!.job)).toBe(runs[0]);
  });

  it("must mean one run", () => {
    expect(() => runOf(runs, "a")).toThrow(/^a may be any of detect-11111111-a.*, detect-11111111-ab/);
    expect(() => runOf(runs, "zz")).toThrow("There is no run zz");
  });
});

it("takes for earlier runs those that were submitted before, the newest first", () => {
  const at = (job: string, submittedAt: string) => ({ ...run, job, submittedAt });
  const now = at("now", "2026-01-02T00:00:00.000Z");
  const all = [at("old", "2025-12-01T00:00:00.000Z"), now, at("later", "2026-01-03T00:00:00Z")];

  const earlier = earlierRuns(now, [...all, at("yesterday", "2026-01-01T00:00:00Z")]);

  expect(earlier.map(({ job }) => job)).toEqual(["yesterday", "old"]);
});
