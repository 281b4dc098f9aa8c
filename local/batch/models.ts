/**
 * The API's models: the SDK's description of them, which is generated from the OpenAPI document and so its equal in which properties there are, and
 * what later api-versions added.
 */
import { BatchServiceMappers } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";

const mappers: Readonly<Record<string, Mapper | undefined>> = BatchServiceMappers;

/** A model's properties by their names in the SDK; on the wire they have their `serializedName`. */
export function propertiesOf(model: string): Readonly<Record<string, Mapper>> {
  const properties = ownPropertiesOf(model);
  if (model !== "PoolPatchParameter") return properties;
  const whole = Object.entries(ownPropertiesOf("PoolAddParameter"));
  const more = whole.filter(([name]) => laterPatched.has(name));
  return {
    ...properties,
    ...Object.fromEntries(more.map(([name, mapper]) => [name, { ...mapper, required: false }])),
  };
}

export function wireNamesOf(model: string): ReadonlySet<string> {
  const names = Object.entries(propertiesOf(model)).map(([name, mapper]) => mapper.serializedName ?? name);
  return new Set([...names, ...laterPropertiesOf(model)]);
}

function ownPropertiesOf(model: string): Readonly<Record<string, Mapper>> {
  const type = mappers[model]?.type as { modelProperties?: Record<string, Mapper> } | undefined;
  if (type?.modelProperties === undefined) throw new Error(`the SDK does not describe ${model}`);
  return type.modelProperties;
}

/** Batch REST, Pool_Patch from 2024-07-01 on. */
const laterPatched: ReadonlySet<string> = new Set([
  "displayName",
  "vmSize",
  "taskSlotsPerNode",
  "taskSchedulingPolicy",
  "enableInterNodeCommunication",
  "virtualMachineConfiguration",
  "networkConfiguration",
  "userAccounts",
  "mountConfiguration",
]);

/**
 * What api-versions after the SDK's added (release notes of Python's azure-batch 14.0 to 15.1) and decides nothing here, since it says how Azure's machines are
 * built: kept as it is given, in whichever version.
 */
export function laterPropertiesOf(model: string): readonly string[] {
  return later[model] ?? [];
}

const ofPools = ["resourceTags", "upgradePolicy"];
const later: Readonly<Record<string, readonly string[]>> = {
  CloudPool: ofPools,
  DataDisk: ["managedDisk"],
  DiskEncryptionConfiguration: ["customerManagedKey"],
  ImageReference: ["communityGalleryImageId", "sharedGalleryImageId"],
  NetworkConfiguration: ["enableAcceleratedNetworking"],
  OSDisk: ["caching", "diskSizeGB", "managedDisk", "writeAcceleratorEnabled"],
  PoolAddParameter: ofPools,
  PoolPatchParameter: ofPools,
  PublicIPAddressConfiguration: ["ipFamilies", "ipTags"],
  VirtualMachineConfiguration: ["securityProfile", "serviceArtifactReference"],
  VMExtension: ["enableAutomaticUpgrade"],
};
