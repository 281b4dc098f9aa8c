/** All checks, in the order in which a first deploy would meet them. */
import type { Check } from "./check";
import { existingChecks } from "./existing";
import { groupChecks } from "./group";
import { imageChecks } from "./image";
import { loginChecks } from "./login";
import { machineChecks } from "./machine";
import { nameChecks } from "./names";
import { permissionChecks } from "./permissions";
import { providerChecks } from "./providers";
import { accountQuotaCheck, vCpuQuotaCheck } from "./quotas";
import { regionChecks } from "./region";
import { settingsChecks } from "./settings";
import { subscriptionChecks } from "./subscription";
import { vmSizeChecks } from "./vmSize";

export const checks: readonly Check[] = [
  ...machineChecks,
  ...settingsChecks,
  ...loginChecks,
  ...subscriptionChecks,
  ...providerChecks,
  ...regionChecks,
  ...permissionChecks,
  ...groupChecks,
  ...existingChecks,
  ...nameChecks,
  accountQuotaCheck,
  ...vmSizeChecks,
  vCpuQuotaCheck,
  ...imageChecks,
];
