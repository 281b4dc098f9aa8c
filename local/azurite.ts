/** One Azurite process: what is behind the front of one storage account, over HTTPS, for bearer tokens. */
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { type Daemon, startDaemon } from "./child";
import type { Certificate } from "./tls";

export interface AzuriteOptions {
  readonly account: string;
  /** Base64 account key. Azurite learns accounts from its environment at start only. */
  readonly key: string;
  readonly port: number;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts it and waits until it listens. */
export async function startAzurite(options: AzuriteOptions): Promise<Daemon> {
  if (await listens(options.port)) {
    throw new Error(
      `port ${options.port}, meant for the Azurite of storage account ${options.account}, is in use by another program`,
    );
  }
  mkdirSync(options.folder, { recursive: true });
  return startDaemon({
    name: `Azurite of storage account ${options.account}`,
    script: join(dirname(require.resolve("azurite/package.json")), "dist/src/blob/main.js"),
    args: [
      ...["--location", options.folder, "--blobHost", "127.0.0.1", "--blobPort", String(options.port)],
      ...["--oauth", "basic", "--cert", options.certificate.certFile, "--key", options.certificate.keyFile],
      // storage-blob speaks a newer API version than Azurite knows.
      ...["--skipApiVersionCheck", "--disableTelemetry", "--silent"],
      // The account is the path's first segment, whatever host a copy's source names: as the front reads it.
      "--disableProductStyleUrl",
    ],
    environment: { ...options.environment, AZURITE_ACCOUNTS: `${options.account}:${options.key}` },
    ready: () => listens(options.port),
    deadlineMs: 30_000,
  });
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
