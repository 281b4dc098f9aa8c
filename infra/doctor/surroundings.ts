/** What the checks look at: this machine, the stack's files, Azure Resource Manager, and what several checks read once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { StackConfig } from "../config";
import { connectManagement, type Management } from "../job/clients";
import { openDeadlines } from "../job/deadlines";
import { once } from "../job/once";
import { stackNames, type StackIdentity, type StackNames } from "../naming";
import { openArm, type Arm } from "./arm";
import { findBatchAccount, type BatchAccount } from "./batchAccount";
import { readCaller, type Caller } from "./login";
import { openPrograms, type Programs } from "./programs";
import { readSettings, type Settings } from "./settings";
import { namedSubscription, type NamedSubscription } from "./subscription";
import { versionIn, type Version } from "./version";
import { readSkus, type Sku } from "./vmSize";

export interface Surroundings {
  /** As it is typed, perhaps with its organization: "team/object-detection/dev". */
  readonly stack: string;
  readonly nodeVersion: string;
  readonly packageFile: PackageFile;
  readonly today: Date;
  readonly programs: Programs;
  readonly endpoint: string;
  readonly arm: Arm;
  readonly management: Management;
  /** Of one call: ends with its deadline, and when the person interrupts. */
  readonly signal: () => AbortSignal;
  readonly settings: () => Promise<Settings>;
  /** Throws where the settings are wrong: what needs them says so. */
  readonly config: () => Promise<StackConfig>;
  readonly caller: () => Promise<Caller>;
  readonly named: () => Promise<NamedSubscription>;
  /** Throws where no subscription is named. */
  readonly subscriptionId: () => Promise<string>;
  /** What names and tags are made of. */
  readonly identity: () => Promise<StackIdentity>;
  readonly names: () => Promise<StackNames>;
  readonly skus: () => Promise<readonly Sku[]>;
  /** Null: there is none yet. */
  readonly batchAccount: () => Promise<BatchAccount | null>;
}

export interface PackageFile {
  /** "engines": what Node is expected. */
  readonly node: string;
  readonly pulumi: Version;
}

export interface Place {
  /** The project's folder. */
  readonly project: string;
  readonly stack: string;
  readonly nodeVersion: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly today: Date;
}

const callDeadlineMs = 20_000;
/** Azure's public cloud; another names itself as azure-native is told of it. */
const publicEndpoint = "https://management.azure.com";

export function openSurroundings(place: Place, interrupted: AbortSignal): Surroundings {
  const { stack, nodeVersion, environment, project, today } = place;
  const stackName = stack.split("/").at(-1)!;
  const endpoint = environment.ARM_RESOURCE_MANAGER_ENDPOINT ?? publicEndpoint;
  const audience = environment.ARM_RESOURCE_MANAGER_AUDIENCE ?? publicEndpoint;
  const management = connectManagement(endpoint, audience);
  const signal = openDeadlines(interrupted, callDeadlineMs);
  const arm = openArm(endpoint, management.ask, signal);
  const programs = openPrograms(project, environment, interrupted);
  const settings = once(() => Promise.resolve(readSettings(project, stackName)));
  const config = once(async () => {
    const read = await settings();
    if (read.kind === "wrong") throw new Error(read.mistakes.join("; "));
    return read.config;
  });
  const named = once(async () =>
    namedSubscription(await settings(), environment.ARM_SUBSCRIPTION_ID, () =>
      programs("az", ["account", "show", "--query", "id", "--output", "tsv"]),
    ),
  );
  const subscriptionId = async (): Promise<string> => {
    const found = await named();
    if (found.kind === "none") throw new Error("no subscription is named");
    return found.id;
  };
  const identity = once(async () => {
    const { project: name } = await settings();
    return { subscriptionId: await subscriptionId(), project: name, stack: stackName };
  });
  const self: Surroundings = {
    ...{ stack, nodeVersion, today, programs, endpoint, arm, management, signal },
    packageFile: readPackageFile(project),
    ...{ settings, config, named, subscriptionId, identity },
    names: once(async () => stackNames(await identity())),
    caller: once(() => readCaller(management, signal())),
    skus: once(async () => readSkus(arm, await subscriptionId(), (await config()).location)),
    batchAccount: once(() => findBatchAccount(self)),
  };
  return self;
}

const packageShape = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.object({ "@pulumi/pulumi": z.string() }),
});

function readPackageFile(project: string): PackageFile {
  const file = join(project, "package.json");
  const { engines, dependencies } = packageShape.parse(JSON.parse(readFileSync(file, "utf8")));
  const pulumi = versionIn(dependencies["@pulumi/pulumi"]);
  if (pulumi === undefined) throw new Error(`${file}: @pulumi/pulumi has no version number`);
  return { node: engines.node, pulumi };
}
