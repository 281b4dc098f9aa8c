/**
 * The resources of the subscription: their creation, change and end, with what Azure Resource Manager looks at before each. `objectId`
 * is the caller's, whose roles are asked first.
 */
import type { CloudServices } from "../cloud";
import type { Table } from "../store";
import { authorize } from "./authorization";
import { typeOf } from "./catalog";
import { diff } from "./diff";
import {
  alreadyExists,
  invalidContent,
  operationInProgress,
  parentNotFound,
  providerNotRegistered,
  resourceGroupNotFound,
  resourceNotFound,
} from "./failure";
import type { Planned, Properties, Resource, ResourceType } from "./resourceType";
import { unknown } from "./unknown";

export class Resources {
  readonly #table: Table<Resource>;
  /** Lower-case ids of resources that are being made, changed or removed. */
  readonly #busy = new Set<string>();

  constructor(
    private readonly services: CloudServices,
    private readonly subscriptionId: string,
  ) {
    this.#table = services.store.table<Resource>("resources");
  }

  find(id: string): Resource | undefined {
    return this.#table.get(id.toLowerCase());
  }

  ofType(token: string): readonly Resource[] {
    return this.#table.list().filter(({ type }) => type === token);
  }

  plan(token: string, inputs: unknown): Planned {
    return typeOf(token).plan(inputs, this.subscriptionId);
  }

  /**
   * Makes a resource. `deploy` names the deploy that asks. What a deploy made that never ended is in doubt: its engine was killed, and
   * may not have heard of it. The next one that asks for the very same gets it. (Azure: azure-native refuses, and it has to be imported.)
   */
  async create(
    token: string,
    inputs: Properties,
    objectId: string,
    deploy: string | undefined,
  ): Promise<Resource> {
    const type = typeOf(token);
    const planned = type.plan(inputs, this.subscriptionId);
    const { id, parentId } = planned;
    authorize(this.services.access, objectId, "write", type, id);
    this.#demandRegistered(type);
    const existing = this.find(id);
    if (existing !== undefined) return this.#takeOver(existing, inputs, deploy);
    if (parentId !== null) this.#demandParent(type, parentId);
    return this.#exclusively(id, async () => {
      return this.#record(type, id, inputs, await planned.create(this.services), deploy);
    });
  }

  /** A deploy ended in order: its engine has written down what it made. */
  settle(deploy: string): void {
    for (const { id } of this.#table.list()) {
      const { deploy: maker, ...resource } = this.#demand(id);
      if (maker === deploy) this.#table.put(id.toLowerCase(), resource);
    }
  }

  #takeOver(existing: Resource, inputs: Properties, deploy: string | undefined): Resource {
    const isInDoubt = existing.deploy !== undefined && existing.deploy !== deploy;
    const isTheSame = diff(typeOf(existing.type), existing.inputs, inputs).changes.length === 0;
    if (!isInDoubt || !isTheSame) throw alreadyExists(existing.id);
    const taken: Resource = { ...existing, deploy };
    this.#table.put(existing.id.toLowerCase(), taken);
    return taken;
  }

  async update(id: string, inputs: Properties, objectId: string): Promise<Resource> {
    const before = this.#demand(id);
    const type = typeOf(before.type);
    authorize(this.services.access, objectId, "write", type, id);
    const planned = type.plan(inputs, this.subscriptionId);
    // Who may change one resource may not change another by its inputs.
    if (planned.id.toLowerCase() !== id.toLowerCase())
      throw invalidContent(`The inputs are those of '${planned.id}', not of '${id}'.`);
    return this.#exclusively(id, async () => {
      const computed = await planned.update(this.services);
      return this.#record(type, before.id, inputs, { ...computedOf(type, before.outputs), ...computed });
    });
  }

  /** Undefined when it is gone, also when it went behind the management plane's back. */
  async read(id: string, objectId: string): Promise<Resource | undefined> {
    const resource = this.find(id);
    if (resource === undefined) return undefined;
    authorize(this.services.access, objectId, "read", typeOf(resource.type), id);
    const found = await this.plan(resource.type, resource.inputs).read(this.services);
    if (found === undefined) {
      this.#table.delete(id.toLowerCase());
      return undefined;
    }
    const inputs = { ...resource.inputs, ...found.inputs };
    return { ...resource, inputs, outputs: { ...resource.outputs, ...found.inputs, ...found.outputs } };
  }

  /** What is below it goes first. One that is gone already is no mistake (ARM answers 204). */
  async delete(id: string, objectId: string): Promise<void> {
    const resource = this.find(id);
    if (resource === undefined) return;
    authorize(this.services.access, objectId, "delete", typeOf(resource.type), id);
    await this.#exclusively(id, () => this.#remove(resource));
  }

  async #remove(resource: Resource): Promise<void> {
    const below = this.#table.list(`${resource.id.toLowerCase()}/`);
    // The deepest first: a pool before its account.
    for (const each of [...below.sort((a, b) => b.id.length - a.id.length), resource]) {
      await this.plan(each.type, each.inputs).delete(this.services);
      this.#table.delete(each.id.toLowerCase());
    }
  }

  #record(
    type: ResourceType,
    id: string,
    inputs: Properties,
    computed: Properties,
    deploy?: string,
  ): Resource {
    const outputs = { ...inputs, type: type.armType, azureApiVersion: type.apiVersion, ...computed };
    const resource: Resource = {
      ...{ id, type: type.token, inputs, outputs },
      ...(deploy !== undefined && { deploy }),
    };
    this.#table.put(id.toLowerCase(), resource);
    return resource;
  }

  #demand(id: string): Resource {
    const resource = this.find(id);
    if (resource === undefined) throw resourceNotFound(id);
    return resource;
  }

  /** What Azure asks of a subscription before its first resource of a provider. */
  #demandRegistered({ armType }: ResourceType): void {
    const [namespace = ""] = armType.split("/");
    if (this.services.unregistered.has(namespace.toLowerCase())) throw providerNotRegistered(namespace);
  }

  #demandParent(type: ResourceType, parentId: string): void {
    if (this.find(parentId) !== undefined || isSubscription(parentId)) return;
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(parentId);
    if (group !== null && this.find(group[0]) === undefined) throw resourceGroupNotFound(group[1]!);
    throw parentNotFound(type.armType, parentId);
  }

  async #exclusively<T>(id: string, act: () => Promise<T>): Promise<T> {
    const key = id.toLowerCase();
    if (this.#busy.has(key)) throw operationInProgress(id);
    this.#busy.add(key);
    try {
      return await act();
    } finally {
      this.#busy.delete(key);
    }
  }
}

/** The outputs as a preview tells them: what only the cloud knows is unknown, but for what it has told before. */
export function previewOutputs(
  type: ResourceType,
  inputs: Properties,
  before: Properties | undefined,
): Properties {
  const computed = Object.fromEntries([...type.computed, "name"].map((key) => [key, unknown]));
  const facts = { type: type.armType, azureApiVersion: type.apiVersion };
  return { ...inputs, ...facts, ...computed, ...(before && computedOf(type, before)) };
}

function computedOf(type: ResourceType, outputs: Properties): Properties {
  return Object.fromEntries([...type.computed, "name"].map((key) => [key, outputs[key]]));
}

function isSubscription(id: string): boolean {
  return /^\/subscriptions\/[^/]+$/i.test(id);
}
