import * as pulumi from "@pulumi/pulumi";
import { resourceGroupOf } from "../../infra/resourceGroup";
import { requireSameSubscription } from "../../infra/runningStack";
import { planStorageAccount } from "../../infra/storageAccount";
import { defaultConfig, subscriptionId } from "./fixtureStack";

const id = `/subscriptions/${subscriptionId}/resourceGroups/team-data/providers/Microsoft.Storage/storageAccounts/teamstorage`;
const account = { id, subscriptionId, resourceGroup: "team-data", name: "teamstorage" };
const own = { location: "japaneast", tags: {}, keeping: defaultConfig.keeping, subscriptionId };

async function cloudAnswers(answer: () => Record<string, unknown>): Promise<void> {
  const newResource = () => ({ id: "", state: {} });
  await pulumi.runtime.setMocks({ newResource, call: answer }, "object-detection", "dev");
}
/** The provider's errors arrive as text, in the member that gRPC has for it. */
const refuses = (details: string) => () => {
  throw Object.assign(new Error(details), { details });
};
const askForGroup = () =>
  resourceGroupOf({ kind: "existing", existing: "team" }, { ...own, resourceGroupName: "rg" });
const askForAccount = () =>
  planStorageAccount(
    { kind: "existing", existing: account },
    { ...own, resourceGroupName: "rg", accountName: "own", retainRunsDays: 90 },
  );

/** What ends the program: of a RunError, Pulumi prints the sentence and nothing else. */
async function endOf(question: Promise<unknown>): Promise<string> {
  const error: unknown = await question.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!pulumi.RunError.isInstance(error)) throw new Error(`expected a RunError, got ${String(error)}`);
  return error.message;
}

it.each([
  "invocation of azure-native:resources:getResourceGroup returned an error: RESPONSE 404: 404 Not Found ERROR CODE: ResourceGroupNotFound",
  `Status=404 Code="ResourceGroupNotFound" Message="Resource group 'team' could not be found."`,
])("ends with one sentence when there is no such resource group: %s", async (answer) => {
  await cloudAnswers(refuses(answer));

  expect(await endOf(askForGroup())).toBe(
    `resourceGroup: there is no resource group team in subscription ${subscriptionId}; create it first, or leave the setting empty for one of the stack's own`,
  );
});

it("ends with one sentence when there is no such storage account", async () => {
  await cloudAnswers(refuses("RESPONSE 404: 404 Not Found ERROR CODE: ResourceNotFound"));

  expect(await endOf(askForAccount())).toBe(
    `storageAccount: there is no storage account ${id}; create it first, or leave the setting empty for one of the stack's own`,
  );
});

it("does not call missing what it may not ask for", async () => {
  await cloudAnswers(refuses("RESPONSE 403: 403 Forbidden ERROR CODE: AuthorizationFailed"));

  expect(await endOf(askForAccount())).toMatch(
    /^storageAccount: whether there is a storage account .*\/teamstorage could not be found out: .*AuthorizationFailed/,
  );
});

it("refuses an account without blobs", async () => {
  await cloudAnswers(() => ({ primaryEndpoints: { file: "https://files" } }));

  expect(await endOf(askForAccount())).toBe(
    `storageAccount: expected an account for blobs; ${id} has no blob endpoint`,
  );
});

it("refuses an account of another subscription, which the provider would look for in its own", async () => {
  await cloudAnswers(() => ({}));
  const config = { ...defaultConfig, storageAccount: { kind: "existing", existing: account } } as const;
  const other = "99999999-0000-0000-0000-000000000001";

  expect(() => requireSameSubscription(config, subscriptionId)).not.toThrow();
  expect(() => requireSameSubscription(config, other)).toThrow(pulumi.RunError);
  expect(() => requireSameSubscription(config, other)).toThrow(
    `Pulumi.dev.yaml needs your attention:\n  storageAccount: expected one in subscription ${other}, got one in ${subscriptionId}`,
  );
});
