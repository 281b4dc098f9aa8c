import { parseJobTarget } from "../../infra/job/target";
import {
  declareFixtureStack,
  defaultConfig,
  subscriptionId,
  type Declared,
  type DeclaredStack,
} from "./fixtureStack";

const teamGroup = `/subscriptions/${subscriptionId}/resourceGroups/team-vision`;
const dataGroup = `/subscriptions/${subscriptionId}/resourceGroups/team-data`;
const accountId = `${dataGroup}/providers/Microsoft.Storage/storageAccounts/teamstorage`;
const subnetId = `${dataGroup}/providers/Microsoft.Network/virtualNetworks/hub/subnets/nodes`;

describe("a stack in a resource group, a storage account and a subnet that its team has already", () => {
  let stack: DeclaredStack;
  beforeAll(async () => {
    stack = await declareFixtureStack(
      {
        ...defaultConfig,
        resourceGroup: { kind: "existing", existing: "Team-Vision" },
        storageAccount: {
          kind: "existing",
          existing: { id: accountId, subscriptionId, resourceGroup: "team-data", name: "teamstorage" },
        },
        subnet: { id: subnetId, subscriptionId, resourceGroup: "team-data", name: "nodes" },
        keeping: { protect: true, retainResults: true },
      },
      {
        "azure-native:resources:getResourceGroup": () => ({
          name: "team-vision",
          id: teamGroup,
          tags: { a: "b" },
        }),
        "azure-native:storage:getStorageAccount": () => ({
          id: accountId,
          name: "teamstorage",
          primaryEndpoints: { blob: "https://teamstorage.z1.blob.storage.azure.net/" },
          creationTime: "2020-05-05T05:05:05.0000000Z",
        }),
      },
    );
  });
  const ofType = (type: string): Declared[] =>
    stack.resources.filter((resource) => resource.type === `azure-native:${type}`);
  const inputsOf = (name: string) => stack.resources.find((resource) => resource.name === name)!.inputs;

  it("asks for both, in their own groups", () => {
    expect(stack.asked).toEqual([
      ["azure-native:resources:getResourceGroup", { resourceGroupName: "Team-Vision" }],
      [
        "azure-native:storage:getStorageAccount",
        { resourceGroupName: "team-data", accountName: "teamstorage" },
      ],
    ]);
  });

  it.each(["resources:ResourceGroup", "storage:StorageAccount", "storage:ManagementPolicy"])(
    "declares no %s, so that the team's stays as it is",
    (type) => {
      expect(ofType(type)).toEqual([]);
    },
  );

  it("declares its containers in the account and the account's group", () => {
    expect(ofType("storage:BlobContainer").map(({ inputs }) => inputs)).toEqual(
      ["input", "output", "layers"].map((containerName) => ({
        resourceGroupName: "team-data",
        accountName: "teamstorage",
        containerName,
        publicAccess: "None",
      })),
    );
  });

  it("puts everything else into the group, under the name that Azure has for it", () => {
    for (const name of ["batch", "nodes", "pool"])
      expect(inputsOf(name).resourceGroupName).toBe("team-vision");
  });

  it("gives roles on its own containers, not on the team's account", () => {
    const scopes = ofType("authorization:RoleAssignment").map(({ inputs }) => inputs.scope);

    expect(new Set(scopes)).toEqual(
      new Set(["/mock/storage-input", "/mock/storage-output", "/mock/storage-layers", "/mock/batch"]),
    );
  });

  it("has nodes in the subnet without public addresses, in a pool of another name", () => {
    const pool = inputsOf("pool");

    expect(pool.networkConfiguration).toMatchObject({
      subnetId,
      publicIPAddressConfiguration: { provision: "NoPublicIPAddresses" },
    });
    expect(pool.poolName).toMatch(/^pool-[0-9a-f]{12}$/);
    expect(pool.poolName).not.toBe("pool-6eb451fb5a81");
  });

  it("takes endpoint and age of the account from its answer, and ids from the group's", () => {
    const target = parseJobTarget(stack.outputs, "outputs");

    expect(target.blobEndpoint).toBe("https://teamstorage.z1.blob.storage.azure.net");
    expect(target.identityResourceId).toBe(
      `${teamGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-object-detection-dev`,
    );
    expect(inputsOf("layer-model").accountCreated).toBe("2020-05-05T05:05:05.0000000Z");
    expect(stack.outputs).toMatchObject({
      resourceGroup: "team-vision",
      portal: { resourceGroup: `https://portal.azure.com/#@tenant/resource${teamGroup}` },
    });
  });

  it("protects and retains what is its own in the account", () => {
    expect(stack.options.get("storage-input")).toMatchObject({ protect: true });
    expect(stack.options.get("storage-output")).toMatchObject({ protect: true, retainOnDelete: true });
  });
});
