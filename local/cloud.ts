/** The local cloud as one thing: identity, storage accounts, Batch accounts and the ARM side, started and stopped together. */
import { delimiter, join } from "node:path";
import { Access, roleAssignmentId, roleDefinitionId } from "./access";
import { ArmServer } from "./arm/server";
import { Authority } from "./authority";
import { type BatchAccountRecord, BatchAccounts, batchEndpoint } from "./batchAccounts";
import { type Blobs, type Containers, openBlobs } from "./blobs";
import { allowedEnvironment } from "./child";
import { Faults } from "./faults/faults";
import { guidFrom } from "./guid";
import { IdentityService } from "./identity";
import { portsFrom } from "./ports";
import { type PrincipalName, principalNames, principals } from "./principals";
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
  /** How many times as fast as in Azure pools scale by their formula: compute/autoScaling.ts. */
  readonly autoscaleSpeed: number;
  /** Whether to have a Batch and a storage account that take keys, for tools that want them. */
  readonly defaultAccounts: boolean;
  /** From the assignment of a role to its effect. */
  readonly roleDelayMs: number;
  /** What the subscription may have at most; without bounds where they are missing. */
  readonly quotas?: Quotas;
  /** Resource providers that the subscription is not registered for; none when missing. */
  readonly unregisteredProviders?: readonly string[];
  /** Faults on purpose; none when missing. */
  readonly faults?: Faults;
  /** The environment this process was started with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Quotas {
  /** Batch accounts. */
  readonly batchAccounts?: number;
  /** Pools of one Batch account. */
  readonly pools?: number;
  /** vCPUs of the dedicated nodes of one Batch account. */
  readonly dedicatedCores?: number;
  /** vCPUs of the low-priority nodes of one Batch account. */
  readonly lowPriorityCores?: number;
  /** Jobs of one Batch account that have not ended. */
  readonly activeJobs?: number;
}

/** What the parts of the ARM side work on. */
export interface CloudServices {
  readonly identity: IdentityService;
  readonly access: Access;
  readonly storage: StorageAccounts;
  readonly batch: BatchAccounts;
  readonly blobs: Blobs & Containers;
  readonly store: Store;
  /** Resource providers that the subscription is not registered for, in lower case. */
  readonly unregistered: ReadonlySet<string>;
}

export interface LocalCloud extends CloudServices {
  /** The operator's environment. */
  readonly userEnvironment: Readonly<Record<string, string>>;
  /**
   * The variables by which programs on the user's side reach it in a principal's name, under the names that the field's own
   * tools read.
   */
  environmentOf(principal: PrincipalName): Readonly<Record<string, string>>;
  /** The same for a job of the pipeline, which signs in with a token of its own identity provider (OIDC). */
  pipelineJobEnvironment(): Readonly<Record<string, string>>;
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
  const access = new Access({
    assignments: store.table("roleAssignments"),
    delayMs: options.roleDelayMs,
  });
  assignPrincipals(access, identity.subscriptionId);
  const { faults = new Faults() } = options;
  const blobs = openBlobs(certificate.cert);
  const storage = new StorageAccounts({
    records: storageRecords,
    folder: join(options.folder, "storage"),
    certificate,
    ports,
    environment: ownEnvironment,
    identity,
    access,
    faults,
  });
  const batch = new BatchAccounts({
    records: batchRecords,
    store,
    folder: join(options.folder, "batch"),
    certificate,
    identity,
    access,
    blobs,
    ports,
    nodeBootMs: options.nodeBootMs,
    autoscaleSpeed: options.autoscaleSpeed,
    quotas: options.quotas ?? {},
    faults,
    taskEnvironment: { PATH: ownEnvironment.PATH ?? "/usr/bin:/bin", ...trust },
  });
  const unregistered = new Set(options.unregisteredProviders?.map((name) => name.toLowerCase()));
  const services: CloudServices = { identity, access, storage, batch, blobs, store, unregistered };
  const arm = new ArmServer(services, certificate);
  const authority = new Authority(identity);

