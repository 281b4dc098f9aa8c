/** What the doctor's lines look like, and what they come to. */
import { fix, ok, unchecked, verdicts, warning, type Finding, type Line } from "../../../infra/doctor/check";
import { checks } from "../../../infra/doctor/checks";
import { closingSentence, exitCodeOf, jsonOf, textOf } from "../../../infra/doctor/report";

const plain = (text: string): string => text;
const colours = { green: plain, red: plain, yellow: plain, dim: plain };
const line = (id: string, finding: Finding): Line => ({
  check: checks.find((check) => check.id === id)!,
  finding,
  tookMs: 1,
});
const register = { command: "az provider register --namespace Microsoft.Batch", note: "once" };

it("needs only checks that come before", () => {
  const ids = checks.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  for (const [index, { needs }] of checks.entries())
    for (const needed of needs) expect(ids.slice(0, index)).toContain(needed);
});

it("tells the command beside the line, its note behind a # that a shell takes", () => {
  expect(textOf(line("provider-batch", fix("NotRegistered", register)), colours)).toBe(
    "fix          provider-batch           Microsoft.Batch: NotRegistered\n" +
      "             → az provider register --namespace Microsoft.Batch   # once",
  );
  expect(jsonOf([line("provider-batch", fix("NotRegistered", register))])).toMatchObject({
    ok: false,
    checks: [{ id: "provider-batch", verdict: "fix", remedies: [register] }],
  });
});

it("is 1 when something must be put right, or when nothing of the cloud was seen", () => {
  const seen = line("login", ok("somebody"));
  const here = line("node", ok("20"));

  expect(exitCodeOf([here, seen, line("az", warning("none")), line("image", unchecked("?"))])).toBe(0);
  expect(exitCodeOf([here, seen, line("region", fix("none", register))])).toBe(1);
  expect(exitCodeOf([here, line("login", unchecked("?")), line("region", unchecked("?"))])).toBe(1);
});

it("closes with the counts and what to do next", () => {
  const again = "npm run doctor";

  expect(closingSentence([line("login", ok("")), line("az", warning(""))], again)).toBe(
    "1 ok, 1 warning, 0 to fix, 0 not checked.",
  );
  expect(closingSentence([line("login", fix("", register))], again)).toContain("look again: npm run doctor");
  expect(closingSentence([line("node", ok(""))], again)).toContain("Azure was not asked anything");
});

it("goes on after a warning, and not after what must be put right or was not seen", () => {
  expect([ok(""), warning(""), fix("", register), unchecked("")].map(verdicts.isGood)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
