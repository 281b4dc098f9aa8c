/** All checks, in the order in which they are made: what others need comes first. */
import type { Check } from "./check";
import { containerChecks } from "./containers";
import { lastRunChecks } from "./lastRun";
import { layerChecks } from "./layers";
import { nodeChecks } from "./nodes";
import { poolChecks } from "./pool";
import { reachChecks } from "./reach";
import { refusalChecks } from "./refusals";
import { serviceChecks } from "./service";
import { tokenChecks } from "./tokens";

export const checks: readonly Check[] = [
  ...reachChecks,
  ...tokenChecks,
  ...containerChecks,
  ...layerChecks,
  ...serviceChecks,
  ...refusalChecks,
  ...poolChecks,
  ...nodeChecks,
  ...lastRunChecks,
];
