import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../support/command";

const folder = mkdtempSync(join(tmpdir(), "detect-review-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const state = (owner: string) => ({
  type: "azure-native:resources:ResourceGroup",
  custom: true,
  inputs: {
    tags: { owner, "managed-by": "pulumi", "pulumi-project": "object-detection", "pulumi-stack": "dev" },
  },
});
const urn = "urn:pulumi:dev::object-detection::azure-native:resources:ResourceGroup::group";
const config = { "azure-native:location": "japaneast" };
const tagged = JSON.stringify({
  config,
  steps: [{ op: "update", urn, oldState: state("a"), newState: state("b") }],
});
const deleted = JSON.stringify({ config, steps: [{ op: "delete", urn, oldState: state("a") }] });
const failed = JSON.stringify({
  config,
  steps: [],
  diagnostics: [{ severity: "error", message: "error: no" }],
});

/** As npm runs it, with what is typed in a folder of its own. */
function review(args: readonly string[], input = ""): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ["--require", "tsx/cjs", "infra/review/main.ts", ...args], {
    cwd: project,
    input,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: folder },
    timeout: 60_000,
  });
}
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

it("reads standard input and files, and prints for people, for pull requests and for machines", () => {
  expect(review(["-"], tagged)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Review of stack dev: live") as string,
  });
  expect(review([file("preview.json", tagged), "--markdown"]).stdout).toMatch(
    /^<!-- review of stack dev -->\n/,
  );
  expect(JSON.parse(review(["-", "--json"], tagged).stdout)).toMatchObject({
    highest: "live",
    changes: [{ resource: "group" }],
  });
});

it("ends with 1 at the limit, unless a consent lets the change through", () => {
  const consents = file(
    "consents.yaml",
    "- { resource: group, grade: loses data, reason: the trial is over }",
  );

  const stopped = review(["-", "--fail-at", "new pool"], deleted);
  expect([stopped.status, stopped.stderr]).toEqual([
    1,
    expect.stringContaining("group is graded loses data"),
  ]);
  expect(review(["-", "--fail-at", "new pool", "--consent", consents], deleted).status).toBe(0);
  expect(review(["-", "--fail-at", "new pool"], tagged).status).toBe(0);
});

it("says that a preview failed, and ends with 1", () => {
  const { status, stderr, stdout } = review(["-", "--markdown"], failed);

  expect([status, stderr]).toEqual([1, "The preview failed, so there is nothing to review:\n  no\n"]);
  expect(stdout).toContain("<code>no</code>");
});

it.each<[string, () => readonly string[], number, RegExp]>([
  [
    "a grade that there is not",
    () => ["-", "--fail-at", "deadly"],
    2,
    /expected one of live, next job, new pool/,
  ],
  ["no preview", () => [], 2, /missing required argument 'preview'/],
  ["two forms of output", () => ["-", "--json", "--markdown"], 2, /either --json or --markdown/],
  [
    "a file that is not there",
    () => ["nowhere.json"],
    1,
    /Cannot read the preview .*nowhere.json \(ENOENT\)/,
  ],
  ["prices that are none", () => ["-", "--prices", file("p.json", "{}")], 1, /p.json is no table of prices/],
  ["consents that are none", () => ["-", "--consent", file("c.yaml", "a: b")], 1, /c.yaml: expected a list/],
])("refuses %s", (_what, args, status, message) => {
  const finished = review(args(), tagged);

  expect([finished.status, finished.stdout]).toEqual([status, ""]);
  expect(finished.stderr).toMatch(message);
});
