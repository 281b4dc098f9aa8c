/** What the ARM side knows of one resource type; a file per type implements it. */
import type { z } from "zod";
import type { CloudServices } from "../cloud";

/** A resource as the ARM side keeps it. */
export interface Resource {
  /** ARM id; compared without letter case. */
  readonly id: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What a program reads of it: names, endpoints, ids. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Created {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A resource type to those who do not know its inputs. */
export interface ResourceType {
  /** Pulumi's type token, `azure-native:storage:StorageAccount`. */
  readonly token: string;
  /** Checks the inputs (throws a ZodError) and says what they ask for. */
  plan(inputs: unknown, subscriptionId: string): Planned;
}

export interface Planned {
  /** ARM id. */
  readonly id: string;
  /** Makes it real, once an id, and answers its outputs. */
  create(services: CloudServices): Promise<Readonly<Record<string, unknown>>>;
}

interface Definition<Inputs> {
  readonly token: string;
  /** The inputs it understands; others are kept but have no effect locally. */
  readonly inputs: z.ZodType<Inputs>;
  id(inputs: Inputs, subscriptionId: string): string;
  create(inputs: Inputs, id: string, services: CloudServices): Promise<Readonly<Record<string, unknown>>>;
}

/** Keeps the inputs and the effect of a type together, so that both are checked against each other. */
export function resourceType<Inputs>(definition: Definition<Inputs>): ResourceType {
  return {
    token: definition.token,
    plan: (raw, subscriptionId) => {
      const inputs = definition.inputs.parse(raw);
      const id = definition.id(inputs, subscriptionId);
      return { id, create: (services) => definition.create(inputs, id, services) };
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
