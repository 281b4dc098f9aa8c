/** The stack on one screen: its parts in order, and what the job step and people need to know of them. */
import { getClientConfig } from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { layerNames, type BuildManifest, type LayerDigests } from "../worker/contract/layers";
import { lineageOf } from "../worker/contract/lineage";
import { declareBatchAccount } from "./batchAccount";
import type { StackConfig } from "./config";
import { DetectionJob } from "./detectionJob";
import { RoleAssignments } from "./identity";
import { Layer } from "./layers";
import { containers, resourceTags, stackNames } from "./naming";
import { declarePool } from "./pool";
import { resourceGroupOf } from "./resourceGroup";
import { requireSameSubscription } from "./runningStack";
import { SeedImages } from "./seedImages";
import { Storage } from "./storage";
import { planStorageAccount } from "./storageAccount";

/** Declares everything and returns the stack's outputs: a JobTarget, and links for people. */
export async function declareStack(config: StackConfig, manifest: BuildManifest) {
  const { subscriptionId, tenantId, objectId } = await getClientConfig();
  requireSameSubscription(config, subscriptionId);
  const identity = { subscriptionId, project: pulumi.getProject(), stack: pulumi.getStack() };
  const names = stackNames(identity);
  const tags = resourceTags(identity, config.tags);
  const digests: LayerDigests = {
    runtime: manifest.layers.runtime.digest,
    worker: manifest.layers.worker.digest,
    model: manifest.layers.model.digest,
  };
  const lineage = lineageOf(digests, config.detection);

  const { location, keeping } = config;
  const group = await resourceGroupOf(config.resourceGroup, {
    resourceGroupName: names.resourceGroup,
    location,
    tags,
    subscriptionId,
    keeping,
  });
  const shared = { resourceGroupName: group.name, location, tags };
  const account = await planStorageAccount(config.storageAccount, {
    ...shared,
    accountName: names.storageAccount,
    retainRunsDays: config.retainRunsDays,
  });
  const storage = new Storage("storage", { account, keeping });
  const batchAccount = declareBatchAccount("batch", { ...shared, accountName: names.batchAccount });
  const nodeIdentity = new managedidentity.UserAssignedIdentity("nodes", {
    ...shared,
    resourceName: names.identity,
  });

  const identityResourceId = `${group.plainId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${names.identity}`;

  const roles =
    config.roles.kind === "none"
      ? []
      : [
          new RoleAssignments("roles", {
            roles: config.roles,
            subscriptionId,
            callerObjectId: objectId,
            storage,
            batchAccount,
            nodeIdentity,
            // A team's group may hold several stacks; the name of a group of its own is this stack's alone.
            stackId: `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}`,
            nodeIdentityId: identityResourceId,
          }),
        ];

  const { blobEndpoint, accountCreated } = storage;
  const layers = layerNames.map((layer) => {
    const { digest, file } = manifest.layers[layer];
    const container = storage.containers.layers.name;
    return new Layer(
      `layer-${layer}`,
      { layer, digest, file, blobEndpoint, accountCreated, container },
      { dependsOn: roles },
    );
  });

  const { pool, poolId } = declarePool(
    "pool",
    {
      ...config,
      resourceGroupName: group.name,
      tags,
      accountName: batchAccount.name,
      layers: digests,
      layersUrl: pulumi.interpolate`${blobEndpoint}/${containers.layers}`,
      identityResourceId,
    },
    { dependsOn: [...roles, ...layers, nodeIdentity] },
  );

  const seed =
    config.seedFolder === undefined
      ? undefined
      : new SeedImages(
          "seed-images",
          {
            folder: config.seedFolder,
            blobEndpoint,
            accountCreated,
            container: storage.containers.input.name,
          },
          { dependsOn: [...roles, pool] },
        );

  const target = {
    batchEndpoint: pulumi.interpolate`https://${batchAccount.accountEndpoint}`,
    poolId,
    blobEndpoint,
    containers,
    identityClientId: nodeIdentity.clientId,
    identityResourceId,
    layers: digests,
    detection: config.detection,
    limits: config.limits,
    lineage,
  };
  const detection = new DetectionJob(
    "detection",
    { target, accountCreated, seedDigest: seed?.digest },
    { dependsOn: [storage, ...roles, ...layers, pool, ...(seed ? [seed] : [])] },
  );

  const portal = (id: pulumi.Input<string>) =>
    pulumi.interpolate`https://portal.azure.com/#@${tenantId}/resource${id}`;
  return {
    ...target,
    location,
    jobId: detection.jobId,
    // Private as the data: `npm run job -- report` fetches it.
    reportUrl: pulumi.interpolate`${blobEndpoint}/${containers.output}/report/index.html`,
    resourceGroup: group.name,
    portal: { resourceGroup: portal(group.id), batchAccount: portal(batchAccount.id) },
  };
}
