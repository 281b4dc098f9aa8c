/**
 * What a caller with a token must be allowed before the Batch service acts (Azure Batch, "Role-based access control for Azure
 * Batch service"). Pools, certificates and applications are granted as actions, jobs and job schedules as data actions.
 *
 * The same page names two permissions that stand for others: `batchAccounts/read` "for any read operation" and
 * `batchAccounts/listKeys/action` "for any operation". So Owner and Contributor, who may list keys, may do everything here, and
 * Reader may read everything: none of them needs one of Batch's own roles.
 */
import type { Permission } from "../access";
import type { Caller } from "./auth";
import { authorizationFailure } from "./errors";

export interface AccessRules {
  /** ARM id of the account. */
  readonly scope: string;
  readonly allows: (principalId: string, permission: Permission, scope: string) => boolean;
}

export interface Need {
  readonly permission: Permission;
  readonly reads: boolean;
}

const name = (what: string): string => `Microsoft.Batch/batchAccounts/${what}`;
const action = (what: string): Permission => ({ kind: "action", name: name(what) });
const dataAction = (what: string): Permission => ({ kind: "dataAction", name: name(what) });
const reading = (permission: Permission): Need => ({ permission, reads: true });
const changing = (permission: Permission): Need => ({ permission, reads: false });

/**
 * The page lists read, write and delete of pools, jobs and so on. Nodes and their files count as the pool's, tasks and their
 * files as the job's, whatever is done to them as a write. // unverified: nodes, files, node counts
 * Supported images are nobody's: Azure Batch Job Submitter, who may read pools, was seen to get a 403.
 */
export const needs = {
  accountRead: reading(action("read")),
  applicationsRead: reading(action("applications/read")),
  certificatesRead: reading(action("certificates/read")),
  certificatesWrite: changing(action("certificates/write")),
  certificatesDelete: changing(action("certificates/delete")),
  poolsRead: reading(action("pools/read")),
  poolsWrite: changing(action("pools/write")),
  poolsDelete: changing(action("pools/delete")),
  jobsRead: reading(dataAction("jobs/read")),
  jobsWrite: changing(dataAction("jobs/write")),
  jobsDelete: changing(dataAction("jobs/delete")),
  jobSchedulesRead: reading(dataAction("jobSchedules/read")),
  jobSchedulesWrite: changing(dataAction("jobSchedules/write")),
  jobSchedulesDelete: changing(dataAction("jobSchedules/delete")),
} as const satisfies Readonly<Record<string, Need>>;

/** Throws AuthorizationFailure. A shared key gives full permission to the account. */
export function authorize(caller: Caller, { permission, reads }: Need, rules: AccessRules): void {
  if (caller.kind === "key") return;
  const { scope } = rules;
  const enough = [permission, action("listKeys/action"), ...(reads ? [action("read")] : [])];
  const isAllowed = enough.some((one) => rules.allows(caller.principalId, one, scope));
  if (!isAllowed) throw authorizationFailure(permission.name, scope);
}
