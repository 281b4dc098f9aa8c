/** A local cloud for one measurement, in a temporary folder that goes with it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCloud, type LocalCloud } from "../../local/cloud";

export interface BenchCloud {
  readonly cloud: LocalCloud;
  /** For what a measurement writes; the cloud's own folder is `cloud` in it. */
  readonly folder: string;
}

export async function withBenchCloud<T>(measure: (opened: BenchCloud) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "detect-bench-"));
  const cloud = await startLocalCloud({
    folder: join(folder, "cloud"),
    port: undefined,
    nodeBootMs: 0,
    autoscaleSpeed: 1,
    defaultAccounts: false,
    roleDelayMs: 0,
    environment: process.env,
  });
  try {
    return await measure({ cloud, folder });
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
