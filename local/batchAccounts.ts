/** The Batch accounts of the local cloud: a record and a running Batch service each. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Access } from "./access";
import { allStarted } from "./allStarted";
import { audiences } from "./audiences";
import { startBatchServer } from "./batch/server";
import type { Blobs } from "./blobs";
import type { Quotas } from "./cloud";
import { BatchAccount } from "./compute/account";
import { eraseState } from "./compute/openState";
import type { Faults } from "./faults/faults";
import type { IdentityService } from "./identity";
import type { Ports } from "./ports";
import { removeFolder } from "./removal";
import type { Store, Table } from "./store";
import type { Certificate } from "./tls";

export interface BatchAccountRecord {
  readonly name: string;
  readonly port: number;
  readonly keys: { readonly primary: string; readonly secondary: string };
  /** False: Entra tokens only, as the stack's own account. */
  readonly allowSharedKey: boolean;
  /** ARM id. */
  readonly id: string;
}

export interface BatchAccountsOptions {
  readonly records: Table<BatchAccountRecord>;
  readonly store: Store;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly identity: IdentityService;
  readonly access: Access;
  readonly blobs: Blobs;
  readonly ports: Ports;
  readonly nodeBootMs: number;
  readonly autoscaleSpeed: number;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly taskEnvironment: Readonly<Record<string, string>>;
}

interface RunningAccount {
  readonly account: BatchAccount;
  readonly stop: () => Promise<void>;
}

export class BatchAccounts {
  readonly #running = new Map<string, RunningAccount>();

  constructor(readonly options: BatchAccountsOptions) {}

  /** Starts the accounts kept from an earlier time. */
  async start(): Promise<void> {
    await allStarted(this.options.records.list().map((record) => this.#run(record)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    this.#running.clear();
  }

  has(name: string): boolean {
    return this.options.records.get(name) !== undefined;
  }

  /** Whether keys are good from now on. */
  async allowSharedKey(name: string, allowSharedKey: boolean): Promise<BatchAccountRecord> {
    const record = this.options.records.get(name);
    if (record === undefined) throw new Error(`there is no Batch account ${name}`);
    const changed = { ...record, allowSharedKey };
    if (record.allowSharedKey !== allowSharedKey) {
      await this.#running.get(name)?.stop();
      await this.#run(changed);
      this.options.records.put(name, changed);
    }
    return changed;
  }

  /** Ends the account's tasks and deletes its pools, jobs and tasks (Batch ARM: not the storage account). */
  async remove(name: string): Promise<void> {
    await this.#running.get(name)?.stop();
    this.#running.delete(name);
    eraseState(this.options.store, name);
    await removeFolder(join(this.options.folder, name));
    this.options.records.delete(name);
  }

  /** The account of this name, made and started when there is none. */
  async ensure(name: string, id: string, allowSharedKey: boolean): Promise<BatchAccountRecord> {
    const kept = this.options.records.get(name);
    if (kept !== undefined) return kept;
    const record: BatchAccountRecord = {
      name,
      port: await this.options.ports(),
      keys: { primary: newKey(), secondary: newKey() },
      allowSharedKey,
      id,
    };
    await this.#run(record);
    this.options.records.put(name, record);
    return record;
  }

  /** The running account of this name; throws when there is none. */
  account(name: string): BatchAccount {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`there is no Batch account ${name}`);
    return running.account;
  }

  async #run(record: BatchAccountRecord): Promise<void> {
    const { store, folder, certificate, identity, access, blobs } = this.options;
    const { nodeBootMs, autoscaleSpeed, quotas, faults, taskEnvironment } = this.options;
    const account = new BatchAccount({
      name: record.name,
      url: batchEndpoint(record),
      root: join(folder, record.name),
      store,
      identities: identity,
      blobs,
      nodeBootMs,
      autoscaleSpeed,
      dedicatedCoreQuota: quotas.dedicatedCores,
      lowPriorityCoreQuota: quotas.lowPriorityCores,
      activeJobAndJobScheduleQuota: quotas.activeJobs,
      poolQuota: quotas.pools,
      faults,
      taskEnvironment,
    });
    const server = await startBatchServer({
      account,
      faults,
      keys: record.keys,
      allowSharedKey: record.allowSharedKey,
      verifyToken: (token) => identity.verify(token, audiences.batch).objectId,
      scope: record.id,
      allows: (principalId, permission, scope) => access.allows(principalId, permission, scope),
      tls: certificate,
      port: record.port,
    });
    this.#running.set(record.name, {
      account,
      stop: async () => {
        await server.stop();
        await account.stop();
      },
    });
    account.start();
  }
}

export function batchEndpoint(record: BatchAccountRecord): string {
  return `https://127.0.0.1:${record.port}`;
}

function newKey(): string {
  return randomBytes(64).toString("base64");
}
