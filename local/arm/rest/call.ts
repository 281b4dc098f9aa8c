/** A call of Azure Resource Manager's own REST API once it is known who calls and what. */
import type { CloudServices } from "../../cloud";
import { resourceGroupId } from "../resourceType";
import type { Resources } from "../resources";

export interface RestCall {
  readonly subscriptionId: string;
  /** The caller. */
  readonly objectId: string;
  /** Of the route, by name. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly services: CloudServices;
  readonly resources: Resources;
}

/** Answers the body of a 200. */
export type RestHandler = (call: RestCall) => object | Promise<object>;

/** A part of the path that the route names. */
export function param({ params }: RestCall, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}

export const subscriptionScope = ({ subscriptionId }: RestCall): string => `/subscriptions/${subscriptionId}`;

/** ARM id of the scope that a call of a group or a resource names. */
export function scopeOf(call: RestCall): string {
  const { group: name, namespace, type, name: resource } = call.params;
  if (name === undefined) return subscriptionScope(call);
  const id = resourceGroupId(call.subscriptionId, param(call, "group"));
  return resource === undefined ? id : [id, "providers", namespace, type, resource].join("/");
}
