import { parse } from "../../../../local/compute/autoscale/parser";
import { binaryOperators, type Expression, type Statement } from "../../../../local/compute/autoscale/syntax";
import { seededRandom } from "../../../support/seededRandom";
import { print, withoutPlaces } from "./print";

const at = { line: 1, column: 1 };

/** A tree that holds every kind of expression sooner or later. */
function randomFormula(random: () => number): Statement[] {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const name = (): string => pick(["x", "$y", "$PendingTasks", "TimeInterval_Minute", "requeue"]);
  const several = (depth: number): Expression[] => Array.from({ length: below(3) }, () => expression(depth));
  const expression = (depth: number): Expression => {
    const leaves = ["number", "string", "name"] as const;
    const kinds = [
      ...leaves,
      "call",
      "method",
      "member",
      "unary",
      "binary",
      "binary",
      "conditional",
    ] as const;
    const kind = depth <= 0 ? pick(leaves) : pick(kinds);
    const child = (): Expression => expression(depth - 1);
    switch (kind) {
      case "number":
        return { kind, at, value: pick([0, 1, 0.5, 25, 1e21]) };
      case "string":
        return { kind, at, value: pick(["", "2024-01-01", "// no comment"]) };
      case "name":
        return { kind, at, name: name() };
      case "call":
        return { kind, at, name: pick(["max", "time"]), parameters: several(depth - 1) };
      case "method":
        return { kind, at, variable: name(), name: "GetSample", parameters: several(depth - 1) };
      case "member":
        return { kind, at, object: child(), name: "hour" };
      case "unary":
        return { kind, at, operator: pick(["-", "!"]), operand: child() };
      case "binary":
        return { kind, at, operator: pick(binaryOperators.flat()), left: child(), right: child() };
      case "conditional":
        return { kind, at, test: child(), then: child(), otherwise: child() };
    }
  };
  return Array.from({ length: 1 + below(4) }, () => {
    const value = expression(4);
    return random() < 0.7
      ? { kind: "assignment", at, name: name(), value }
      : { kind: "expression", at, value };
  });
}

describe("the parser", () => {
  it("reads what is printed of any tree as that tree", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 1000; round += 1) {
      const tree = randomFormula(random);

      expect(withoutPlaces(parse(print(tree)))).toEqual(withoutPlaces(tree));
    }
  });

  it.each([
    ["a comment to the end of the line", "// first\n$x = 1; // last"],
    ["a comment over lines", "/* a ; b\n */ $x /* = 2 */ = 1;"],
    ["no semicolon at the end", "$x=1"],
    ["spaces and lines", "\n $x\r\n\t=\n1 ;\n"],
  ])("takes %s", (_what, formula) => {
    expect(withoutPlaces(parse(formula))).toEqual([
      { kind: "assignment", name: "$x", value: { kind: "number", value: 1 } },
    ]);
  });

  it.each([
    ["a missing semicolon", "a = 1\nb = 2", "Line 2, Col 1: Expected ;, found b"],
    ["a missing value", "a = ;", "Line 1, Col 5: Expected an expression, found ;"],
    ["a missing operand", "a = 1 +", "Line 1, Col 8: Expected an expression, found the end of the formula"],
    ["a missing parenthesis", "a = (1 + 2;", "Line 1, Col 11: Expected ), found ;"],
    ["a missing alternative", "a = 1 ? 2;", "Line 1, Col 10: Expected :, found ;"],
    ["a foreign character", "a = 1 % 2;", "Line 1, Col 7: Unexpected character %"],
    ["an open string", 'a = "b;', 'Line 1, Col 5: Unexpected character "'],
    ["an assignment to a number", "1 = 2;", "Line 1, Col 3: Expected ;, found ="],
    ["two equals signs", "a == 1 = 2;", "Line 1, Col 8: Expected ;, found ="],
    ["a member without a name", "a = b.1;", "Line 1, Col 6: Expected ;, found .1"],
    ["a method of a value", "a = (1).GetSample(1);", "Line 1, Col 9: Only a service-defined variable has"],
  ])("says where there is %s", (_what, formula, words) => {
    expect(() => parse(formula)).toThrow(words);
  });

  it.each([
    ["parentheses", "(".repeat(8000)],
    ["signs", `a = ${"-".repeat(8000)}1`],
    ["a chain of operators", `a = 1${"+1".repeat(4000)}`],
    ["a chain of questions", `a = ${"1?1:".repeat(2000)}1`],
    ["calls", `a = ${"max(".repeat(2000)}`],
  ])("refuses endless %s instead of failing over them", (_what, formula) => {
    expect(() => parse(formula)).toThrow("nested more than 200 levels deep");
  });
});
