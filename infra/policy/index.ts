/**
 * The rules as a pack for Pulumi's engine: `pulumi preview --policy-pack infra/policy`. Violations that `.review-consent` excuses are
 * reported by the advisory policy `excused`, so that nobody forgets them.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { PolicyPack, type Policies } from "@pulumi/policy";
import { RunError } from "@pulumi/pulumi";
import { parseConsents, type Consent } from "./consent";
import type { Rule, Subject } from "./rule";
import { rules } from "./rules";
import { advice, excuseOf, violationsOfRule } from "./violations";

const consents = consentsIn(resolve(__dirname, "../../.review-consent"));
const ofResource = rules.filter((rule) => !rule.wholeStack);
const ofStack = rules.filter((rule) => rule.wholeStack);

/** What the engine tells of a resource: in a preview, reading what is not known yet throws. */
interface Asked {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}
type Report = (message: string, urn?: string) => void;

const excused: Policies[number] = {
  name: "excused",
  description: "A rule is broken, and .review-consent says why it may be.",
  enforcementLevel: "advisory",
  validateResource: (asked, report) => ofResource.forEach((rule) => reportExcused(rule, [asked], report)),
  validateStack: ({ resources }, report) => ofStack.forEach((rule) => reportExcused(rule, resources, report)),
};

new PolicyPack("object-detection", {
  policies: [...ofResource.map(resourcePolicy), ...ofStack.map(stackPolicy), excused],
});

/** Throws a RunError, which Pulumi prints without a stack trace. */
function consentsIn(file: string): readonly Consent[] {
  if (!existsSync(file)) return [];
  try {
    return parseConsents(readFileSync(file, "utf8"), basename(file));
  } catch (cause) {
    throw new RunError(cause instanceof Error ? cause.message : String(cause));
  }
}

function resourcePolicy(rule: Rule): Policies[number] {
  return { ...head(rule), validateResource: (asked, report) => reportBroken(rule, [asked], report) };
}

function stackPolicy(rule: Rule): Policies[number] {
  return { ...head(rule), validateStack: ({ resources }, report) => reportBroken(rule, resources, report) };
}

function head({ name, why, enforcement }: Rule) {
  return { name, description: why, enforcementLevel: enforcement };
}

function reportBroken(rule: Rule, asked: readonly Asked[], report: Report): void {
  for (const { violation, excuse, urn } of judged(rule, asked))
    if (excuse === undefined) report(advice(violation), urn);
}

function reportExcused(rule: Rule, asked: readonly Asked[], report: Report): void {
  for (const { violation, excuse, urn } of judged(rule, asked))
    if (excuse !== undefined) report(`${rule.name}: ${violation.message}. Excused: ${excuse.reason}`, urn);
}

function judged(rule: Rule, asked: readonly Asked[]) {
  const stack = asked.map(subjectOf);
  const today = new Date();
  return asked.flatMap(({ urn }, index) =>
    violationsOfRule(rule, stack[index]!, today, stack).map((violation) => ({
      violation,
      excuse: excuseOf(violation, consents),
      urn,
    })),
  );
}

function subjectOf({ type, name, props }: Asked): Subject {
  return { type, name, inputs: knownOf(props) as Subject["inputs"] };
}

/** A plain copy without what is not known yet. */
function knownOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = Object.keys(value).flatMap((key) => {
    try {
      return [[key, knownOf((value as Record<string, unknown>)[key])] as const];
    } catch {
      return []; // @pulumi/policy throws at what a preview does not know
    }
  });
  return Array.isArray(value) ? known.map(([, item]) => item) : Object.fromEntries(known);
}
