/** A Batch account behind its real HTTPS service, and the unmodified SDK that drives it. */
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { type ServiceClientCredentials, TokenCredentials } from "@azure/ms-rest-js";
import jwt from "jsonwebtoken";
import { generate, type GenerateResult } from "selfsigned";
import type { AccessRules } from "../../../local/batch/authorization";
import { startBatchServer } from "../../../local/batch/server";
import type { Blobs } from "../../../local/blobs";
import { BatchAccount, type BatchAccountOptions } from "../../../local/compute/account";
import type { QuotaLimits } from "../../../local/compute/quotas";
import type { Faults } from "../../../local/faults/faults";
import { openStore } from "../../../local/store";
import { MemoryBlobs } from "./memoryBlobs";
import { heldAgainstTheSdk } from "./responseShape";

export const accountName = "testaccount";
export const keys = {
  primary: Buffer.from("the primary key of the tests").toString("base64"),
  secondary: Buffer.from("the secondary key of the tests").toString("base64"),
};
export const accountId = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/${accountName}`;
export const batchAudience = "https://batch.core.windows.net/";
export const identityId =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/nodes";
const tokenSecret = "signs the tokens of the tests";

let made: Promise<GenerateResult> | undefined;

/** One for all tests of a file: making keys takes its time. */
function certificate(): Promise<GenerateResult> {
  made ??= generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  return made;
}

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
  const { allowSharedKey = true, nodeBootMs = 0, autoscaleSpeed = 1, quotas = {} } = options;
  const agent = new Agent({ ca: tls.cert, keepAlive: true });
  const blobs = new MemoryBlobs();
  const root = join(folder, "nodes");

  const open = async () => {
    const store = openStore(join(folder, "state"));
    const account = new BatchAccount({
      name: accountName,
      url: "https://testaccount.local.batch.example",
      root,
      store,
      identities: {
        storageToken: options.storageToken ?? ((id) => `token of ${id}`),
        admit: options.admit ?? nodeVariables,
        dismiss: () => undefined,
      },
      blobs: options.storage ?? blobs,
      nodeBootMs,
      autoscaleSpeed,
      faults: options.faults,
      ...quotas,
      taskEnvironment: { PATH: "/usr/bin:/bin" },
    });
    account.start();
    const server = await startBatchServer({
      account,
      faults: options.faults,
      keys,
      allowSharedKey,
      verifyToken: (token) =>
        (jwt.verify(token, tokenSecret, { audience: batchAudience }) as { sub?: string }).sub ?? "",
      scope: accountId,
      allows: options.allows ?? (() => true),
      tls: { key: tls.private, cert: tls.cert },
      port: 0,
    });
    return { store, account, server };
  };
  let parts = await open();
  const close = async () => {
    await parts.server.stop();
    await parts.account.stop();
    await parts.store.close();
  };
  const clientWith = (credentials: ServiceClientCredentials): BatchServiceClient =>
    new BatchServiceClient(credentials, parts.server.url, {
      noRetryPolicy: true,
      agentSettings: { http: agent, https: agent },
      requestPolicyFactories: (usual) => [...usual, heldAgainstTheSdk],
    });
  try {
    await test({
      get url() {
        return parts.server.url;
      },
      get account() {
        return parts.account;
      },
      get client() {
        return clientWith(new BatchSharedKeyCredentials(accountName, keys.primary));
      },
      blobs,
      certificate: tls.cert,
      root,
      clientWith,
      restart: async () => {
        await close();
        parts = await open();
      },
    });
  } finally {
    await close();
    agent.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

function nodeVariables(nodeId: string, ids: readonly string[]): Record<string, string> {
  return { IDENTITY_ENDPOINT: `http://127.0.0.1/${nodeId}/${ids.length}`, IDENTITY_HEADER: "h" };
}

export function bearer(audience: string, principalId = "somebody"): TokenCredentials {
  return new TokenCredentials(jwt.sign({ sub: principalId }, tokenSecret, { audience, expiresIn: "1h" }));
}

/** Asks until the answer is there; says what it waited for when it never comes. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  deadlineMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await new Promise((next) => setTimeout(next, 15));
  }
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
