/**
 * Who may do what: the role assignments of the local cloud and the one question every service asks of them. A role holds at
 * its scope and below. A new assignment takes effect after a delay, as in Azure (Azure RBAC, "Troubleshoot": up to ten
 * minutes); one that is taken away ends at once (Azure: after a delay too).
 */
import { builtInRoles, type RoleDefinition, roleDefinition, type RoleName } from "./roleDefinitions";
import type { Table } from "./store";

/** A management-plane action or a data action, by its whole name: the two are granted apart. */
export type Permission =
  { readonly kind: "action"; readonly name: string } | { readonly kind: "dataAction"; readonly name: string };

export interface RoleAssignment {
  /** ARM id. */
  readonly id: string;
  /** ARM id of what it is for: a subscription, a group, a resource or a part of one. */
  readonly scope: string;
  readonly principalId: string;
  /** ARM id or GUID of a role in roleDefinitions.ts. */
  readonly roleDefinitionId: string;
}

export interface RoleAssignmentRecord extends RoleAssignment {
  readonly effectiveAtMs: number;
}

export interface AccessOptions {
  /** By lower-case id. */
  readonly assignments: Table<RoleAssignmentRecord>;
  /** From the assignment of a role to its effect. */
  readonly delayMs: number;
  readonly nowMs?: () => number;
}

export class Access {
  constructor(private readonly options: AccessOptions) {}

  /** Gives a role; giving it again changes nothing. Throws when the role is not known. */
  assign(assignment: RoleAssignment): void {
    this.#put(assignment, this.#nowMs() + this.options.delayMs);
  }

  /** Gives a role that has been there for long: what exists before anything is deployed. */
  assignFromTheStart(assignment: RoleAssignment): void {
    this.#put(assignment, 0);
  }

  /** Takes a role away; nothing happens when it is not there. */
  revoke(id: string): void {
    this.options.assignments.delete(id.toLowerCase());
  }

  assignments(): RoleAssignmentRecord[] {
    return this.options.assignments.list();
  }

  /** Whether a principal's roles, as far as they are in effect, allow this at an ARM id. */
  allows(principalId: string, permission: Permission, scope: string): boolean {
    return this.rolesAt(principalId, scope).some((role) => permits(role, permission));
  }

  /** The roles of a principal that reach an ARM id, as far as they are in effect: one for each assignment. */
  rolesAt(principalId: string, scope: string): readonly RoleDefinition[] {
    const wanted = principalId.toLowerCase();
    return this.assignments().flatMap((assignment) => {
      const role = roleDefinition(assignment.roleDefinitionId);
      const reaches =
        assignment.principalId.toLowerCase() === wanted &&
        assignment.effectiveAtMs <= this.#nowMs() &&
        isWithin(scope, assignment.scope);
      return reaches && role !== undefined ? [role] : [];
    });
  }

  /** The same for an ARM action such as `Microsoft.Storage/storageAccounts/write`. */
  mayAct(principalId: string, action: string, scope: string): boolean {
    return this.allows(principalId, { kind: "action", name: action }, scope);
  }

  #put(assignment: RoleAssignment, effectiveAtMs: number): void {
    if (roleDefinition(assignment.roleDefinitionId) === undefined)
      throw new Error(`the local cloud does not know the role ${assignment.roleDefinitionId}`);
    const { id, scope, principalId, roleDefinitionId } = assignment;
    const kept = this.options.assignments.get(id.toLowerCase());
    const isSame =
      kept?.scope === scope && kept.principalId === principalId && kept.roleDefinitionId === roleDefinitionId;
    const effective = isSame ? Math.min(kept.effectiveAtMs, effectiveAtMs) : effectiveAtMs;
    this.options.assignments.put(id.toLowerCase(), {
      ...{ id, scope, principalId, roleDefinitionId },
      effectiveAtMs: effective,
    });
  }

  #nowMs(): number {
    return (this.options.nowMs ?? Date.now)();
  }
}

/** Azure RBAC, "Understand role definitions": what notActions name is not granted by this role; another may grant it. */
export function permits(role: RoleDefinition, permission: Permission): boolean {
  const named = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matches(pattern, permission.name));
  switch (permission.kind) {
    case "action":
      return named(role.actions) && !named(role.notActions);
    case "dataAction":
      return named(role.dataActions);
  }
}

/** ARM id of the role assignment that gives a role at a scope. */
export function roleAssignmentId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** ARM id of a built-in role. */
export function roleDefinitionId(subscriptionId: string, role: RoleName): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles[role].id}`;
}

/** `*` stands for any text, slashes too; letter case does not matter. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(name);
}

/** Whether an ARM id is a scope or lies below it. */
function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id, scope].map((text) => text.toLowerCase().replace(/\/+$/, ""));
  return inner === outer || `${inner ?? ""}/`.startsWith(`${outer ?? ""}/`);
}
