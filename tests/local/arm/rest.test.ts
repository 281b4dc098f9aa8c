/** Azure Resource Manager's own REST API, as far as the local cloud has it. */
import { audiences } from "../../../local/audiences";
import type { LocalCloud } from "../../../local/cloud";
import type { PrincipalName } from "../../../local/principals";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";
import { get, post, type Answer } from "./armRequests";

let opened: TestCloud;
let cloud: LocalCloud;
let subscription: string;
beforeAll(async () => {
  opened = await openLocalCloud({ unregisteredProviders: ["Microsoft.ManagedIdentity"] });
  ({ cloud } = opened);
  subscription = `/subscriptions/${cloud.identity.subscriptionId}`;
});
afterAll(() => opened.stop());

const ask = (path: string, as: PrincipalName = "operator"): Promise<Answer> =>
  get(cloud, `${path}?api-version=2024-07-01`, cloud.identity.principalToken(as, audiences.arm));
const code = ({ status, body }: Answer): string => `${status} ${body.error?.code ?? ""}`;

it("answers only with a token for ARM and an api-version", async () => {
  expect((await get(cloud, `${subscription}?api-version=2022-12-01`, null)).status).toBe(401);
  expect(code(await get(cloud, subscription))).toBe("400 MissingApiVersionParameter");
  expect((await ask(subscription)).body).toMatchObject({ id: subscription, state: "Enabled" });
});

it("compares paths without letter case, and refuses by name what it does not have", async () => {
  expect((await ask(`${subscription}/PROVIDERS/microsoft.batch`)).body).toMatchObject({
    namespace: "Microsoft.Batch",
    registrationState: "Registered",
  });
  const vnets = await ask(`${subscription}/providers/Microsoft.Network/virtualNetworks`);
  expect(code(vnets)).toBe("501 NotImplemented");
  expect(vnets.body.error?.message).toContain("virtualNetworks");
});

it("knows one subscription, no other provider and no other region", async () => {
  expect(code(await ask("/subscriptions/11111111-2222-3333-4444-555555555555"))).toBe(
    "404 SubscriptionNotFound",
  );
  expect(code(await ask(`${subscription}/providers/Microsoft.Nothing`))).toBe("404 InvalidResourceNamespace");
  const path = `${subscription}/providers/Microsoft.Batch/locations`;
  expect(code(await ask(`${path}/atlantis/virtualMachineSkus`))).toBe("400 NoRegisteredProviderFound");
  expect((await ask(`${path}/JapanEast/virtualMachineSkus`)).status).toBe(200);
});

it("tells each caller what he may do, at a scope that is there", async () => {
  const permissions = "providers/Microsoft.Authorization/permissions";
  const { body } = await ask(`${subscription}/${permissions}`, "contributor");

  expect(body.value).toHaveLength(1);
  expect(body.value).toMatchObject([
    { actions: ["*"], notActions: expect.arrayContaining(["Microsoft.Authorization/*/Write"]) as string[] },
  ]);
  expect(code(await ask(`${subscription}/resourceGroups/none/${permissions}`))).toBe(
    "404 ResourceGroupNotFound",
  );
});

it("makes nothing of a provider that the subscription is not registered for, as it says itself", async () => {
  await post(cloud, "/resources/create", {
    type: "azure-native:resources:ResourceGroup",
    inputs: { resourceGroupName: "rg", location: "japaneast" },
  });

  const made = await post(cloud, "/resources/create", {
    type: "azure-native:managedidentity:UserAssignedIdentity",
    inputs: { resourceGroupName: "rg", resourceName: "nodes", location: "japaneast" },
  });

  expect(code(made)).toBe("409 MissingSubscriptionRegistration");
  expect((await ask(`${subscription}/providers/Microsoft.ManagedIdentity`)).body.registrationState).toBe(
    "NotRegistered",
  );
});

it("shows a group and what is in it as Azure does, and tells what is missing", async () => {
  await post(cloud, "/resources/create", {
    type: "azure-native:resources:ResourceGroup",
    inputs: { resourceGroupName: "shown", location: "japaneast", tags: { team: "vision" } },
  });

  expect((await ask(`${subscription}/resourceGroups/SHOWN`)).body).toEqual({
    id: `${subscription}/resourceGroups/shown`,
    name: "shown",
    type: "Microsoft.Resources/resourceGroups",
    location: "japaneast",
    tags: { team: "vision" },
    properties: { provisioningState: "Succeeded" },
  });
  const account = "providers/Microsoft.Batch/batchAccounts/none";
  expect(code(await ask(`${subscription}/resourceGroups/shown/${account}`))).toBe("404 ResourceNotFound");
  expect(code(await ask(`${subscription}/resourceGroups/none/${account}`))).toBe("404 ResourceGroupNotFound");
});

it("takes no name that the service would refuse", async () => {
  const path = `${subscription}/providers/Microsoft.Storage/checkNameAvailability?api-version=2024-01-01`;
  const type = "Microsoft.Storage/storageAccounts";

  expect((await post(cloud, path, { name: "no", type })).body).toMatchObject({
    nameAvailable: false,
    reason: "AccountNameInvalid",
  });
  expect((await post(cloud, path, { name: "free123", type })).body).toEqual({ nameAvailable: true });
  expect(code(await post(cloud, path, { name: "free123", type: "other" }))).toBe("400 InvalidRequestContent");
});
