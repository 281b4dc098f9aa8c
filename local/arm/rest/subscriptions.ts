/** The one subscription of the local cloud, in the shape of Microsoft.Resources (2022-12-01). */
import { subscriptionScope, type RestCall, type RestHandler } from "./call";

const subscriptionOf = (call: RestCall): object => ({
  id: subscriptionScope(call),
  authorizationSource: "RoleBased",
  managedByTenants: [],
  subscriptionId: call.subscriptionId,
  tenantId: call.services.identity.tenantId,
  displayName: "The local cloud",
  state: "Enabled",
  subscriptionPolicies: {
    locationPlacementId: "Public_2014-09-01",
    quotaId: "PayAsYouGo_2014-09-01",
    spendingLimit: "Off",
  },
});

export const getSubscription: RestHandler = subscriptionOf;

/** Those that the caller may read. */
export const listSubscriptions: RestHandler = (call) => {
  const mayRead = call.services.access.mayAct(
    call.objectId,
    "Microsoft.Resources/subscriptions/read",
    subscriptionScope(call),
  );
  return { value: mayRead ? [subscriptionOf(call)] : [] };
};
