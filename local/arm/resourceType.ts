/** What the ARM side knows of one resource type; a file per type implements it. */
import type { z } from "zod";
import type { CloudServices } from "../cloud";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as the ARM side keeps it. */
export interface Resource {
  /** ARM id; compared without letter case. */
  readonly id: string;
  /** Pulumi's type token. */
  readonly type: string;
  readonly inputs: Properties;
  /** What a program reads of it: its inputs, and names, endpoints, ids that only the cloud knows. */
  readonly outputs: Properties;
  /** The deploy that made it, while nobody knows whether it came to hear of it; none once it ended in order. */
  readonly deploy?: string;
}

/** How a name comes about that nobody gave (pulumi-azure-native, autonaming): the last path parameter of a type. */
export interface Naming {
  readonly property: string;
  /** `random`: the logical name and 8 hex digits; `copy`: the logical name; `guid`: a new GUID. */
  readonly style: "random" | "copy" | "guid";
}

/** Facts about a type that do not depend on a resource's inputs. */
export interface TypeFacts {
  /** Pulumi's type token, `azure-native:storage:StorageAccount`. */
  readonly token: string;
  /** `Microsoft.Storage/storageAccounts`. */
  readonly armType: string;
  readonly apiVersion: string;
  readonly naming: Naming;
  /** Inputs that are part of the id: a change replaces the resource. */
  readonly path: readonly string[];
  /** Other inputs whose change replaces the resource (pulumi-azure-native: x-ms-mutability, and its table). */
  readonly forceNew: readonly string[];
  /** Has a location, which is the provider's or the resource group's where none is given. */
  readonly isLocated: boolean;
  /** Inputs that azure-native fills in. */
  readonly defaults?: Properties;
  /** Outputs that only the cloud knows. */
  readonly computed: readonly string[];
}

/** A resource type to those who do not know its inputs. */
export interface ResourceType extends TypeFacts {
  readonly inputs: z.ZodType;
  /** Checks the inputs (throws a ZodError) and says what they ask for. */
  plan(inputs: unknown, subscriptionId: string): Planned;
}

export interface Planned {
  /** ARM id. */
  readonly id: string;
  /** ARM id of what must be there first, and takes this resource with it when it goes; null for a subscription's own. */
  readonly parentId: string | null;
  /** Makes it real, once an id, and answers what only the cloud knows of it. */
  create(services: CloudServices): Promise<Properties>;
  /** Changes it to these inputs, which replace what was there before. */
  update(services: CloudServices): Promise<Properties>;
  /** What there is of it now; undefined when it went behind the management plane's back. */
  read(services: CloudServices): Promise<Reading | undefined>;
  delete(services: CloudServices): Promise<void>;
}

/** What differs by now from what was put: inputs that the data plane changed, outputs that move by themselves. */
export interface Reading {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

interface Definition<Inputs> extends TypeFacts {
  /** The inputs it understands; others are kept but have no effect locally. */
  readonly inputs: z.ZodType<Inputs>;
  id(inputs: Inputs, subscriptionId: string): string;
  parentId(inputs: Inputs, subscriptionId: string): string | null;
  create(inputs: Inputs, id: string, services: CloudServices): Promise<Properties>;
  /** `create` again where nothing but the record changes. */
  update(inputs: Inputs, id: string, services: CloudServices): Promise<Properties>;
  read?(inputs: Inputs, id: string, services: CloudServices): Promise<Reading | undefined>;
  delete(inputs: Inputs, id: string, services: CloudServices): Promise<void>;
}

const asPut: Reading = { inputs: {}, outputs: {} };

/** Keeps the inputs and the effects of a type together, so that both are checked against each other. */
export function resourceType<Inputs>(definition: Definition<Inputs>): ResourceType {
  return {
    ...definition,
    plan: (raw, subscriptionId) => {
      const inputs = definition.inputs.parse(raw);
      const id = definition.id(inputs, subscriptionId);
      return {
        id,
        parentId: definition.parentId(inputs, subscriptionId),
        create: (services) => definition.create(inputs, id, services),
        update: (services) => definition.update(inputs, id, services),
        read: (services) => definition.read?.(inputs, id, services) ?? Promise.resolve(asPut),
        delete: (services) => definition.delete(inputs, id, services),
      };
    },
  };
}

export function resourceGroupId(subscriptionId: string, resourceGroupName: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
}

/** ARM id of a resource of a provider in a resource group: `segments` are type and name in turns. */
export function providerId(
  subscriptionId: string,
  resourceGroupName: string,
  provider: string,
  ...segments: readonly string[]
): string {
  return [resourceGroupId(subscriptionId, resourceGroupName), "providers", provider, ...segments].join("/");
}

export function storageAccountId(subscriptionId: string, resourceGroup: string, account: string): string {
  return providerId(subscriptionId, resourceGroup, "Microsoft.Storage", "storageAccounts", account);
}

export function batchAccountId(subscriptionId: string, resourceGroup: string, account: string): string {
  return providerId(subscriptionId, resourceGroup, "Microsoft.Batch", "batchAccounts", account);
}
