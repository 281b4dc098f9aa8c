/** The local cloud as one thing: identity, storage accounts, Batch accounts and the ARM side, started and stopped together. */
import { delimiter, join } from "node:path";
import { allStarted } from "./allStarted";
import { ArmServer } from "./arm/server";
import { type BatchAccountRecord, BatchAccounts, batchEndpoint } from "./batchAccounts";
import { type Blobs, type Containers, openBlobs } from "./blobs";
import { allowedEnvironment } from "./child";
import { IdentityService } from "./identity";
import { portsFrom } from "./ports";
import { connectionString, type StorageAccount, StorageAccounts } from "./storageAccounts";
import { openStore, type Store } from "./store";
import { openCertificate, trustEnvironment } from "./tls";

export interface LocalCloudOptions {
  /** Everything the local cloud knows is kept here; one process at a time. */
  readonly folder: string;
  /** The first port; any free ones when undefined. */
  readonly port: number | undefined;
  /** How long a node takes to boot. */
  readonly nodeBootMs: number;
  /** Whether to have a Batch and a storage account that take keys, for tools that want them. */
  readonly defaultAccounts: boolean;
  /** The environment this process was started with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the parts of the ARM side work on. */
export interface CloudServices {
  readonly identity: IdentityService;
  readonly storage: StorageAccounts;
  readonly batch: BatchAccounts;
  readonly blobs: Blobs & Containers;
  readonly store: Store;
}

export interface LocalCloud extends CloudServices {
  /** The variables by which programs on the user's side reach it, under the names that the field's own tools read. */
  readonly userEnvironment: Readonly<Record<string, string>>;
  /** Stops tasks, services and daemons; safe to call twice. */
  stop(): Promise<void>;
}

export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const certificate = await openCertificate(join(options.folder, "tls"));
  const trust = trustEnvironment(join(options.folder, "tls"), certificate.cert, options.environment);
  const ownEnvironment = allowedEnvironment(options.environment);
  const store = openStore(options.folder);
  const storageRecords = store.table<StorageAccount>("storageAccounts");
  const batchRecords = store.table<BatchAccountRecord>("batchAccounts");
  const ports = portsFrom(options.port, (port) =>
    [...storageRecords.list(), ...batchRecords.list()].some((record) => record.port === port),
  );
  const identity = new IdentityService(certificate, store.table("identities"));
  const blobs = openBlobs(certificate.cert);
  const storage = new StorageAccounts({
    records: storageRecords,
    folder: join(options.folder, "storage"),
    certificate,
    ports,
    environment: ownEnvironment,
  });
  const batch = new BatchAccounts({
    records: batchRecords,
    store,
    folder: join(options.folder, "batch"),
    certificate,
    identity,
    blobs,
    ports,
    nodeBootMs: options.nodeBootMs,
    taskEnvironment: { PATH: ownEnvironment.PATH ?? "/usr/bin:/bin", ...trust },
  });
  const services: CloudServices = { identity, storage, batch, blobs, store };
  const arm = new ArmServer(services, certificate);

  const stopAll = async (): Promise<void> => {
    await arm.stop();
    await batch.stop();
    await storage.stop();
    await identity.stop();
    await store.close();
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll());
  try {
    await identity.start(await ports());
    const armEndpoint = await arm.start(await ports());
    await allStarted([storage.start(), batch.start()]);
    const userEnvironment = {
      ...identity.admitOperator(),
      ...trust,
      ARM_RESOURCE_MANAGER_ENDPOINT: armEndpoint,
      ARM_SUBSCRIPTION_ID: identity.subscriptionId,
      ARM_TENANT_ID: identity.tenantId,
      ...(options.defaultAccounts ? await defaultAccounts(services) : {}),
    };
    return { ...services, userEnvironment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What belongs on the PATH of the user's side: the provider that Pulumi's engine looks for there. */
export const programsFolder = join(__dirname, "provider/bin");

/**
 * The environment of a program on the user's side: theirs, with the local cloud in place of a real subscription, whose
 * credentials would win otherwise (DefaultAzureCredential asks the environment before the managed identity).
 */
export function userSide(
  environment: Readonly<Record<string, string | undefined>>,
  cloud: LocalCloud,
): Record<string, string | undefined> {
  const own = Object.entries(environment).filter(([name]) => !/^(AZURE|ARM)_/.test(name));
  const path = [programsFolder, environment.PATH].filter((part) => part !== undefined).join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, ...cloud.userEnvironment };
}

async function defaultAccounts({ batch, storage }: CloudServices): Promise<Record<string, string>> {
  const batchAccount = await batch.ensure("localbatch", true);
  const storageAccount = await storage.ensure("localstorage");
  return {
    AZURE_BATCH_ACCOUNT: batchAccount.name,
    AZURE_BATCH_ENDPOINT: batchEndpoint(batchAccount),
    AZURE_BATCH_ACCESS_KEY: batchAccount.keys.primary,
    AZURE_STORAGE_CONNECTION_STRING: connectionString(storageAccount),
  };
}
