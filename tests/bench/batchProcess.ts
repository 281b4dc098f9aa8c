/** The local cloud in a process of its own, as `serve` runs it: says where its Batch account is, and ends when its parent lets go of it. */
import { startLocalCloud } from "../../local/cloud";

/** To whoever started it, once the service answers. */
export interface BatchProcessReady {
  readonly endpoint: string;
  readonly account: string;
  readonly key: string;
  /** A file of certificates to trust. */
  readonly trust: string;
}

async function serve(folder: string): Promise<void> {
  const cloud = await startLocalCloud({
    folder,
    port: undefined,
    nodeBootMs: 0,
    autoscaleSpeed: 1,
    defaultAccounts: true,
    roleDelayMs: 0,
    environment: process.env,
  });
  const named = (name: string): string => cloud.userEnvironment[name] ?? "";
  const ready: BatchProcessReady = {
    endpoint: named("AZURE_BATCH_ENDPOINT"),
    account: named("AZURE_BATCH_ACCOUNT"),
    key: named("AZURE_BATCH_ACCESS_KEY"),
    trust: named("NODE_EXTRA_CA_CERTS"),
  };
  process.once("disconnect", () => void cloud.stop().then(() => process.exit()));
  process.send?.(ready);
}

void serve(process.argv[2] ?? "");
