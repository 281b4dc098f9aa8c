/** A Batch account behind its real HTTPS service, and the unmodified SDK that drives it. */
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { type ServiceClientCredentials, TokenCredentials } from "@azure/ms-rest-js";
import jwt from "jsonwebtoken";
import type { AccessRules } from "../../../local/batch/authorization";
import type { Blobs } from "../../../local/blobs";
import type { BatchAccount, BatchAccountOptions } from "../../../local/compute/account";
import type { QuotaLimits } from "../../../local/compute/quotas";
import type { Faults } from "../../../local/faults/faults";
import {
  accountName,
  type BatchService,
  keys,
  nodeFolder,
  openBatchService,
  testIdentities,
  tokenSecret,
} from "./batchService";
import { certificate } from "./certificate";
import { MemoryBlobs } from "./memoryBlobs";
import { heldAgainstTheSdk } from "./responseShape";

export { eventually } from "../../support/eventually";
export { accountId, accountName, batchAudience, keys } from "./batchService";
export const identityId =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/nodes";

export interface BatchCloud {
  readonly url: string;
  readonly account: BatchAccount;
  readonly blobs: MemoryBlobs;
  /** By shared key. */
  readonly client: BatchServiceClient;
  readonly certificate: string;
  /** Where the account's nodes are. */
  readonly root: string;
  clientWith(credentials: ServiceClientCredentials): BatchServiceClient;
  /** Stops account, service and store, and starts them again over the same folders. */
  restart(): Promise<void>;
}

export interface CloudOptions {
  /** Real blobs instead of those in memory. */
  readonly storage?: Blobs;
  readonly storageToken?: (identityResourceId: string) => string;
  readonly admit?: BatchAccountOptions["identities"]["admit"];
  readonly allowSharedKey?: boolean;
  /** What the roles of a token's caller allow; everything unless told. */
  readonly allows?: AccessRules["allows"];
  readonly nodeBootMs?: number;
  /** 1 unless told: no evaluation on an interval comes within a test. */
  readonly autoscaleSpeed?: number;
  /** As of an account: none unless told. */
  readonly quotas?: QuotaLimits;
  readonly faults?: Faults;
}

/** Runs a test against a fresh account and takes everything away afterwards. */
export async function withBatchCloud(
  test: (cloud: BatchCloud) => Promise<void>,
  options: CloudOptions = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "batch-test-"));
  const tls = await certificate();
  const { storage, storageToken, admit, quotas, ...others } = options;
  const agent = new Agent({ ca: tls.cert, keepAlive: true });
  const blobs = new MemoryBlobs();

  const open = (): Promise<BatchService> =>
    openBatchService(folder, {
      tls,
      blobs: storage ?? blobs,
      identities: {
        ...testIdentities,
        ...(storageToken && { storageToken }),
        ...(admit && { admit }),
      },
      ...quotas,
      ...others,
    });
  let service = await open();
  const clientWith = (credentials: ServiceClientCredentials): BatchServiceClient =>
    new BatchServiceClient(credentials, service.server.url, {
      noRetryPolicy: true,
      agentSettings: { http: agent, https: agent },
      requestPolicyFactories: (usual) => [...usual, heldAgainstTheSdk],
    });
  try {
    await test({
      get url() {
        return service.server.url;
      },
      get account() {
        return service.account;
      },
      get client() {
        return clientWith(new BatchSharedKeyCredentials(accountName, keys.primary));
      },
      blobs,
      certificate: tls.cert,
      root: nodeFolder(folder),
      clientWith,
      restart: async () => {
        await service.close();
        service = await open();
      },
    });
  } finally {
    await service.close();
    agent.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

export function bearer(audience: string, principalId = "somebody"): TokenCredentials {
  return new TokenCredentials(jwt.sign({ sub: principalId }, tokenSecret, { audience, expiresIn: "1h" }));
}

/** What the service refused a call with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: string; body: unknown }> {
  try {
    await call;
  } catch (error) {
    const { statusCode, code, body } = error as { statusCode: number; code: string; body: unknown };
    return { status: statusCode, code, body };
  }
  throw new Error("the call was not refused");
}
