/** Faults as a test wants them. */
import { Faults } from "../../../local/faults/faults";
import { type FaultSettings, type GivenFaults, parseFaults } from "../../../local/faults/settings";

export function settingsOf(given: GivenFaults): FaultSettings {
  const parsed = parseFaults(JSON.stringify(given));
  if ("mistakes" in parsed) throw new Error(parsed.mistakes.join("\n"));
  return parsed.settings;
}

export const faultsOf = (given: GivenFaults): Faults => new Faults(settingsOf(given));
