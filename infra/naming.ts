/** Names and tags of the stack's resources, from project and stack alone; pure, within Azure's rules for length and characters. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../worker/contract/lineage";

export interface StackIdentity {
  readonly subscriptionId: string;
  readonly project: string;
  readonly stack: string;
}

export interface StackNames {
  readonly resourceGroup: string;
  readonly storageAccount: string;
  readonly batchAccount: string;
  readonly identity: string;
}

/** The blob containers, by what they hold. */
export const containers = { input: "input", output: "output", layers: "layers" } as const;

/**
 * Azure naming rules: resource group 1–90 characters, identity 3–128, both of letters, digits, `-` and `_`; storage account (unique
 * in the world) and Batch account (unique in its region) 3–24 small letters and digits. The latter two carry a hash of the
 * subscription, since every clone of this project has the same project and stack names.
 */
export function stackNames(identity: StackIdentity): StackNames {
  const unique = hash(`${identity.subscriptionId}/${identity.project}/${identity.stack}`, 10);
  const letters = identity.stack
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 10);
  const readable = readableName(`${identity.project}-${identity.stack}`);
  return {
    resourceGroup: `rg-${readable}`,
    storageAccount: `st${letters}${unique}`,
    batchAccount: `ba${letters}${unique}`,
    identity: `id-${readable}`,
  };
}

/**
 * A pool's name carries what cannot change while it has nodes: a change makes a new pool beside the old one, and the old one goes
 * afterwards. Batch REST: ids are at most 64 letters, digits, `-` and `_`.
 */
export function poolName(unchangeable: object): string {
  return `pool-${hash(canonicalJson(unchangeable), 12)}`;
}

/** A role assignment's name is a GUID; this one follows from who may do what where, so that the same assignment has the same name. */
export function roleAssignmentName(scope: string, principal: string, role: string): string {
  const hex = hash([scope, principal, role].join("\n").toLowerCase(), 32);
  // RFC 9562: version 8 (custom), variant 8.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The team's tags and ours. Not the commit: it would make a diff of every deploy. */
export function resourceTags(
  { project, stack }: Pick<StackIdentity, "project" | "stack">,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return { "managed-by": "pulumi", "pulumi-project": project, "pulumi-stack": stack, ...own };
}

/** The text where Azure accepts it as it stands; else what is left of it, with a hash so that two texts never give one name. */
function readableName(text: string): string {
  const left = text.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 70);
  return left === text ? text : `${left}-${hash(text, 8)}`;
}

function hash(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
