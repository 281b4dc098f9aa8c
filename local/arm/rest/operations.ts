/** The operations of Azure Resource Manager's own REST API that the local cloud has; what they answer is in a file per noun. */
import findMyWay from "find-my-way";
import { authorizationFailed, missingApiVersion, notImplemented, subscriptionNotFound } from "../failure";
import { subscriptionScope, type RestCall, type RestHandler } from "./call";
import { checkBatchName, checkStorageName } from "./names";
import { listPermissions } from "./permissions";
import { getProvider } from "./providers";
import { getQuotas } from "./quotas";
import { listLocations } from "./regions";
import { getBatchAccount, getGroup, getStorageAccount, listBatchAccounts } from "./resources";
import { getSubscription, listSubscriptions } from "./subscriptions";
import { listVirtualMachineSkus } from "./vmSizes";

interface Operation {
  readonly verb: "GET" | "POST";
  readonly path: string;
  readonly handler: RestHandler;
  /** What the caller must be allowed at the scope; missing where the answer holds what he may see anyway, or the handler asks. */
  readonly action?: string;
}

const subscription = "/subscriptions/:subscriptionId";
const group = `${subscription}/resourceGroups/:group`;
const batchPlace = `${subscription}/providers/Microsoft.Batch/locations/:location`;
const permissions = "providers/Microsoft.Authorization/permissions";

const operations: readonly Operation[] = [
  { verb: "GET", path: "/subscriptions", handler: listSubscriptions },
  {
    verb: "GET",
    path: subscription,
    handler: getSubscription,
    action: "Microsoft.Resources/subscriptions/read",
  },
  {
    verb: "GET",
    path: `${subscription}/locations`,
    handler: listLocations,
    action: "Microsoft.Resources/subscriptions/locations/read",
  },
  {
    verb: "GET",
    path: `${subscription}/providers/:namespace`,
    handler: getProvider,
    action: "Microsoft.Resources/subscriptions/providers/read",
  },
  { verb: "GET", path: `${subscription}/${permissions}`, handler: listPermissions },
  { verb: "GET", path: `${group}/${permissions}`, handler: listPermissions },
  { verb: "GET", path: `${group}/providers/:namespace/:type/:name/${permissions}`, handler: listPermissions },
  {
    verb: "GET",
    path: `${batchPlace}/virtualMachineSkus`,
    handler: listVirtualMachineSkus,
    action: "Microsoft.Batch/locations/virtualMachineSkus/read",
  },
  {
    verb: "GET",
    path: `${batchPlace}/quotas`,
    handler: getQuotas,
    action: "Microsoft.Batch/locations/quotas/read",
  },
  {
    verb: "POST",
    path: `${batchPlace}/checkNameAvailability`,
    handler: checkBatchName,
    action: "Microsoft.Batch/locations/checkNameAvailability/read",
  },
  {
    verb: "POST",
    path: `${subscription}/providers/Microsoft.Storage/checkNameAvailability`,
    handler: checkStorageName,
    action: "Microsoft.Storage/checkNameAvailability/read",
  },
  {
    verb: "GET",
    path: `${subscription}/providers/Microsoft.Batch/batchAccounts`,
    handler: listBatchAccounts,
    action: "Microsoft.Batch/batchAccounts/read",
  },
  { verb: "GET", path: group, handler: getGroup },
  {
    verb: "GET",
    path: `${group}/providers/Microsoft.Storage/storageAccounts/:name`,
    handler: getStorageAccount,
  },
  { verb: "GET", path: `${group}/providers/Microsoft.Batch/batchAccounts/:name`, handler: getBatchAccount },
];

// Azure Resource Manager compares paths without letter case.
const router = findMyWay({ caseSensitive: false, maxParamLength: 1024 });
for (const one of operations) router.on(one.verb, one.path, () => undefined, one);

export const isRest = (url: URL): boolean => /^\/subscriptions(\/|$)/i.test(url.pathname);

/** Answers the body of a 200. Throws an ArmFailure. */
export async function answerRest(
  verb: string,
  url: URL,
  call: Omit<RestCall, "params" | "subscriptionId">,
): Promise<object> {
  const found = verb === "GET" || verb === "POST" ? router.find(verb, url.pathname) : null;
  if (found === null) throw notImplemented(`operation ${verb} ${url.pathname}`);
  if (!url.searchParams.has("api-version")) throw missingApiVersion();
  const { handler, action } = found.store as Operation;
  const { subscriptionId } = call.services.identity;
  const whole: RestCall = { ...call, subscriptionId, params: found.params };
  const asked = found.params.subscriptionId;
  if (asked !== undefined && asked.toLowerCase() !== subscriptionId.toLowerCase())
    throw subscriptionNotFound(asked);
  if (action !== undefined) demand(whole, action);
  return handler(whole);
}

function demand(call: RestCall, action: string): void {
  const scope = subscriptionScope(call);
  if (!call.services.access.mayAct(call.objectId, action, scope))
    throw authorizationFailed(call.objectId, action, scope);
}
