/** The storage accounts of the local cloud: a record, a running Azurite and the front before it each. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Access } from "./access";
import { allStarted } from "./allStarted";
import { audiences } from "./audiences";
import { startAzurite } from "./azurite";
import type { Daemon } from "./child";
import type { Faults } from "./faults/faults";
import type { IdentityService } from "./identity";
import { freePort } from "./ports";
import type { Ports } from "./ports";
import { removeFolder } from "./removal";
import { type AccountStanding, StorageFront } from "./storage/front";
import type { Table } from "./store";
import type { Certificate } from "./tls";

export interface StorageAccount {
  readonly name: string;
  /** Base64. It leaves this process only for Azurite and, of the default account, for tools that want keys. */
  readonly key: string;
  /** The front's. Azurite gets any free one at each start. */
  readonly port: number;
  /** ISO 8601; of a successor of the same name it is another. */
  readonly createdAt: string;
  readonly standing: AccountStanding;
}

export interface StorageAccountsOptions {
  readonly records: Table<StorageAccount>;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly ports: Ports;
  readonly environment: Readonly<Record<string, string>>;
  readonly identity: IdentityService;
  readonly access: Access;
  readonly faults: Faults;
}

interface Running {
  readonly azuritePort: number;
  stop(): Promise<void>;
}

export class StorageAccounts {
  readonly #running = new Map<string, Promise<Running>>();
  /** Ports of accounts that are gone. Azure: the name alone makes the endpoint, so a successor of the name is found at the same place. */
  readonly #left = new Map<string, number>();

  constructor(readonly options: StorageAccountsOptions) {}

  /** Starts the accounts kept from an earlier time. */
  async start(): Promise<void> {
    await allStarted(this.options.records.list().map((account) => this.#run(account)));
  }

  async stop(): Promise<void> {
    // Whoever started one that failed has been told.
    await Promise.all(
      [...this.#running.values()].map((running) =>
        running.then(
          (account) => account.stop(),
          () => undefined,
        ),
      ),
    );
    this.#running.clear();
  }

  has(name: string): boolean {
    return this.options.records.get(name) !== undefined;
  }

  /** Throws when there is none. */
  get(name: string): StorageAccount {
    const account = this.options.records.get(name);
    if (account === undefined) throw new Error(`there is no storage account ${name}`);
    return account;
  }

  /** Stops the account's service and deletes all that is in it. */
  async remove(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await (await running?.catch(() => undefined))?.stop();
    await removeFolder(join(this.options.folder, name));
    this.#left.set(name, this.get(name).port);
    this.options.records.delete(name);
  }

  /** The account of this name, made and started when there is none; its standing is this from now on. */
  async ensure(name: string, standing: AccountStanding): Promise<StorageAccount> {
    const kept = this.options.records.get(name) ?? {
      name,
      key: randomBytes(64).toString("base64"),
      port: this.#left.get(name) ?? (await this.options.ports()),
      createdAt: new Date().toISOString(),
    };
    const account: StorageAccount = { ...kept, standing };
    await this.#run(account);
    this.options.records.put(name, account);
    return account;
  }

  /**
   * The URL of the same container or blob behind the front, where no role is asked: for what the cloud does in the name of its
   * management plane.
   */
  async behindFront(url: string): Promise<string> {
    const inside = new URL(url);
    const name = inside.pathname.split("/")[1] ?? "";
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`there is no storage account ${name}`);
    inside.port = String((await running).azuritePort);
    return inside.href;
  }

  async #run(account: StorageAccount): Promise<void> {
    let running = this.#running.get(account.name);
    if (running === undefined) {
      running = this.#start(account);
      this.#running.set(account.name, running);
    }
    try {
      await running;
    } catch (error) {
      this.#running.delete(account.name);
      throw error;
    }
  }

  async #start({ name, key, port }: StorageAccount): Promise<Running> {
    const { folder, certificate, environment, records, identity, access, faults } = this.options;
    const azuritePort = await freePort();
    const front = new StorageFront({
      accountName: name,
      standing: () => records.get(name)?.standing,
      tenantId: identity.tenantId,
      verifyToken: (token) => identity.verify(token, audiences.storage).objectId,
      allows: (principalId, permission, scope) => access.allows(principalId, permission, scope),
      faults,
      certificate,
      publicPort: port,
      azuritePort,
    });
    const azurite: Daemon = await startAzurite({
      account: name,
      key,
      port: azuritePort,
      folder: join(folder, name),
      certificate,
      environment,
    });
    try {
      await front.start();
    } catch (error) {
      await azurite.stop();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`storage account ${name} cannot be served: ${reason}`, { cause: error });
    }
    return {
      azuritePort,
      stop: async () => {
        await front.stop();
        await azurite.stop();
      },
    };
  }
}

/** Azurite's path style: the account is the first segment. */
export function blobEndpoint(account: StorageAccount): string {
  return `https://127.0.0.1:${account.port}/${account.name}/`;
}

export function connectionString(account: StorageAccount): string {
  const endpoint = blobEndpoint(account).replace(/\/$/, "");
  return `DefaultEndpointsProtocol=https;AccountName=${account.name};AccountKey=${account.key};BlobEndpoint=${endpoint};`;
}
