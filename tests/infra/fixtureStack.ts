/** Declares the stack against Pulumi's mocks and keeps what it declared. One stack a test file: mocks belong to the process. */
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../infra/config";
import { declareStack } from "../../infra/stack";
import type { BuildManifest } from "../../worker/contract/layers";
import { defaultDetectionSettings } from "../../worker/contract/settings";

export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export interface DeclaredStack {
  /** In the order in which they were registered. */
  readonly resources: readonly Declared[];
  /** Options that the mocks do not see, by resource name. */
  readonly options: ReadonlyMap<string, pulumi.CustomResourceOptions>;
  readonly outputs: unknown;
  /** What was asked of the cloud besides who deploys, with the questions' arguments. */
  readonly asked: readonly (readonly [token: string, inputs: unknown])[];
}
/** Answers to questions about what a team has already, by token. */
export type Answers = Readonly<Record<string, () => Record<string, unknown>>>;

export const subscriptionId = "00000000-0000-0000-0000-000000000001";
export const callerObjectId = "00000000-0000-0000-0000-00000000ca11";
export const manifest: BuildManifest = {
  version: 1,
  layers: {
    runtime: { digest: "a".repeat(64), file: ".cache/layers/runtime/a.tar.gz", bytes: 70_000_000 },
    worker: { digest: "b".repeat(64), file: ".cache/layers/worker/b.tar.gz", bytes: 1_000_000 },
    model: { digest: "c".repeat(64), file: ".cache/layers/model/c.tar.gz", bytes: 3_000_000 },
  },
};
export const defaultConfig: StackConfig = {
  location: "japaneast",
  resourceGroup: { kind: "own" },
  storageAccount: { kind: "own" },
  subnet: undefined,
  keeping: { protect: false, retainResults: false },
  vmSize: "Standard_D2s_v3",
  vCpus: 2,
  scaling: { kind: "fixed", nodes: 2 },
  modelFile: "assets/model/street.onnx",
  seedFolder: "assets/images",
  detection: defaultDetectionSettings,
  limits: { maxFailedShare: 1, maxTaskMinutes: 120, maxJobHours: 24 },
  roles: { kind: "caller" },
  retainRunsDays: 90,
  tags: { owner: "vision" },
};

/** Outputs that Azure would give, by resource type. */
const outputsOf: Readonly<Record<string, (inputs: Record<string, string>) => Record<string, unknown>>> = {
  "azure-native:resources:ResourceGroup": ({ resourceGroupName }) => ({ name: resourceGroupName }),
  "azure-native:storage:StorageAccount": ({ accountName }) => ({
    name: accountName,
    primaryEndpoints: { blob: `https://${accountName}.blob.core.windows.net/` },
    creationTime: "2026-01-01T00:00:00.0000000Z",
  }),
  "azure-native:storage:BlobContainer": ({ containerName }) => ({ name: containerName }),
  "azure-native:batch:BatchAccount": ({ accountName, location }) => ({
    name: accountName,
    accountEndpoint: `${accountName}.${location}.batch.azure.com`,
  }),
  "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }) => ({
    name: resourceName,
    clientId: "00000000-0000-0000-0000-0000000c11e2",
    principalId: "00000000-0000-0000-0000-00000000123d",
  }),
  "pulumi-nodejs:dynamic/detect:SeedImages": () => ({ digest: "seed digest" }),
  "pulumi-nodejs:dynamic/detect:DetectionJob": () => ({ jobId: "detect-12345678-123456789012" }),
};

export async function declareFixtureStack(
  config: StackConfig,
  answers: Answers = {},
): Promise<DeclaredStack> {
  const resources: Declared[] = [];
  const asked: [string, unknown][] = [];
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const own = { ...(inputs as Record<string, string>) };
        delete own.__provider; // the code of a dynamic provider
        if (type !== "pulumi:pulumi:Stack") resources.push({ type, name, inputs: own });
        return { id: `/mock/${name}`, state: { ...own, ...outputsOf[type]?.(own) } };
      },
      call: ({ token, inputs }) => {
        if (token === "azure-native:authorization:getClientConfig")
          return { subscriptionId, tenantId: "tenant", objectId: callerObjectId, clientId: "client" };
        asked.push([token, inputs]);
        const answer = answers[token];
        if (answer === undefined) throw new Error(`not mocked: ${token}`);
        return answer();
      },
    },
    "object-detection",
    "dev",
    false,
  );
  const run = pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ name, opts }) => {
      options.set(name, opts);
      return undefined;
    });
    return declareStack(config, manifest);
  });
  const outputs = await new Promise((resolve, reject) => {
    run.then((declared) => pulumi.output(declared).apply(resolve), reject);
  });
  return { resources, options, outputs, asked };
}
