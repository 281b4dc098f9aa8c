/** Whether the subscription has the resource providers that the stack's resources come from. */
import { z } from "zod";
import { fix, ok, type Check, type Finding } from "./check";
import type { Surroundings } from "./surroundings";

export const namespaces = ["Microsoft.Storage", "Microsoft.ManagedIdentity", "Microsoft.Batch"] as const;
type Namespace = (typeof namespaces)[number];

const provider = z.object({
  registrationState: z.string(),
  resourceTypes: z.array(z.object({ resourceType: z.string(), locations: z.array(z.string()).default([]) })),
});
export type Provider = z.infer<typeof provider>;

export const providerCheck = (namespace: Namespace): string =>
  `provider-${namespace.replace("Microsoft.", "").toLowerCase()}`;

export const providerChecks: readonly Check[] = namespaces.map((namespace) => ({
  id: providerCheck(namespace),
  title: namespace,
  place: "cloud",
  needs: ["subscription"],
  look: async (surroundings) =>
    assessProvider(
      namespace,
      await readProvider(namespace, surroundings),
      await surroundings.subscriptionId(),
    ),
}));

export async function readProvider(
  namespace: Namespace,
  { arm, subscriptionId }: Surroundings,
): Promise<Provider> {
  return arm.get(`/subscriptions/${await subscriptionId()}/providers/${namespace}`, "2021-04-01", provider);
}

/** Pure. Azure: "Resource providers": creation works from Registering on in the regions that are ready. */
export function assessProvider(
  namespace: string,
  { registrationState }: Provider,
  subscriptionId: string,
): Finding {
  if (registrationState === "Registered") return ok("registered");
  return fix(registrationState, {
    command: `az provider register --namespace ${namespace} --subscription ${subscriptionId} --wait`,
    ...(registrationState === "Registering" && { note: "it is under way: this waits for it" }),
  });
}
