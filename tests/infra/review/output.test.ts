import { parsePrices } from "../../../infra/prices/prices";
import { failureMarkdown, markdownOf } from "../../../infra/review/markdown";
import { review, type Circumstances, type Review } from "../../../infra/review/review";
import { textOf } from "../../../infra/review/text";
import { auto, fixed, preview, step } from "./steps";

const prices = parsePrices(
  '{"asOf":"2026-01-02","currency":"USD","hourly":{"japaneast":{"Standard_D2s_v3":0.1}}}',
  "f",
);
const plain = (text: string): string => text;
const colours = { green: plain, yellow: plain, red: plain, dim: plain };
const of = (steps: Parameters<typeof preview>[0], more: Partial<Circumstances> = {}): Review =>
  review(preview(steps), { prices, consents: [], violationsOf: () => [], ...more });
const scaled = step("pool", { before: fixed(2), after: auto(0, 5) });
const tagged = (value: string) =>
  step("group", { before: { tags: { owner: "a" } }, after: { tags: { owner: value } } });
const lost = step("group", { before: { location: "japaneast" } });
const lines = (text: string): string[] => text.trimEnd().split("\n");

describe("the report for a terminal", () => {
  it("has the highest grade, a line for each change with its cause, and the sums", () => {
    const text = textOf(of([scaled, tagged("b")]), colours);

    expect(lines(text)[0]).toBe("Review of stack dev: live; 2 resources change");
    expect(text).toContain(
      "live        ~  group: Its tags change; nothing else does.\n               tags.owner: a → b\n",
    );
    expect(text).toContain("nodes       2 → 0–5\n");
    expect(text).toContain(
      "cost        idle 4.80 → 0.00 USD a day, at the ceiling 0.20 → 0.50 USD an hour\n",
    );
    expect(text).toContain("List prices of 2026-01-02");
  });

  it("says so when nothing changes", () => {
    expect(lines(textOf(of([]), colours))[0]).toBe("Review of stack dev: nothing changes");
  });

  it("names consents with their reasons, unused ones, and what is not counted", () => {
    const steps = [lost, step("pool", { before: fixed(1), after: { ...fixed(1), vmSize: "Standard_X9" } })];
    const consents = [
      { resource: "group", grade: "loses data", reason: "the trial is over" },
      { resource: "batch", grade: "live", reason: "x" },
    ];
    const text = textOf(of(steps, { consents }), colours);

    expect(text).toContain("consent: the trial is over");
    expect(text).toContain("consent     unused: nothing of batch changes");
    expect(text).toContain("not counted: Standard_X9 in japaneast");
    expect(text).toContain("idle 2.40 → ? USD a day");
  });

  it("lets no value speak to the terminal", () => {
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(textOf(of([tagged("\u001b[31mred\u0007")]), colours)).not.toMatch(/[\u001b\u0007]/);
  });
});

describe("the comment of a pull request", () => {
  it("is a line with the sums when the change is harmless, under a marker by which it is found again", () => {
    const comment = lines(markdownOf(of([scaled])));

    expect(comment[0]).toBe("<!-- review of stack dev -->");
    expect(comment[1]).toMatch(
      /^\*\*Review of stack dev: live; 1 resource changes\*\*\. Nodes: 2 → 0–5\. Cost: idle 4\.80/,
    );
    expect(comment[2]).toMatch(/^<sub>List prices of 2026-01-02/);
    expect(comment).toHaveLength(3);
    expect(lines(markdownOf(of([])))).toHaveLength(2);
  });

  it("has the changes folded away otherwise, in a table", () => {
    const comment = markdownOf(of([lost, scaled]));

    expect(comment).toContain("**Review of stack dev: loses data; 2 resources change**");
    expect(comment).toMatch(/<details><summary>.*<\/summary>\n\n\| grade \| resource \|/);
    expect(comment).toContain("| **loses data** | - group | The group goes with all that is in it");
    expect(comment).toContain("</details>");
  });

  it("lets no value become a tag, a column, a mention or a line", () => {
    const steps = [lost, { ...tagged("<img src=x>|@team `x`\n# y"), name: "a|b\n@all" }];
    const table = markdownOf(of(steps))
      .split("\n")
      .filter((line) => line.startsWith("| **"));

    expect(table).toHaveLength(2);
    for (const line of table) expect(line.split("|")).toHaveLength(6);
    expect(table.join("\n")).not.toMatch(/<img|@|`/);
  });

  it("says why a preview failed, under the same marker", () => {
    const comment = failureMarkdown("dev", ["poolNodes: <999>"]);

    expect(lines(comment)[0]).toBe("<!-- review of stack dev -->");
    expect(comment).toContain("The preview failed");
    expect(comment).toContain("<code>poolNodes: &#60;999&#62;</code>");
  });

  it("lists broken rules with why and fix", () => {
    const rule = {
      name: "must",
      enforcement: "mandatory" as const,
      why: "Keys leak.",
      fix: "Set it to false.",
      check: () => [],
    };
    const violationsOf = () => [{ rule, resource: "account", message: "Keys are allowed." }];

    expect(markdownOf(of([], { violationsOf }))).toContain(
      "- account: Keys are allowed. (<code>must</code>, mandatory). Keys leak. Fix: Set it to false.",
    );
  });
});