  const stopAll = async (): Promise<void> => {
    await arm.stop();
    await batch.stop();
    await storage.stop();
    await authority.stop();
    await identity.stop();
    await store.close();
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll());
  try {
    await identity.start(await ports());
    const armEndpoint = await arm.start(await ports());
    await authority.start(await ports());
    // Kept nodes boot at once and download their layers: from storage that is there.
    await storage.start();
    await batch.start();
    const accounts = options.defaultAccounts ? await defaultAccounts(services) : undefined;
    const reach = (principal: PrincipalName): Record<string, string> => ({
      ...trust,
      ARM_RESOURCE_MANAGER_ENDPOINT: armEndpoint,
      ARM_SUBSCRIPTION_ID: identity.subscriptionId,
      ARM_TENANT_ID: identity.tenantId,
      ...accounts?.(principal),
    });
    const environmentOf = (principal: PrincipalName): Record<string, string> => ({
      ...identity.admitPrincipal(principal),
      ...reach(principal),
    });
    const pipelineJobEnvironment = (): Record<string, string> => ({
      ...authority.pipelineEnvironment(),
      ...reach("pipeline"),
    });
    return {
      ...services,
      userEnvironment: environmentOf("operator"),
      environmentOf,
      pipelineJobEnvironment,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What belongs on the PATH of the user's side: the provider that Pulumi's engine looks for there. */
export const programsFolder = join(__dirname, "provider/bin");
/** What the principals may do on the whole subscription does not come with a deployment and has no delay. */
function assignPrincipals(access: Access, subscriptionId: string): void {
  const scope = `/subscriptions/${subscriptionId}`;
  for (const name of principalNames) {
    const { objectId, role } = principals[name];
    access.assignFromTheStart({
      id: roleAssignmentId(scope, guidFrom(`role of the ${name}`)),
      scope,
      principalId: objectId,
      roleDefinitionId: roleDefinitionId(subscriptionId, role),
    });
  }
}

/** A principal, or a job of the pipeline that signs in with what pipelines have. */
export type Who = PrincipalName | "pipelineJob";

/**
 * The environment of a program on the user's side: theirs, with the local cloud in place of a real subscription, whose
 * credentials would win otherwise (DefaultAzureCredential asks the environment before the managed identity). */
export function userSide(
  environment: Readonly<Record<string, string | undefined>>,
  cloud: LocalCloud,
  who: Who = "operator",
): Record<string, string | undefined> {
  const own = Object.entries(environment).filter(([name]) => !/^(AZURE|ARM|ACTIONS_ID_TOKEN)_/.test(name));
  const reached = who === "pipelineJob" ? cloud.pipelineJobEnvironment() : cloud.environmentOf(who);
  const path = [programsFolder, environment.PATH].filter((part) => part !== undefined).join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, ...reached };
}

/**
 * A Batch and a storage account of the subscription's own, and what a principal is told of them: keys only who may list keys. The
 * operator, who stands for whoever made them, may also use the blobs with a token.
 */
async function defaultAccounts({
  batch,
  storage,
  identity,
  access,
}: CloudServices): Promise<(principal: PrincipalName) => Record<string, string>> {
  const group = `/subscriptions/${identity.subscriptionId}/resourceGroups/local/providers`;
  const batchId = `${group}/Microsoft.Batch/batchAccounts/localbatch`;
  const storageId = `${group}/Microsoft.Storage/storageAccounts/localstorage`;
  const batchAccount = await batch.ensure("localbatch", batchId, true);
  const storageAccount = await storage.ensure("localstorage", { id: storageId, allowSharedKeyAccess: true });
  access.assignFromTheStart({
    id: roleAssignmentId(storageId, guidFrom("blobs of the default account")),
    scope: storageId,
    principalId: principals.operator.objectId,
    roleDefinitionId: roleDefinitionId(identity.subscriptionId, "blobContributor"),
  });
  return (principal) => {
    const mayListKeys = (provider: string, id: string): boolean =>
      access.mayAct(principals[principal].objectId, `${provider}/listKeys/action`, id);
    return {
      AZURE_BATCH_ACCOUNT: batchAccount.name,
      AZURE_BATCH_ENDPOINT: batchEndpoint(batchAccount),
      ...(mayListKeys("Microsoft.Batch/batchAccounts", batchId) && {
        AZURE_BATCH_ACCESS_KEY: batchAccount.keys.primary,
      }),
      ...(mayListKeys("Microsoft.Storage/storageAccounts", storageId) && {
        AZURE_STORAGE_CONNECTION_STRING: connectionString(storageAccount),
      }),
    };
  };
}
