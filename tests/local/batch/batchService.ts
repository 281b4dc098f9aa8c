/** The Batch service of one account over a folder, without the rest of the local cloud: in a test's own process or in one to be killed. */
import { join } from "node:path";
import jwt from "jsonwebtoken";
import { type BatchServer, type BatchServerOptions, startBatchServer } from "../../../local/batch/server";
import { BatchAccount, type BatchAccountOptions } from "../../../local/compute/account";
import { openStore } from "../../../local/store";

export const accountName = "testaccount";
export const keys = {
  primary: Buffer.from("the primary key of the tests").toString("base64"),
  secondary: Buffer.from("the secondary key of the tests").toString("base64"),
};
export const accountId = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/${accountName}`;
export const batchAudience = "https://batch.core.windows.net/";
export const tokenSecret = "signs the tokens of the tests";

export interface BatchService {
  readonly account: BatchAccount;
  readonly server: BatchServer;
  close(): Promise<void>;
}

/** What of an account and its server is not the same in all tests. */
export type ServiceOptions = Pick<BatchServerOptions, "tls"> &
  Pick<BatchAccountOptions, "blobs"> &
  Partial<BatchServerOptions & BatchAccountOptions>;

export const testIdentities: BatchAccountOptions["identities"] = {
  storageToken: (id) => `token of ${id}`,
  admit: (nodeId, ids) => ({
    IDENTITY_ENDPOINT: `http://127.0.0.1/${nodeId}/${ids.length}`,
    IDENTITY_HEADER: "h",
  }),
  dismiss: () => undefined,
};

/** The nodes of the account of this folder. */
export const nodeFolder = (folder: string): string => join(folder, "nodes");

/** Opens what is kept in the folder; `name` and `root` come with `options` where a folder holds more than one account. */
export async function openBatchService(folder: string, options: ServiceOptions): Promise<BatchService> {
  const store = options.store ?? openStore(join(folder, "state"));
  const account = new BatchAccount({
    name: accountName,
    url: "https://testaccount.local.batch.example",
    root: nodeFolder(folder),
    store,
    identities: testIdentities,
    nodeBootMs: 0,
    autoscaleSpeed: 1,
    taskEnvironment: { PATH: "/usr/bin:/bin" },
    ...options,
  });
  account.start();
  const server = await startBatchServer({
    account,
    keys,
    allowSharedKey: true,
    verifyToken: (token) =>
      (jwt.verify(token, tokenSecret, { audience: batchAudience }) as { sub?: string }).sub ?? "",
    scope: accountId,
    allows: () => true,
    port: 0,
    ...options,
  });
  return {
    account,
    server,
    close: async () => {
      await server.stop();
      await account.stop();
      await store.close();
    },
  };
}
