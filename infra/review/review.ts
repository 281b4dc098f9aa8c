/** The review of a preview as data, and whether a pipeline is to stop at it; pure. */
import type { Consent } from "../policy/consent";
import type { Subject, Violation } from "../policy/rule";
import { excuseOf } from "../policy/violations";
import type { PriceTable } from "../prices/prices";
import { consentFor, whyUnused } from "./consents";
import { estimate, type Estimate } from "./cost";
import { reaches, worst, type Verdict } from "./grade";
import { gradeStep, type GradedStep } from "./gradeStep";
import type { Preview } from "./preview";
import { knownPart } from "./values";

export interface Change extends GradedStep {
  /** The reason of the consent that lets it through; null where none does. */
  readonly consent: string | null;
}

export interface BrokenRule {
  readonly resource: string;
  readonly rule: string;
  readonly enforcement: "mandatory" | "advisory";
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly consent: string | null;
}

export interface Review {
  readonly stack: string | null;
  /** Null where nothing changes. */
  readonly highest: Verdict | null;
  /** The same, of what no consent lets through. */
  readonly highestWithoutConsent: Verdict | null;
  /** The worst first. */
  readonly changes: readonly Change[];
  readonly estimate: Estimate;
  readonly brokenRules: readonly BrokenRule[];
  readonly unusedConsents: readonly { readonly resource: string; readonly why: string }[];
}

export interface Circumstances {
  readonly prices: PriceTable;
  readonly consents: readonly Consent[];
  /** What the policies' rules find wrong. */
  readonly violationsOf: (subjects: readonly Subject[]) => readonly Violation[];
}

export function review(preview: Preview, { prices, consents, violationsOf }: Circumstances): Review {
  const steps = preview.steps.flatMap((step) => gradeStep(step) ?? []);
  const used = new Set<Consent>();
  const reasonOf = (consent: Consent | undefined): string | null => {
    if (consent !== undefined) used.add(consent);
    return consent?.reason ?? null;
  };
  const changes = steps
    .map((step): Change => ({ ...step, consent: reasonOf(consentFor(step, consents)) }))
    .sort((a, b) => Number(reaches(b.grade, a.grade)) - Number(reaches(a.grade, b.grade)));
  const brokenRules = violationsOf(subjectsOf(preview)).map((violation): BrokenRule => {
    const { name: rule, enforcement, why, fix } = violation.rule;
    const { resource, message } = violation;
    return {
      resource,
      rule,
      enforcement,
      message,
      why,
      fix,
      consent: reasonOf(excuseOf(violation, consents)),
    };
  });
  return {
    stack: preview.stack ?? null,
    highest: worst(changes.map(({ grade }) => grade)) ?? null,
    highestWithoutConsent:
      worst(changes.filter(({ consent }) => consent === null).map(({ grade }) => grade)) ?? null,
    changes,
    estimate: estimate(preview, prices),
    brokenRules,
    unusedConsents: consents
      .filter((consent) => !used.has(consent))
      .map((consent) => ({ resource: consent.resource, why: whyUnused(consent, steps) })),
  };
}

/** Why a pipeline stops; none where it may go on. */
export function stopsAt(
  { changes, brokenRules }: Pick<Review, "changes" | "brokenRules">,
  limit: Verdict,
): readonly string[] {
  const graded = changes
    .filter(({ grade, consent }) => consent === null && reaches(grade, limit))
    .map(({ resource, grade }) => `${resource} is graded ${grade}`);
  const broken = brokenRules
    .filter(({ enforcement, consent }) => enforcement === "mandatory" && consent === null)
    .map(({ resource, rule }) => `${resource} breaks the rule ${rule}`);
  return [...graded, ...broken];
}

/** What will be there, as far as the preview shows it. */
function subjectsOf({ steps }: Preview): readonly Subject[] {
  return steps.flatMap(({ type, name, isReal, after }) =>
    isReal && after !== undefined
      ? [{ type, name, inputs: knownPart(after.inputs) as Subject["inputs"] }]
      : [],
  );
}
