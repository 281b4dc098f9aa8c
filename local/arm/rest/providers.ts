/** Resource providers: whether they are registered, and where their types are. */
import { noSuchProvider, providerNotRegistered } from "../failure";
import { param, subscriptionScope, type RestCall, type RestHandler } from "./call";
import { regions } from "./regions";

/** With the resource types that the local cloud has, and their newest version here. */
const providers: Readonly<Record<string, readonly (readonly [type: string, apiVersion: string])[]>> = {
  "Microsoft.Batch": [["batchAccounts", "2024-07-01"]],
  "Microsoft.ManagedIdentity": [["userAssignedIdentities", "2024-11-30"]],
  "Microsoft.Storage": [["storageAccounts", "2024-01-01"]],
};

export const getProvider: RestHandler = (call) => {
  const asked = param(call, "namespace").toLowerCase();
  const [namespace, types] = Object.entries(providers).find(([name]) => name.toLowerCase() === asked) ?? [];
  if (namespace === undefined || types === undefined) throw noSuchProvider(param(call, "namespace"));
  return {
    id: `${subscriptionScope(call)}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: call.services.unregistered.has(asked) ? "NotRegistered" : "Registered",
    resourceTypes: types.map(([resourceType, apiVersion]) => ({
      resourceType,
      locations: regions.map(({ displayName }) => displayName),
      apiVersions: [apiVersion],
      capabilities: "SupportsTags, SupportsLocation",
    })),
  };
};

/** Throws MissingSubscriptionRegistration. */
export function demandRegistered({ services }: Pick<RestCall, "services">, namespace: string): void {
  if (services.unregistered.has(namespace.toLowerCase())) throw providerNotRegistered(namespace);
}
