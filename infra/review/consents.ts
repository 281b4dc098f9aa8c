/** Which changes and broken rules a pull request knowingly asks for; pure. */
import type { Consent } from "../policy/consent";
import { grades, parseVerdict, reaches, type Verdict } from "./grade";
import type { GradedStep } from "./gradeStep";

type GradeConsent = Extract<Consent, { grade: string }>;

/** Throws an Error that names the grade that is none. `file`: for messages. */
export function checkGrades(consents: readonly Consent[], file: string): void {
  const wrong = consents.flatMap((consent) =>
    isForGrade(consent) && parseVerdict(consent.grade) === undefined ? [consent.grade] : [],
  );
  if (wrong.length > 0)
    throw new Error(`${file}: ${wrong.join(", ")}: no such grade; there are ${grades.join(", ")}, unknown.`);
}

/** The consent that lets this step through: one for its resource, up to its grade. */
export function consentFor(step: GradedStep, consents: readonly Consent[]): Consent | undefined {
  return consents.find(
    (consent) =>
      isForGrade(consent) && consent.resource === step.resource && reaches(gradeOf(consent), step.grade),
  );
}

/** Why a consent was of no use. */
export function whyUnused(consent: Consent, steps: readonly GradedStep[]): string {
  if (!isForGrade(consent)) return `${consent.resource} does not break the rule ${consent.rule}`;
  const found = steps.filter(({ resource }) => resource === consent.resource).map(({ grade }) => grade);
  return found.length === 0
    ? `nothing of ${consent.resource} changes`
    : `${consent.resource} is graded ${found.join(", ")}, which is more than ${consent.grade}`;
}

function isForGrade(consent: Consent): consent is GradeConsent {
  return "grade" in consent;
}

function gradeOf({ grade }: GradeConsent): Verdict {
  return parseVerdict(grade) ?? "live";
}
