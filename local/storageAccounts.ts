/** The storage accounts of the local cloud: a record and a running Azurite each. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { allStarted } from "./allStarted";
import { startAzurite } from "./azurite";
import type { Daemon } from "./child";
import type { Ports } from "./ports";
import { removeFolder } from "./removal";
import type { Table } from "./store";
import type { Certificate } from "./tls";

export interface StorageAccount {
  readonly name: string;
  /** Base64. It leaves this process only for Azurite and, of the default account, for tools that want keys. */
  readonly key: string;
  readonly port: number;
  /** ISO 8601; of a successor of the same name it is another. */
  readonly createdAt: string;
}

export interface StorageAccountsOptions {
  readonly records: Table<StorageAccount>;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly ports: Ports;
  readonly environment: Readonly<Record<string, string>>;
}

export class StorageAccounts {
  readonly #running = new Map<string, Promise<Daemon>>();

  constructor(readonly options: StorageAccountsOptions) {}

  /** Starts the accounts kept from an earlier time. */
  async start(): Promise<void> {
    await allStarted(this.options.records.list().map((account) => this.#run(account)));
  }

  async stop(): Promise<void> {
    // Whoever started one that failed has been told.
    await Promise.all(
      [...this.#running.values()].map((daemon) =>
        daemon.then(
          (running) => running.stop(),
          () => undefined,
        ),
      ),
    );
    this.#running.clear();
  }

  has(name: string): boolean {
    return this.options.records.get(name) !== undefined;
  }

  /** Stops the account's service and deletes all that is in it. */
  async remove(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await (await running?.catch(() => undefined))?.stop();
    await removeFolder(join(this.options.folder, name));
    this.options.records.delete(name);
  }

  /** The account of this name, made and started when there is none. */
  async ensure(name: string): Promise<StorageAccount> {
    const kept = this.options.records.get(name);
    const account = kept ?? {
      name,
      key: randomBytes(64).toString("base64"),
      port: await this.options.ports(),
      createdAt: new Date().toISOString(),
    };
    await this.#run(account);
    this.options.records.put(name, account);
    return account;
  }

  async #run(account: StorageAccount): Promise<void> {
    const { folder, certificate, environment } = this.options;
    let daemon = this.#running.get(account.name);
    if (daemon === undefined) {
      daemon = startAzurite({
        account: account.name,
        key: account.key,
        port: account.port,
        folder: join(folder, account.name),
        certificate,
        environment,
      });
      this.#running.set(account.name, daemon);
    }
    try {
      await daemon;
    } catch (error) {
      this.#running.delete(account.name);
      throw error;
    }
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
