/** A review for a terminal; pure. */
import { meanings, type Verdict } from "./grade";
import type { Cause } from "./gradeStep";
import type { BrokenRule, Change, Review } from "./review";
import { costSentence, nodesSentence, priceSentence, signOf, sumOf } from "./words";

export interface Colours {
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly dim: (text: string) => string;
}

const mostCauses = 5;
const indent = " ".repeat(12);

export function textOf(review: Review, colours: Colours): string {
  const { stack, highest, changes, estimate, brokenRules, unusedConsents } = review;
  const cost = costSentence(estimate);
  return [
    `Review of ${stack === null ? "a preview" : `stack ${stack}`}: ${sumOf(review)}`,
    ...(highest === null ? [] : [colours.dim(`${indent}${highest}: ${meanings[highest]}`)]),
    "",
    ...changes.flatMap((change) => changeLines(change, colours)),
    ...(changes.length > 0 ? [""] : []),
    `nodes       ${nodesSentence(estimate)}`,
    ...(cost === undefined
      ? []
      : [`cost        ${cost}`, `${indent}${colours.dim(priceSentence(estimate))}`]),
    ...estimate.gaps.map((gap) => `${indent}not counted: ${gap}`),
    ...brokenRules.flatMap((rule) => ruleLines(rule, colours)),
    ...unusedConsents.map(({ why }) => `consent     unused: ${why}`),
  ].join("\n");
}

function changeLines(
  { resource, op, grade, meaning, causes, consent }: Change,
  colours: Colours,
): readonly string[] {
  const more = causes.length - mostCauses;
  return [
    `${colourOf(grade, colours)(grade.padEnd(11))} ${signOf(op).padEnd(2)} ${resource}: ${meaning}`,
    ...causes.slice(0, mostCauses).map((cause) => colours.dim(`${indent}   ${causeText(cause)}`)),
    ...(more > 0 ? [colours.dim(`${indent}   and ${more} more`)] : []),
    ...(consent === null ? [] : [`${indent}   consent: ${consent}`]),
  ];
}

function ruleLines(
  { resource, rule, enforcement, message, why, fix, consent }: BrokenRule,
  { yellow, red }: Colours,
): readonly string[] {
  const colour = consent === null && enforcement === "mandatory" ? red : yellow;
  return [
    `${colour("rule".padEnd(11))} ${resource}: ${message} (${rule}, ${enforcement})`,
    `${indent}   why: ${why}`,
    consent === null ? `${indent}   fix: ${fix}` : `${indent}   consent: ${consent}`,
  ];
}

function causeText({ property, before, after }: Cause): string {
  return `${property}: ${oneLine(before)} → ${oneLine(after)}`;
}

/** Also without what would make a terminal do something. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences in a pull request's values
  return text.replace(/\s+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

function colourOf(grade: Verdict, { green, yellow, red }: Colours): (text: string) => string {
  switch (grade) {
    case "live":
      return green;
    case "next job":
    case "new pool":
      return yellow;
    case "interrupts":
    case "loses data":
    case "unknown":
      return red;
    default: {
      const never: never = grade;
      throw new Error(`Unknown grade: ${String(never)}`);
    }
  }
}
