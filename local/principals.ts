/** Who exists in the local cloud from the start: people and a pipeline, each with a role on the whole subscription. */
import { guidFrom } from "./guid";
import type { RoleName } from "./roleDefinitions";
import type { Caller } from "./tokens";

export interface Principal extends Caller {
  readonly type: "User" | "ServicePrincipal";
  /** At the scope of the subscription. */
  readonly role: RoleName;
}

const principal = (name: string, type: Principal["type"], role: RoleName): Principal => ({
  objectId: guidFrom(`${name} of the local cloud`),
  clientId: guidFrom(`client of the ${name}`),
  type,
  role,
});

export const principals = {
  /** The person at the terminal. */
  operator: principal("operator", "User", "owner"),
  /** What deploys at night. */
  pipeline: principal("pipeline", "ServicePrincipal", "owner"),
  /** May change everything but who may do what. */
  contributor: principal("contributor", "User", "contributor"),
  /** May look at resources, and at no data in storage. */
  reader: principal("reader", "User", "reader"),
} as const satisfies Readonly<Record<string, Principal>>;

export type PrincipalName = keyof typeof principals;

export const principalNames = Object.keys(principals) as readonly PrincipalName[];

export function isPrincipalName(name: string): name is PrincipalName {
  return (principalNames as readonly string[]).includes(name);
}
