import { parseJobTarget } from "../../infra/job/target";
import {
  callerObjectId,
  declareFixtureStack,
  defaultConfig,
  type Declared,
  type DeclaredStack,
} from "./fixtureStack";

let stack: DeclaredStack;
beforeAll(async () => {
  stack = await declareFixtureStack(defaultConfig);
});

const ofType = (type: string): Declared[] =>
  stack.resources.filter((resource) => resource.type === `azure-native:${type}`);
const only = (type: string): Declared["inputs"] => {
  const found = ofType(type);
  expect(found).toHaveLength(1);
  return found[0]!.inputs;
};
const position = (name: string): number => stack.resources.findIndex((resource) => resource.name === name);

/** Roles by their documented GUIDs, who has them by the resource's name. */
const roleNames: Readonly<Record<string, string>> = {
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "6aaa78f1-f7de-44ca-8722-c64a23943cae": "Azure Batch Data Contributor",
};

it("is what reviewers have seen", () => {
  const sorted = [...stack.resources].sort((a, b) => (a.name < b.name ? -1 : 1));
  // Only the digests of the fixture's layers are known here, and they never change.
  expect(sorted).toMatchSnapshot();
});

describe("storage", () => {
  it("has no public access, no shared keys and no old TLS", () => {
    expect(only("storage:StorageAccount")).toMatchObject({
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(
      ofType("storage:BlobContainer").map(({ inputs }) => [inputs.containerName, inputs.publicAccess]),
    ).toEqual(
      expect.arrayContaining([
        ["input", "None"],
        ["output", "None"],
        ["layers", "None"],
      ]),
    );
  });

  it("deletes old runs, and never the ledger", () => {
    const { policy } = only("storage:ManagementPolicy") as {
      policy: { rules: { definition: { filters: { prefixMatch: string[] }; actions: object } }[] };
    };

    expect(policy.rules.map(({ definition }) => definition.filters.prefixMatch)).toEqual([["output/runs/"]]);
    expect(policy.rules[0]!.definition.actions).toEqual({
      baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } },
    });
  });
});

describe("roles", () => {
  it("are the least that nodes and the first deploy's caller need, on containers and account only", () => {
    const assigned = ofType("authorization:RoleAssignment").map(({ name, inputs }) => {
      const role = roleNames[String(inputs.roleDefinitionId).split("/").at(-1)!];
      return [name, role, inputs.scope];
    });

    expect(assigned.sort()).toEqual([
      ["nodes-input", "Storage Blob Data Reader", "/mock/storage-input"],
      ["nodes-layers", "Storage Blob Data Reader", "/mock/storage-layers"],
      ["nodes-output", "Storage Blob Data Contributor", "/mock/storage-output"],
      ["operator-batch", "Azure Batch Data Contributor", "/mock/batch"],
      ["operator-input", "Storage Blob Data Contributor", "/mock/storage-input"],
      ["operator-layers", "Storage Blob Data Contributor", "/mock/storage-layers"],
      ["operator-output", "Storage Blob Data Contributor", "/mock/storage-output"],
    ]);
  });

  it("name the nodes' identity as a service principal, which a young identity needs", () => {
    const nodes = ofType("authorization:RoleAssignment").filter(({ name }) => name.startsWith("nodes-"));

    expect(new Set(nodes.map(({ inputs }) => inputs.principalType))).toEqual(new Set(["ServicePrincipal"]));
  });

  it("stay with the first caller when another one deploys", () => {
    expect(
      ofType("authorization:RoleAssignment").find(({ name }) => name === "operator-input")!.inputs
        .principalId,
    ).toBe(callerObjectId);
    expect(stack.options.get("operator-input")!.ignoreChanges).toEqual([
      "principalId",
      "principalType",
      "roleAssignmentName",
    ]);
    expect(stack.options.get("nodes-input")!.ignoreChanges).toEqual([]);
  });
});

