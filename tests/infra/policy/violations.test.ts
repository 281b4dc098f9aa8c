import { readFileSync } from "node:fs";
import { parseJobTarget, type JobTarget } from "../../../infra/job/target";
import { jobParameter, taskParameter } from "../../../infra/job/tasks";
import type { Subject } from "../../../infra/policy/rule";
import { rules } from "../../../infra/policy/rules";
import { advice, excuseOf, violationsOf } from "../../../infra/policy/violations";
import { declareFixtureStack, defaultConfig, type DeclaredStack } from "../fixtureStack";
import { someDay } from "./judged";

let stack: DeclaredStack;
beforeAll(async () => {
  stack = await declareFixtureStack(defaultConfig);
});

const broken = (subjects: readonly Subject[]): string[] =>
  violationsOf(subjects, someDay).map(({ rule, resource }) => `${resource}: ${rule.name}`);

describe("this project's own stack", () => {
  it("breaks no rule but that its fixed nodes stay", () => {
    expect(broken(stack.resources)).toEqual(["pool: pool-reaches-zero"]);
  });

  it("is what the rules are about: without its settings it breaks them", () => {
    const bare = stack.resources.map((resource) => ({ ...resource, inputs: {} }));

    expect(broken(bare)).toEqual(
      expect.arrayContaining([
        "storage: storage-no-shared-keys",
        "storage: storage-no-public-blobs",
        "storage: storage-tls",
        "batch: batch-no-shared-keys",
        "group: tags-required",
        "pool: tags-required",
      ]),
    );
  });

  it("submits jobs and tasks with every limit and no secret", () => {
    const target: JobTarget = parseJobTarget(stack.outputs, "outputs");
    const job = jobParameter(target, { job: "job" });
    const tasks = [taskParameter(target, { job: "job" }, "shard-00001")];
    const submitted = { type: "job", name: "submitted", inputs: { job, tasks } };

    expect(broken([submitted])).toEqual([]);
    const without = { ...submitted, inputs: { job: { ...job, constraints: {} }, tasks } };
    expect(broken([without])).toEqual(["submitted: batch-limits", "submitted: batch-limits"]);
  });
});

describe("a violation", () => {
  const violation = () => violationsOf(stack.resources, someDay)[0]!;

  it("tells what is wrong, how to fix it and how to be excused", () => {
    expect(advice(violation()).split("\n")).toEqual([
      "The pool keeps 2 nodes when there is nothing to do.",
      expect.stringMatching(/^Fix: .*minNodes: 0/),
      "Excuse: in .review-consent, - { resource: pool, rule: pool-reaches-zero, reason: … }",
    ]);
  });

  it("is excused by an entry for its resource and its rule, and by no other", () => {
    const excuse = { resource: "pool", rule: "pool-reaches-zero", reason: "a warm node" };

    expect(excuseOf(violation(), [{ ...excuse, resource: "other" }, excuse])).toBe(excuse);
    expect(excuseOf(violation(), [{ ...excuse, rule: "other" }])).toBeUndefined();
    expect(
      excuseOf(violation(), [{ resource: "pool", grade: "pool-reaches-zero", reason: "x" }]),
    ).toBeUndefined();
  });
});

it("every rule has a name of its own, a reason and a fix, in sentences", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { name, why, fix } of rules) {
    expect(name).toMatch(/^[a-z-]+$/);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  }
});

it("every rule is in the README", () => {
  const readme = readFileSync("README.md", "utf8");

  expect(rules.filter(({ name }) => !readme.includes(`\`${name}\``))).toEqual([]);
});
