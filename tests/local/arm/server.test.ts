/** The ARM side as its thin clients see it. One local cloud for all tests, a resource group for each. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { roleDefinitionId } from "../../../local/access";
import { audiences } from "../../../local/audiences";
import type { LocalCloud } from "../../../local/cloud";
import { type PrincipalName, principals } from "../../../local/principals";
import { openLocalCloud, withLocalCloud, type TestCloud } from "../../support/localCloud";
import { post, type Answer } from "./armRequests";

let opened: TestCloud;
let cloud: LocalCloud;
beforeAll(async () => {
  opened = await openLocalCloud();
  ({ cloud } = opened);
});
afterAll(() => opened.stop());

const containing = (text: string): string => expect.stringContaining(text) as string;
const create = (type: string, inputs: object): Promise<Answer> =>
  post(cloud, "/resources/create", { type: `azure-native:${type}`, inputs });
const read = (id: string): Promise<Answer> => post(cloud, "/resources/read", { id });
const update = (id: string, inputs: object): Promise<Answer> =>
  post(cloud, "/resources/update", { id, inputs });
const remove = (id: string): Promise<Answer> => post(cloud, "/resources/delete", { id });

async function madeGroup(resourceGroupName: string): Promise<string> {
  const made = await create("resources:ResourceGroup", { resourceGroupName, location: "japaneast" });
  expect(made.status).toBe(200);
  return String(made.body.id);
}
const accountOf = (resourceGroupName: string, accountName: string) => ({
  resourceGroupName,
  accountName,
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
});
const poolOf = (resourceGroupName: string, accountName: string, nodes: number) => ({
  resourceGroupName,
  accountName,
  poolName: "pool",
  vmSize: "Standard_D2s_v3",
  deploymentConfiguration: {
    virtualMachineConfiguration: {
      imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
      nodeAgentSkuId: "batch.node.ubuntu 24.04",
    },
  },
  scaleSettings: { fixedScale: { targetDedicatedNodes: nodes } },
});

it("creates a resource once, under the id that Azure would give it", async () => {
  const id = await madeGroup("once");

  expect(id).toBe(`/subscriptions/${cloud.identity.subscriptionId}/resourceGroups/once`);
  expect(
    await create("resources:ResourceGroup", { resourceGroupName: "once", location: "japaneast" }),
  ).toMatchObject({
    status: 409,
    body: { error: { code: "Conflict", message: `cannot create already existing resource '${id}'` } },
  });
});

it("answers nobody without a token for ARM", async () => {
  const forBatch = cloud.identity.operatorToken(audiences.batch);
  const asked = { id: "/subscriptions/x" };

  expect((await post(cloud, "/resources/read", asked, null)).status).toBe(401);
  expect((await post(cloud, "/resources/read", asked, forBatch)).status).toBe(401);
});

it("refuses by name a type, a function and an operation it does not have, and inputs that are wrong", async () => {
  expect(await create("keyvault:Vault", {})).toMatchObject({
    status: 501,
    body: { error: { message: containing("azure-native:keyvault:Vault") } },
  });
  expect(await post(cloud, "/functions", { token: "azure-native:web:getApp", args: {} })).toMatchObject({
    status: 501,
    body: { error: { message: containing("azure-native:web:getApp") } },
  });
  expect(await post(cloud, "/resources/move", {})).toMatchObject({ status: 501 });
  expect(await create("storage:StorageAccount", accountOf("rg", "Not-Allowed"))).toMatchObject({
    status: 400,
    body: { error: { message: containing("accountName") } },
  });
});

it("lets a caller do what the roles allow, and names the action that they do not", async () => {
  const as = (principal: PrincipalName): string => cloud.identity.principalToken(principal, audiences.arm);
  const inputs = { resourceGroupName: "roles", location: "japaneast" };
  const group = { type: "azure-native:resources:ResourceGroup", inputs };
  const assignment = (scope: string) => ({
    type: "azure-native:authorization:RoleAssignment",
    inputs: {
      scope,
      roleAssignmentName: "11111111-2222-4333-8444-555555555555",
      principalId: principals.reader.objectId,
      roleDefinitionId: roleDefinitionId(cloud.identity.subscriptionId, "blobReader"),
    },
  });

  const refused = await post(cloud, "/resources/create", group, as("reader"));
  const made = await post(cloud, "/resources/create", group, as("contributor"));
  const id = String(made.body.id);
  const byContributor = await post(cloud, "/resources/create", assignment(id), as("contributor"));
  const byPipeline = await post(cloud, "/resources/create", assignment(id), as("pipeline"));

  expect(refused).toMatchObject({
    status: 403,
    body: {
      error: {
        code: "AuthorizationFailed",
        message: containing("'Microsoft.Resources/subscriptions/resourceGroups/write'"),
      },
    },
  });
  expect(made.status).toBe(200);
  expect(await post(cloud, "/resources/read", { id }, as("reader"))).toMatchObject({ status: 200 });
  expect(byContributor).toMatchObject({
    status: 403,
    body: { error: { message: containing("'Microsoft.Authorization/roleAssignments/write'") } },
  });
  expect(byPipeline.status).toBe(200);
});

it("says which resource group or which parent is missing", async () => {
  expect(
    await create("batch:BatchAccount", { resourceGroupName: "none", accountName: "none" }),
  ).toMatchObject({
    status: 404,
    body: { error: { code: "ResourceGroupNotFound", message: "Resource group 'none' could not be found." } },
  });
  await madeGroup("lonely");
  expect(await create("batch:Pool", poolOf("lonely", "none", 0))).toMatchObject({
    status: 404,
    body: { error: { code: "ParentResourceNotFound", message: containing("batchAccounts/none") } },
  });
});

it("gives a storage account's name once in the world", async () => {
  await madeGroup("first");
  await madeGroup("second");
  await create("storage:StorageAccount", accountOf("first", "onceintheworld"));

  expect(await create("storage:StorageAccount", accountOf("second", "onceintheworld"))).toMatchObject({
    status: 409,
    body: { error: { code: "StorageAccountAlreadyTaken" } },
  });
});

it("replaces a resource's inputs by an update, and keeps what only the cloud knows", async () => {
  const id = await madeGroup("tagged");

  const updated = await update(id, { resourceGroupName: "tagged", location: "japaneast", tags: { a: "1" } });

  expect(updated.body).toMatchObject({ inputs: { tags: { a: "1" } }, outputs: { name: "tagged" } });
  expect((await read(id)).body).toEqual({ resource: updated.body });
  expect(await update(`${id}x`, { resourceGroupName: "taggedx", location: "l" })).toMatchObject({
    status: 404,
    body: { error: { code: "ResourceNotFound" } },
  });
});

it("removes with a resource all that is below it, and finds nothing wrong with one that is gone", async () => {
  const id = await madeGroup("whole");
  const storage = await create("storage:StorageAccount", accountOf("whole", "wholestorage"));
  const inStorage = { resourceGroupName: "whole", accountName: "wholestorage" };
  const container = await create("storage:BlobContainer", { ...inStorage, containerName: "input" });
  await create("batch:BatchAccount", { resourceGroupName: "whole", accountName: "wholebatch" });
  const pool = await create("batch:Pool", poolOf("whole", "wholebatch", 1));

  expect((await remove(id)).status).toBe(200);

  for (const { body } of [storage, container, pool])
    expect((await read(String(body.id))).body).toEqual({ resource: null });
  expect(cloud.storage.has("wholestorage")).toBe(false);
  expect(cloud.batch.has("wholebatch")).toBe(false);
  expect(existsSync(join(opened.folder, "cloud/storage/wholestorage"))).toBe(false);
  expect(existsSync(join(opened.folder, "cloud/batch/wholebatch"))).toBe(false);
  expect((await remove(id)).status).toBe(200);
});

it("gives an account that is made again a new creation time, an identity new ids", async () => {
  await madeGroup("again");
  const made = async () => ({
    account: (await create("storage:StorageAccount", accountOf("again", "againstorage"))).body,
    identity: (
      await create("managedidentity:UserAssignedIdentity", {
        resourceGroupName: "again",
        resourceName: "nodes",
      })
    ).body,
  });
  const first = await made();
  await remove(String(first.account.id));
  await remove(String(first.identity.id));
  const second = await made();

  const outputs = (body: Answer["body"]) => body.outputs as Record<string, string>;
  expect(outputs(second.account).creationTime).not.toBe(outputs(first.account).creationTime);
  expect(outputs(second.identity).principalId).not.toBe(outputs(first.identity).principalId);
});

it("sees that a pool or a container went behind its back, and that a pool was resized there", async () => {
  await madeGroup("drift");
  await create("storage:StorageAccount", accountOf("drift", "driftstorage"));
  await create("batch:BatchAccount", { resourceGroupName: "drift", accountName: "driftbatch" });
  const pool = String((await create("batch:Pool", poolOf("drift", "driftbatch", 0))).body.id);
  const batch = cloud.batch.account("driftbatch");

  const spec = batch.getPool("pool")!.spec;
  batch.updatePool({ ...spec, targetDedicatedNodes: 1 });
  expect((await read(pool)).body).toMatchObject({
    resource: { inputs: { scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } } } },
  });

  await batch.deletePool("pool");
  expect((await read(pool)).body).toEqual({ resource: null });
});

it("changes of a pool with nodes what Batch allows, and names what it does not", async () => {
  await madeGroup("full");
  await create("batch:BatchAccount", { resourceGroupName: "full", accountName: "fullbatch" });
  const inputs = poolOf("full", "fullbatch", 1);
  const id = String((await create("batch:Pool", inputs)).body.id);

  expect(await update(id, { ...inputs, metadata: [{ name: "a", value: "1" }] })).toMatchObject({
    status: 200,
  });
  expect(await update(id, { ...inputs, vmSize: "Standard_D4s_v3" })).toMatchObject({
    status: 409,
    body: { error: { code: "PropertyCannotBeUpdated", message: containing("vmSize") } },
  });
  expect((await read(id)).body).toMatchObject({ resource: { inputs: { vmSize: "Standard_D2s_v3" } } });
});

it("refuses a pool whose formula has a mistake, and sees that one was given another formula behind its back", async () => {
  await madeGroup("scaled");
  await create("batch:BatchAccount", { resourceGroupName: "scaled", accountName: "scaledbatch" });
  const withFormula = (formula: string) => ({
    ...poolOf("scaled", "scaledbatch", 0),
    scaleSettings: { autoScale: { formula, evaluationInterval: "PT5M" } },
  });
  const mistake = {
    status: 400,
    body: { error: { code: "AutoScalingFormulaSyntaxError", message: containing("Unknown variable oops") } },
  };

  expect(await create("batch:Pool", withFormula("$TargetDedicatedNodes = oops;"))).toMatchObject(mistake);
  const id = String((await create("batch:Pool", withFormula("$TargetDedicatedNodes = 0;"))).body.id);
  expect(await update(id, withFormula("$TargetDedicatedNodes = oops;"))).toMatchObject(mistake);
  const formulaOf = async () =>
    (await read(id)).body as { resource: { inputs: { scaleSettings: { autoScale: object } } } };
  expect((await formulaOf()).resource.inputs.scaleSettings.autoScale).toEqual({
    formula: "$TargetDedicatedNodes = 0;",
    evaluationInterval: "PT5M",
  });

  cloud.batch.account("scaledbatch").autoScaling.enable("pool", { autoScaleEvaluationInterval: "PT1H" });

  expect((await formulaOf()).resource.inputs.scaleSettings.autoScale).toEqual({
    formula: "$TargetDedicatedNodes = 0;",
    evaluationInterval: "PT1H",
  });
});

it("refuses what the subscription's quotas do not allow, in Azure's words", () =>
  withLocalCloud(
    async ({ cloud: small }) => {
      const ask = (type: string, inputs: object) =>
        post(small, "/resources/create", { type: `azure-native:${type}`, inputs });
      await ask("resources:ResourceGroup", { resourceGroupName: "small", location: "japaneast" });
      await ask("batch:BatchAccount", { resourceGroupName: "small", accountName: "first" });
      const pool = poolOf("small", "first", 0);
      await ask("batch:Pool", pool);

      expect(
        await ask("batch:BatchAccount", { resourceGroupName: "small", accountName: "second" }),
      ).toMatchObject({ status: 409, body: { error: { code: "SubscriptionQuotaExceeded" } } });
      expect(await ask("batch:Pool", { ...pool, poolName: "second" })).toMatchObject({
        status: 409,
        body: { error: { code: "PoolQuotaReached" } },
      });
    },
    { quotas: { batchAccounts: 1, pools: 1 } },
  ));

it("gives what a killed deploy made to the next that asks for the very same, and to nobody else", async () => {
  const type = "azure-native:resources:ResourceGroup";
  const inputs = { resourceGroupName: "killed", location: "japaneast" };
  const by = (deploy: string, asked: object = inputs): Promise<Answer> =>
    post(cloud, "/resources/create", { type, inputs: asked, deploy });
  await by("killed");

  const another = await by("next", { ...inputs, tags: { a: "1" } });
  const next = await by("next");
  await post(cloud, "/deploys/settle", { deploy: "next" });
  const later = await by("later");

  expect(another.status).toBe(409);
  expect(next).toMatchObject({ status: 200, body: { outputs: { name: "killed" } } });
  expect(later.status).toBe(409);
});

it("tells in a preview what only the cloud knows as unknown, unless it was told before", async () => {
  const type = "azure-native:storage:StorageAccount";
  const preview = (before?: object): Promise<Answer> =>
    post(cloud, "/resources/preview", { type, inputs: accountOf("rg", "abc"), before });
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  expect((await preview()).body).toMatchObject({
    outputs: { accountName: "abc", name: unknown, primaryEndpoints: unknown },
  });
  expect((await preview({ name: "abc", primaryEndpoints: { blob: "x" } })).body).toMatchObject({
    outputs: { name: "abc", primaryEndpoints: { blob: "x" } },
  });
});

it("answers the functions that a program calls, and names what they do not find", async () => {
  await madeGroup("asked");
  await create("storage:StorageAccount", accountOf("asked", "askedstorage"));
  const call = (token: string, args: object): Promise<Answer> =>
    post(cloud, "/functions", { token: `azure-native:${token}`, args });

  expect((await call("authorization:getClientConfig", {})).body).toMatchObject({
    objectId: cloud.identity.operator.objectId,
    subscriptionId: cloud.identity.subscriptionId,
  });
  expect((await call("resources:getResourceGroup", { resourceGroupName: "asked" })).body).toMatchObject({
    name: "asked",
    location: "japaneast",
  });
  expect(
    (await call("storage:getStorageAccount", { resourceGroupName: "asked", accountName: "askedstorage" }))
      .body,
  ).toMatchObject({ primaryEndpoints: { blob: containing("askedstorage") } });
  expect(await call("resources:getResourceGroup", { resourceGroupName: "none" })).toMatchObject({
    status: 404,
    body: { error: { code: "ResourceGroupNotFound" } },
  });
});

it("changes the resource that was asked for, and none that its inputs name instead", async () => {
  const [mine, theirs] = [await madeGroup("mine"), await madeGroup("theirs")];

  expect(await update(mine, { resourceGroupName: "theirs", location: "japaneast" })).toMatchObject({
    status: 400,
    body: { error: { code: "InvalidRequestContent", message: containing(theirs) } },
  });
});

it("gives a role once, whatever the assignment is called", async () => {
  const scope = await madeGroup("given-once");
  const given = (roleAssignmentName: string): Promise<Answer> =>
    create("authorization:RoleAssignment", {
      roleAssignmentName,
      scope,
      principalId: principals.reader.objectId,
      roleDefinitionId: roleDefinitionId(cloud.identity.subscriptionId, "blobReader"),
    });

  expect((await given("11111111-1111-4111-8111-111111111111")).status).toBe(200);
  expect(await given("22222222-2222-4222-8222-222222222222")).toMatchObject({
    status: 409,
    body: {
      error: { code: "RoleAssignmentExists", message: containing("11111111111141118111111111111111") },
    },
  });
});
