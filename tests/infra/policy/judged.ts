/** What one rule says about one resource. */
import type { Subject } from "../../../infra/policy/rule";
import { violationsOf } from "../../../infra/policy/violations";

export const someDay = new Date("2026-06-01T12:00:00Z");

/** `others`: the rest of the stack. */
export function judged(
  rule: string,
  type: string,
  inputs: Subject["inputs"],
  { today = someDay, others = [] }: { today?: Date; others?: readonly Subject[] } = {},
): string[] {
  const subject = { type: `azure-native:${type}`, name: "subject", inputs };
  return violationsOf([subject, ...others], today)
    .filter((violation) => violation.rule.name === rule && violation.resource === "subject")
    .map(({ message }) => message);
}
