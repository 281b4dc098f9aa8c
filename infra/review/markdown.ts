/** A review as the comment of a pull request: a line or two where the change is harmless. Pure. */
import type { Cause } from "./gradeStep";
import type { BrokenRule, Change, Review } from "./review";
import { costSentence, nodesSentence, priceSentence, signOf, sumOf } from "./words";

const mostCauses = 5;

/** The first line of every comment on a stack: by it a pipeline finds the comment that it wrote before, and edits it. */
export function markerOf(stack: string | null): string {
  return `<!-- review of stack ${(stack ?? "unknown").replace(/[^\w.-]/g, "_")} -->`;
}

export function markdownOf(review: Review): string {
  const { stack, changes, estimate, brokenRules, unusedConsents } = review;
  const head = `**Review of stack ${escaped(stack ?? "unknown")}: ${sumOf(review)}**`;
  const cost = costSentence(estimate);
  const sums = [`Nodes: ${nodesSentence(estimate)}.`, ...(cost === undefined ? [] : [`Cost: ${cost}.`])].join(
    " ",
  );
  const gaps = estimate.gaps.map((gap) => `- not counted: ${escaped(gap)}`);
  const unused = unusedConsents.map(({ why }) => `- consent unused: ${escaped(why)}`);
  const remarks = [...gaps, ...unused];
  const details = isHarmless(review) ? [] : detailsOf(changes);
  const rules = brokenRules.map(ruleLine);
  return [
    markerOf(stack),
    isHarmless(review) ? `${head}. ${sums}` : `${head}\n\n${sums}`,
    ...(cost === undefined ? [] : [`<sub>${priceSentence(estimate)}</sub>`]),
    ...(rules.length > 0 ? ["", "Rules:", "", ...rules] : []),
    ...(remarks.length > 0 ? ["", ...remarks] : []),
    ...details,
    "",
  ].join("\n");
}

/** What cannot be reviewed, under the same marker. */
export function failureMarkdown(stack: string | null, errors: readonly string[]): string {
  const lines = errors.map((error) => `- ${code(error)}`);
  const head = "**The preview failed, so there is nothing to review.**";
  return [markerOf(stack), head, "", ...lines, ""].join("\n");
}

function isHarmless({ highest, brokenRules }: Review): boolean {
  return (highest === null || highest === "live") && brokenRules.length === 0;
}

function detailsOf(changes: readonly Change[]): readonly string[] {
  if (changes.length === 0) return [];
  return [
    "",
    "<details><summary>What changes, the worst first</summary>",
    "",
    "| grade | resource | what it means | cause |",
    "| --- | --- | --- | --- |",
    ...changes.map(changeLine),
    "",
    "</details>",
  ];
}

function changeLine({ resource, op, grade, meaning, causes, consent }: Change): string {
  const more = causes.length > mostCauses ? [`and ${causes.length - mostCauses} more`] : [];
  const cause = [...causes.slice(0, mostCauses).map(causeText), ...more].join("<br>");
  const reason = consent === null ? "" : `<br>Consent: ${escaped(consent)}`;
  const cells = [`**${grade}**`, `${signOf(op)} ${escaped(resource)}`, `${escaped(meaning)}${reason}`, cause];
  return `| ${cells.join(" | ")} |`;
}

function causeText({ property, before, after }: Cause): string {
  return `${code(property)}: ${code(before)} → ${code(after)}`;
}

function ruleLine({ resource, rule, enforcement, message, why, fix, consent }: BrokenRule): string {
  const end = consent === null ? `Fix: ${escaped(fix)}` : `Consent: ${escaped(consent)}`;
  return `- ${escaped(resource)}: ${escaped(message)} (${code(rule)}, ${enforcement}). ${escaped(why)} ${end}`;
}

/** The values are a pull request's own: none may become a tag, a link, a mention or another column. */
function code(text: string): string {
  return `<code>${entities(text.replace(/\s+/g, " "))}</code>`;
}

function escaped(text: string): string {
  return entities(text.replace(/\s+/g, " "));
}

function entities(text: string): string {
  return text.replace(/[&<>|`*_[\]#@~\\]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
