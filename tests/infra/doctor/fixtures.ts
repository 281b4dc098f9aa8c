/** What the tests of the doctor's findings have in common. */
import type { Finding } from "../../../infra/doctor/check";

export const commandsOf = (finding: Finding): string[] =>
  "remedies" in finding ? finding.remedies.map(({ command }) => command) : [];
