/** An Azurite of one test: plain HTTP, an account key made for it, in memory; ended with the test. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { freePort } from "../../local/ports";

const account = "tests";

export interface PlainAzurite {
  /** Makes a container. */
  container(name: string): Promise<ContainerClient>;
  readonly stop: () => Promise<void>;
}

export async function startPlainAzurite(): Promise<PlainAzurite> {
  const port = await freePort();
  const key = randomBytes(64).toString("base64");
  const script = join(dirname(require.resolve("azurite/package.json")), "dist/src/blob/main.js");
  const child = spawn(
    process.execPath,
    [
      script,
      ...["--blobHost", "127.0.0.1", "--blobPort", String(port), "--inMemoryPersistence"],
      ...["--skipApiVersionCheck", "--disableTelemetry", "--silent"],
    ],
    { env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` }, stdio: "ignore" },
  );
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill();
    await exited;
  };
  const deadline = Date.now() + 30_000;
  while (!(await listens(port))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error("Azurite did not listen within 30 s.");
    }
    await sleep(50);
  }
  return {
    container: async (name) => {
      const credential = new StorageSharedKeyCredential(account, key);
      const url = `http://127.0.0.1:${port}/${account}/${name}`;
      const container = new ContainerClient(url, credential, { retryOptions: { maxTries: 1 } });
      await container.create();
      return container;
    },
    stop,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