describe("Batch", () => {
  it("accepts Entra identities only and has no storage account of its own", () => {
    const account = only("batch:BatchAccount");

    expect(account.allowedAuthenticationModes).toEqual(["AAD"]);
    expect(account).not.toHaveProperty("autoStorage");
  });

  it("has a pool of Ubuntu 24.04 nodes with one slot a vCPU and the stack's identity", () => {
    expect(only("batch:Pool")).toMatchObject({
      vmSize: "Standard_D2s_v3",
      taskSlotsPerNode: 2,
      targetNodeCommunicationMode: "Simplified",
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          nodeAgentSkuId: "batch.node.ubuntu 24.04",
          imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
        },
      },
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: [expect.stringMatching(/\/userAssignedIdentities\/id-object-detection-dev$/)],
      },
      scaleSettings: { fixedScale: { targetDedicatedNodes: 2 } },
    });
  });

  it("keeps the name that the pool has in stacks of earlier versions", () => {
    expect(only("batch:Pool").poolName).toBe("pool-6eb451fb5a81");
    expect(only("batch:Pool")).not.toHaveProperty("networkConfiguration");
  });

  it("waits for a start task that is no administrator and does not repeat a failed self-test", () => {
    expect(only("batch:Pool").startTask).toMatchObject({
      waitForSuccess: true,
      maxTaskRetryCount: 0,
      userIdentity: { autoUser: { scope: "Pool", elevationLevel: "NonAdmin" } },
    });
  });

  it("keeps every secret out of the start task, so that a reviewer sees its diff", () => {
    const text = JSON.stringify(only("batch:Pool").startTask);

    expect(text).not.toMatch(/4dabf18193072939515e22adb298388d|sig=|AccountKey|environmentSettings/);
  });

  it("makes a new pool before the old one goes", () => {
    expect(stack.options.get("pool")!.deleteBeforeReplace).toBe(false);
  });
});

it("puts the team's tags and its own on everything that can carry tags", () => {
  const withoutTags = ["BlobContainer", "ManagementPolicy", "RoleAssignment"];
  const azure = stack.resources.filter(({ type }) => type.startsWith("azure-native:"));
  const carriers = azure.filter(({ type }) => !withoutTags.includes(type.split(":").at(-1)!));

  expect(carriers.map(({ name }) => name).sort()).toEqual(["batch", "group", "nodes", "pool", "storage"]);
  for (const { inputs } of carriers)
    expect(inputs.tags).toEqual({
      "managed-by": "pulumi",
      "pulumi-project": "object-detection",
      "pulumi-stack": "dev",
      owner: "vision",
    });
});

it("asks for nothing that a team has already, protects nothing and retains nothing", () => {
  expect(stack.asked).toEqual([]);
  expect([...stack.options].filter(([, { protect, retainOnDelete }]) => protect ?? retainOnDelete)).toEqual(
    [],
  );
});

it.each(["layer-model", "seed-images", "detection"])("tells %s which account it is in", (name) => {
  expect(stack.resources.find((resource) => resource.name === name)!.inputs.accountCreated).toBe(
    "2026-01-01T00:00:00.0000000Z",
  );
});

it("comes in order: roles, layers, pool, seed pictures, detection", () => {
  const order = ["operator-layers", "layer-model", "pool", "seed-images", "detection"].map(position);

  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});

it("hands the detection everything that decides whether a run is due", () => {
  const { inputs } = stack.resources.find(({ name }) => name === "detection")!;

  expect(inputs).toEqual({
    target: parseJobTarget(inputs.target, "target"),
    accountCreated: "2026-01-01T00:00:00.0000000Z",
    seedDigest: "seed digest",
  });
});

it("ends with the outputs that the job step reads, and with links for people", () => {
  const target = parseJobTarget(stack.outputs, "outputs");

  expect(target).toMatchObject({
    batchEndpoint: expect.stringMatching(
      /^https:\/\/badev[0-9a-f]{10}\.japaneast\.batch\.azure\.com$/,
    ) as string,
    blobEndpoint: expect.stringMatching(/^https:\/\/stdev[0-9a-f]{10}\.blob\.core\.windows\.net$/) as string,
    poolId: only("batch:Pool").poolName,
    containers: { input: "input", output: "output", layers: "layers" },
  });
  expect(stack.outputs).toMatchObject({
    jobId: "detect-12345678-123456789012",
    reportUrl: `${target.blobEndpoint}/output/report/index.html`,
    resourceGroup: "rg-object-detection-dev",
    portal: { resourceGroup: "https://portal.azure.com/#@tenant/resource/mock/group" },
  });
});
