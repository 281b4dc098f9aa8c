import type { Consent } from "../../../infra/policy/consent";
import type { Rule, Subject } from "../../../infra/policy/rule";
import { parsePrices } from "../../../infra/prices/prices";
import { checkGrades } from "../../../infra/review/consents";
import { parseVerdict, reaches, worst } from "../../../infra/review/grade";
import { review, stopsAt, type Circumstances, type Review } from "../../../infra/review/review";
import { fixed, preview, step } from "./steps";

const prices = parsePrices(
  '{"asOf":"2026-01-02","currency":"USD","hourly":{"japaneast":{"Standard_D2s_v3":0.1}}}',
  "f",
);
const rule = (name: string, enforcement: Rule["enforcement"]): Rule => ({
  ...{ name, enforcement, why: "Because.", fix: "Do." },
  check: () => [],
});
const circumstances = (more: Partial<Circumstances> = {}): Circumstances => ({
  prices,
  consents: [],
  violationsOf: () => [],
  ...more,
});
const live = step("account", { before: { tags: 1 }, after: { tags: 2 } });
const newPool = step("pool", {
  op: "replace",
  before: { ...fixed(1), poolName: "a", accountName: "ba", resourceGroupName: "rg" },
  after: { ...fixed(1), poolName: "b", accountName: "ba", resourceGroupName: "rg" },
});
const lost = step("group", { before: { location: "japaneast" } });
const reviewed = (consents: readonly Consent[]): Review =>
  review(preview([live, newPool, lost]), circumstances({ consents }));

describe("grades", () => {
  it("are ordered, and what is unknown counts as an interruption", () => {
    expect(worst(["live", "loses data", "next job"])).toBe("loses data");
    expect(worst(["unknown", "new pool"])).toBe("unknown");
    expect(worst(["unknown", "interrupts"])).toBe("interrupts");
    expect(worst([])).toBeUndefined();
    expect([
      reaches("unknown", "interrupts"),
      reaches("unknown", "loses data"),
      reaches("new pool", "unknown"),
    ]).toEqual([true, false, false]);
  });

  it("are read in any letter case, and nothing else is", () => {
    expect([parseVerdict(" New Pool "), parseVerdict("unknown"), parseVerdict("newpool")]).toEqual([
      "new pool",
      "unknown",
      undefined,
    ]);
  });
});

describe("a review", () => {
  it("tells the highest grade, and the worst change first", () => {
    const { highest, changes, stack } = reviewed([]);

    expect(highest).toBe("loses data");
    expect(changes.map(({ resource, grade }) => [resource, grade])).toEqual([
      ["group", "loses data"],
      ["pool", "new pool"],
      ["account", "live"],
    ]);
    expect(stack).toBe("dev");
  });

  it("of nothing has no grade", () => {
    expect(review(preview([]), circumstances())).toMatchObject({
      highest: null,
      highestWithoutConsent: null,
      changes: [],
    });
  });

  it("stops at the limit and above it", () => {
    expect(stopsAt(reviewed([]), "loses data")).toEqual(["group is graded loses data"]);
    expect(stopsAt(reviewed([]), "new pool")).toEqual([
      "group is graded loses data",
      "pool is graded new pool",
    ]);
  });
});

describe("a consent", () => {
  const group: Consent = { resource: "group", grade: "loses data", reason: "the trial is over" };

  it("lets its resource through up to its grade, and is reported with its reason", () => {
    const { changes, highest, highestWithoutConsent, unusedConsents } = reviewed([group]);

    expect(changes[0]).toMatchObject({ resource: "group", consent: "the trial is over" });
    expect([highest, highestWithoutConsent, unusedConsents]).toEqual(["loses data", "new pool", []]);
    expect(stopsAt(reviewed([group]), "new pool")).toEqual(["pool is graded new pool"]);
  });

  it.each<[string, Consent, string]>([
    [
      "to a lower grade",
      { ...group, grade: "interrupts" },
      "group is graded loses data, which is more than interrupts",
    ],
    ["to what does not change", { ...group, resource: "batch" }, "nothing of batch changes"],
    [
      "to a rule that is kept",
      { resource: "group", rule: "r", reason: "x" },
      "group does not break the rule r",
    ],
  ])("%s lets nothing through, and is reported as unused", (_what, consent, why) => {
    const { unusedConsents, changes } = reviewed([consent]);

    expect(unusedConsents).toEqual([{ resource: consent.resource, why }]);
    expect(changes.map((change) => change.consent)).toEqual([null, null, null]);
  });

  it("to a grade that there is not is refused by its name", () => {
    expect(() => checkGrades([group, { ...group, grade: "deadly" }], "f")).toThrow(
      "f: deadly: no such grade; there are live,",
    );
    expect(() => checkGrades([group], "f")).not.toThrow();
  });
});

describe("rules", () => {
  const violations = [
    { rule: rule("must", "mandatory"), resource: "account", message: "Keys are allowed." },
    { rule: rule("should", "advisory"), resource: "pool", message: "It never reaches zero." },
  ];

  it("that are broken are listed, and mandatory ones stop", () => {
    const found = review(preview([live]), circumstances({ violationsOf: () => violations }));

    expect(found.brokenRules).toMatchObject([
      {
        rule: "must",
        enforcement: "mandatory",
        message: "Keys are allowed.",
        why: "Because.",
        fix: "Do.",
        consent: null,
      },
      { rule: "should", enforcement: "advisory", consent: null },
    ]);
    expect(stopsAt(found, "interrupts")).toEqual(["account breaks the rule must"]);
  });

  it("are excused for a resource, by the rule's name", () => {
    const consents: Consent[] = [{ resource: "account", rule: "must", reason: "until May" }];
    const found = review(preview([live]), circumstances({ violationsOf: () => violations, consents }));

    expect(found.brokenRules[0]).toMatchObject({ consent: "until May" });
    expect([stopsAt(found, "interrupts"), found.unusedConsents]).toEqual([[], []]);
  });

  it("judge what will be there, without what is not known yet", () => {
    const seen: Subject[] = [];
    const after = { a: 1, b: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const steps = [step("pool", { op: "same", before: after, after }), lost];
    review(preview(steps), circumstances({ violationsOf: (subjects) => (seen.push(...subjects), []) }));

    expect(seen).toEqual([{ type: "azure-native:batch:Pool", name: "pool", inputs: { a: 1 } }]);
  });
});
