/** `npm run local -- serve` and `exec`: the local cloud in the foreground, or around a command, with kept state. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { runForeground } from "./child";
import { type LocalCloud, programsFolder, startLocalCloud, userSide } from "./cloud";
import { writeEnvironmentFile } from "./environmentFile";
import { takeLock } from "./lock";

export interface ServeOptions {
  readonly project: string;
  readonly port: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs until interrupted; prints and writes `.local/env.sh`. */
export async function serve(
  options: ServeOptions,
  environment: Environment,
  interrupted: AbortSignal,
): Promise<void> {
  await withKeptCloud(options, environment, async (cloud) => {
    const file = join(options.project, ".local", "env.sh");
    writeEnvironmentFile(file, cloud.userEnvironment, programsFolder);
    console.log(`The local cloud is up. In another terminal:\n\n  . ${file}\n`);
    for (const name of Object.keys(cloud.userEnvironment)) console.log(`  ${name}`);
    console.log("\nCtrl-C stops it; its state stays in .local/serve.");
    if (!interrupted.aborted) await once(interrupted, "abort");
    rmSync(file, { force: true });
  });
}

/** Runs a command in a folder with the local cloud around it; the exit code is the command's. */
export async function exec(
  options: ServeOptions,
  folder: string,
  command: readonly [string, ...string[]],
  environment: Environment,
  interrupted: AbortSignal,
): Promise<number> {
  return withKeptCloud(options, environment, (cloud) => {
    const [program, ...args] = command;
    return runForeground({
      command: program,
      args,
      folder,
      environment: userSide(environment, cloud),
      interrupted,
    });
  });
}

async function withKeptCloud<T>(
  options: ServeOptions,
  environment: Environment,
  use: (cloud: LocalCloud) => Promise<T>,
): Promise<T> {
  const release = takeLock(
    join(options.project, ".local", "serve.lock"),
    "the local cloud of this project",
    "use it (`. .local/env.sh`) or end it",
  );
  try {
    const folder = join(options.project, ".local", "serve");
    const cloud = await startLocalCloud({
      folder,
      port: options.port,
      nodeBootMs: 3000,
      defaultAccounts: true,
      environment,
    });
    try {
      return await use(cloud);
    } finally {
      await cloud.stop();
    }
  } finally {
    release();
  }
}
