import { parseConsents } from "../../../infra/policy/consent";

describe("the consent file", () => {
  it("holds consents to grades and to broken rules, each with its reason", () => {
    const source = [
      "- { resource: pool, grade: new pool, reason: larger nodes }",
      "- { resource: pool, rule: pool-reaches-zero, reason: a warm node }",
    ].join("\n");

    expect(parseConsents(source, ".review-consent")).toEqual([
      { resource: "pool", grade: "new pool", reason: "larger nodes" },
      { resource: "pool", rule: "pool-reaches-zero", reason: "a warm node" },
    ]);
  });

  it("may be empty, or hold nothing but comments", () => {
    expect(parseConsents("", "f")).toEqual([]);
    expect(parseConsents("# nothing yet\n", "f")).toEqual([]);
  });

  it.each([
    ["no reason", "- { resource: pool, grade: live }", /f: entry 1 cannot be read; each entry is/],
    ["an empty reason", "- { resource: pool, grade: live, reason: ' ' }", /entry 1/],
    ["both", "- { resource: p, grade: live, rule: r, reason: x }", /entry 1/],
    [
      "neither",
      "- { resource: p, reason: x }\n- { resource: p, grade: live, reason: x }\n- 7",
      /entry 1, entry 3/,
    ],
    ["no list", "resource: pool", /f: expected a list/],
    ["no YAML", "- {", /f is no YAML/],
  ])("refuses one with %s", (_what, source, message) => {
    expect(() => parseConsents(source, "f")).toThrow(message);
  });
});
