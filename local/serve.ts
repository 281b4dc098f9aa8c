/** `npm run local -- serve` and `exec`: the local cloud in the foreground, or around a command, with kept state. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { runForeground } from "./child";
import { type LocalCloud, programsFolder, startLocalCloud, userSide, type Who } from "./cloud";
import { writeEnvironmentFile } from "./environmentFile";
import { FaultsDoor } from "./faults/door";
import { Faults } from "./faults/faults";
import type { FaultSettings } from "./faults/settings";
import { greeting } from "./greeting";
import { takeLock } from "./lock";
import { Portal } from "./portal/portal";
import { type PrincipalName, principalNames, principals } from "./principals";
import { logRequests } from "./requestLog";
import { builtInRoles } from "./roleDefinitions";
import { servicesOf } from "./services";

export interface ServeOptions {
  readonly project: string;
  readonly port: number | undefined;
  /** From the assignment of a role to its effect. */
  readonly roleDelayMs: number;
  readonly autoscaleSpeed: number;
  readonly faults: FaultSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs until interrupted; writes and names a file with the environment of each principal, the operator's as `.local/env.sh`. `verbose`: tells each
 * request on stderr.
 */
export async function serve(
  options: ServeOptions & { readonly verbose: boolean },
  environment: Environment,
  interrupted: AbortSignal,
): Promise<void> {
  await withKeptCloud(options, environment, async (cloud) => {
    const files = principalNames.map((name) => ({ name, file: environmentFile(options.project, name) }));
    const portal = new Portal(cloud.batch);
    const endLog = options.verbose ? logRequests(servicesOf(cloud), console.error) : undefined;
    try {
      const address = await portal.start(0);
      for (const { name, file } of files)
        writeEnvironmentFile(file, cloud.environmentOf(name), programsFolder);
      console.log(greetingOf(cloud, options.project, address));
      if (!interrupted.aborted) await once(interrupted, "abort");
    } finally {
      endLog?.();
      await portal.stop();
      for (const { file } of files) rmSync(file, { force: true });
    }
  });
}

/** Where the cloud that runs says how its faults are reached. */
export function faultsAddressFile(project: string): string {
  return join(project, ".local", "serve.faults");
}

function environmentFile(project: string, principal: PrincipalName): string {
  return join(project, ".local", principal === "operator" ? "env.sh" : `env.${principal}.sh`);
}

function greetingOf(cloud: LocalCloud, project: string, portal: string): string {
  return greeting({
    environment: cloud.userEnvironment,
    portal,
    environmentFile: environmentFile(project, "operator"),
    others: principalNames
      .filter((name) => name !== "operator")
      .map((name) => ({ file: environmentFile(project, name), may: describe(name) })),
  });
}

function describe(name: PrincipalName): string {
  return `${builtInRoles[principals[name].role].name} of the subscription`;
}

/** Runs a command in a folder with the local cloud around it, in somebody's name; the exit code is the command's. */
export async function exec(
  options: ServeOptions,
  who: Who,
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
      environment: userSide(environment, cloud, who),
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
    "wait for its end, or end it; where it is `serve`, use it: `. .local/env.sh`",
  );
  try {
    const folder = join(options.project, ".local", "serve");
    const faults = new Faults(options.faults);
    const door = new FaultsDoor(faults, faultsAddressFile(options.project));
    const cloud = await startLocalCloud({
      folder,
      port: options.port,
      nodeBootMs: 3000,
      autoscaleSpeed: options.autoscaleSpeed,
      defaultAccounts: true,
      roleDelayMs: options.roleDelayMs,
      faults,
      environment,
    });
    try {
      await door.start();
      return await use(cloud);
    } finally {
      await door.stop();
      await cloud.stop();
    }
  } finally {
    release();
  }
}
