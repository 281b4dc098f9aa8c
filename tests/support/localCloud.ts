/** A whole local cloud for one test or a file of tests, with the real stack applied into it; ended, it proves that nothing is left. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContainerClient, newPipeline, type Pipeline } from "@azure/storage-blob";
import { parseJobTarget, type JobTarget } from "../../infra/job/target";
import { roleAssignmentId, roleDefinitionId } from "../../local/access";
import { audiences } from "../../local/audiences";
import { startLocalCloud, userSide, type LocalCloud, type LocalCloudOptions } from "../../local/cloud";
import type { BatchAccount } from "../../local/compute/account";
import type { PrincipalName } from "../../local/principals";
import { processesIn, run, type CommandOptions, type Finished } from "./command";

/** Settings of the stack that win over those of Pulumi.dev.yaml. */
export type Settings = Readonly<Record<string, unknown>>;

export interface TestCloud {
  readonly cloud: LocalCloud;
  /** For what a test writes; goes with the cloud. */
  readonly folder: string;
  /** Applies the real stack, as `npm start` does; returns the file with its outputs. */
  applyStack(settings: Settings, options?: Pick<CommandOptions, "onceSaid">): Promise<string>;
  /** What was said while it was applied. */
  applying(): string;
  /** Of the programs on the user's side. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The stack's own. */
  batchAccount(): BatchAccount;
  /** `npm run job -- …` without npm in between. */
  job(args: readonly string[], options?: CommandOptions): Promise<Finished>;
  /** The arguments of the same for Node. */
  jobCommand(args: readonly string[]): string[];
  /** A container that the operator and the nodes may read and write, whatever the stack says; made where there is none. */
  readonly container: (url: string) => Promise<ContainerClient>;
  /** A container with the rights that a principal has. */
  containerAs(principal: PrincipalName, url: string): ContainerClient;
  containerWith(credential: Parameters<typeof newPipeline>[0], url: string): ContainerClient;
  stop(): Promise<void>;
}

export async function withLocalCloud<T>(
  use: (cloud: TestCloud) => Promise<T>,
  options: Partial<LocalCloudOptions> = {},
): Promise<T> {
  const opened = await openLocalCloud(options);
  try {
    return await use(opened);
  } finally {
    await opened.stop();
  }
}

/** For beforeAll and afterAll; `withLocalCloud` where one test is enough. */
export async function openLocalCloud(options: Partial<LocalCloudOptions> = {}): Promise<TestCloud> {
  const folder = mkdtempSync(join(tmpdir(), "detect-cloud-"));
  const cloud = await startLocalCloud({
    folder: join(folder, "cloud"),
    port: undefined,
    nodeBootMs: 0,
    autoscaleSpeed: 30,
    defaultAccounts: false,
    roleDelayMs: 0,
    environment: process.env,
    ...options,
  });
  const environment = userSide(process.env, cloud);
  const script = (file: string, args: readonly string[]): string[] => ["--require", "tsx/cjs", file, ...args];
  const node = (args: readonly string[], options: CommandOptions = {}): Promise<Finished> =>
    run(process.execPath, args, { environment, ...options });
  const jobCommand = (args: readonly string[]): string[] => script("infra/job/cli.ts", args);
  // The certificate is younger than this process, which therefore does not trust it by itself.
  const agent = new Agent({ ca: readFileSync(cloud.userEnvironment.NODE_EXTRA_CA_CERTS!) });
  const containerWith: TestCloud["containerWith"] = (credential, url) =>
    new ContainerClient(url, trusting(credential, agent));
  const containerAs = (principal: PrincipalName, url: string): ContainerClient => {
    const token = cloud.identity.principalToken(principal, audiences.storage);
    const credential = {
      getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    return containerWith(credential, url);
  };

  const outputs = join(folder, "target.json");
  let told = "";

  return {
    cloud,
    folder,
    applyStack: async (settings, options) => {
      const args = ["--stack", "dev", "--settings", JSON.stringify(settings), "--outputs", outputs];
      const applied = await node(script("local/apply.ts", args), options);
      if (applied.code !== 0) throw new Error(`the stack was not applied: ${applied.stderr}`);
      told = applied.stdout + applied.stderr;
      return outputs;
    },
    applying: () => told,
    environment,
    batchAccount: () => cloud.batch.account(cloud.batch.options.records.list()[0]!.name),
    job: (args, options) => node(jobCommand(args), options),
    jobCommand,
    containerAs,
    containerWith,
    container: async (url) => {
      for (const principalId of [cloud.identity.operator.objectId, ...nodeIdentities(cloud)])
        giveBlobRole(cloud, url, principalId);
      const container = containerAs("operator", url);
      await container.createIfNotExists();
      return container;
    },
    stop: async () => {
      const ports = portsOf(cloud);
      agent.destroy();
      await cloud.stop();
      const left = processesIn(folder);
      rmSync(folder, { recursive: true, force: true });
      expect(left).toEqual([]);
      expect(await Promise.all(ports.map(listens))).toEqual(ports.map(() => false));
      expect(existsSync(folder)).toBe(false);
    },
  };
}

/** The SDK's pipeline for a credential, trusting the local cloud's certificate. */
function trusting(credential: Parameters<typeof newPipeline>[0], agent: Agent): Pipeline {
  const pipeline = newPipeline(credential);
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => next.sendRequest(Object.assign(request, { agent })),
    }),
  });
  return pipeline;
}

/** The stack gives roles on its own containers only: who tests beside it gives his own. */
function giveBlobRole(cloud: LocalCloud, containerUrl: string, principalId: string): void {
  const [, account = ""] = new URL(containerUrl).pathname.split("/");
  // Above the container: at the container itself the stack's own assignment may be still to come, and there is room for one.
  const scope = cloud.storage.get(account).standing.id;
  cloud.access.assignFromTheStart({
    id: roleAssignmentId(scope, `of-the-tests-${principalId}`),
    scope,
    principalId,
    roleDefinitionId: roleDefinitionId(cloud.identity.subscriptionId, "blobContributor"),
  });
}

function nodeIdentities({ identity }: LocalCloud): string[] {
  return identity.identities.list().map(({ principalId }) => principalId);
}

/** A target with other values, in a file beside the first. */
export function changedTarget(file: string, name: string, change: (target: JobTarget) => JobTarget): string {
  const target = parseJobTarget(JSON.parse(readFileSync(file, "utf8")), file);
  const changed = file.replace(/\.json$/, `-${name}.json`);
  writeFileSync(changed, JSON.stringify(change(target)));
  return changed;
}

function portsOf({ userEnvironment, storage, batch }: LocalCloud): number[] {
  const endpoints = [userEnvironment.IDENTITY_ENDPOINT, userEnvironment.ARM_RESOURCE_MANAGER_ENDPOINT];
  return [
    ...endpoints.map((endpoint) => Number(new URL(endpoint!).port)),
    ...[...storage.options.records.list(), ...batch.options.records.list()].map((record) => record.port),
  ];
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
