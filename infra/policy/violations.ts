/** Holding a stack's resources against the rules, and what of it was agreed to. */
import type { Consent } from "./consent";
import type { Rule, Subject, Violation } from "./rule";
import { rules } from "./rules";

/** In the order of the resources. `today`: for rules with dates. */
export function violationsOf(subjects: readonly Subject[], today: Date): readonly Violation[] {
  return subjects.flatMap((subject) =>
    rules.flatMap((rule) => violationsOfRule(rule, subject, today, subjects)),
  );
}

export function violationsOfRule(
  rule: Rule,
  subject: Subject,
  today: Date,
  stack: readonly Subject[],
): readonly Violation[] {
  return rule.check(subject, today, stack).map((message) => ({ rule, resource: subject.name, message }));
}

/** The entry of `.review-consent` that excuses the violation. */
export function excuseOf({ rule, resource }: Violation, consents: readonly Consent[]): Consent | undefined {
  return consents.find(
    (consent) => "rule" in consent && consent.rule === rule.name && consent.resource === resource,
  );
}

/** What is wrong, how to fix it and how to be excused: a line each. */
export function advice({ rule, resource, message }: Violation): string {
  return [
    `${message}.`,
    `Fix: ${rule.fix}`,
    `Excuse: in .review-consent, - { resource: ${resource}, rule: ${rule.name}, reason: … }`,
  ].join("\n");
}
