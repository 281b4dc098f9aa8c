/** The node agent: a node's folders, its identities, and the command lines it runs. */
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, renameSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobAccess, Blobs } from "../blobs";
import { removeFolder } from "../removal";
import { nodeDirectories, type NodeDirectories, rootFolders } from "./directories";
import { nodeVariables } from "./environment";
import { Execution } from "./execution";
import { identityNotAttached } from "./failureInfo";
import type { Identities } from "./identities";
import { TransferFailure } from "./resourceFiles";
import type { NodeRecord, StartedRun, State } from "./state";
import { endStrays } from "./strays";
import { ProcessGroups } from "./taskProcess";
import type { Work } from "./work";

export interface NodeAgentOptions {
  readonly accountName: string;
  readonly accountUrl: string;
  readonly root: string;
  readonly identities: Identities;
  readonly blobs: Blobs;
  readonly taskEnvironment: Readonly<Record<string, string>>;
}

export class NodeAgents {
  private readonly groups = new ProcessGroups();
  /** Environment that gives a node's processes its identities, by node. */
  private readonly admitted = new Map<string, Readonly<Record<string, string>>>();

  constructor(
    private readonly state: State,
    private readonly options: NodeAgentOptions,
  ) {}

  directories(node: Pick<NodeRecord, "id" | "poolId">): NodeDirectories {
    return nodeDirectories(this.options.root, node);
  }

  /** To be called before anything runs: ends what a killed service left running. Resolves when it is gone. */
  start(): Promise<void> {
    return endStrays(this.options.root);
  }

  /** Makes the node's folders and admits its processes to the pool's identities. What is there already stays. */
  async boot(node: NodeRecord): Promise<void> {
    const { root, home, discarded } = this.directories(node);
    await removeFolder(discarded);
    await Promise.all(
      [home, ...rootFolders.map((name) => join(root, name))].map((folder) =>
        mkdir(folder, { recursive: true }),
      ),
    );
    if (!this.admitted.has(node.id))
      this.admitted.set(node.id, this.options.identities.admit(node.id, this.identitiesOf(node)));
  }

  /** The machine is given back: nothing of it is left. */
  async remove(node: NodeRecord): Promise<void> {
    if (this.admitted.delete(node.id)) this.options.identities.dismiss(node.id);
    const folder = this.directories(node).node;
    await removeFolder(folder);
    // The pool's folder goes with its last node; while there are others it is not empty, and stays.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  /** Removes a folder of the node: at the first `await` it is gone for everybody, and a kill before the end leaves the rest to the next boot. */
  async discard(node: Pick<NodeRecord, "id" | "poolId">, folder: string): Promise<void> {
    const { discarded } = this.directories(node);
    const rest = join(discarded, randomUUID());
    try {
      mkdirSync(discarded, { recursive: true });
      // A folder that its task has closed cannot be moved.
      chmodSync(folder, 0o700);
      renameSync(folder, rest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    await removeFolder(rest);
  }

  /** Runs a command line; the work's own environment comes on top of the node's, but for AZ_BATCH_*, which is the service's. */
  run(node: NodeRecord, work: Work, onTry: (run: StartedRun) => void): Execution {
    const { accountName, accountUrl, taskEnvironment } = this.options;
    const directories = this.directories(node);
    const environment = {
      ...taskEnvironment,
      HOME: directories.home,
      ...this.admitted.get(node.id),
      ...work.environment,
      ...nodeVariables({ accountName, accountUrl, node, directories }),
    };
    return new Execution(
      { ...work, environment },
      {
        groups: this.groups,
        blobs: this.options.blobs,
        accessOf: (reference) => this.accessOf(node, reference?.resourceId),
      },
      onTry,
    );
  }

  /** To be called when nothing runs any more. */
  async stop(): Promise<void> {
    for (const nodeId of this.admitted.keys()) this.options.identities.dismiss(nodeId);
    this.admitted.clear();
    await this.groups.stop();
  }

  private accessOf(node: NodeRecord, identityResourceId: string | undefined): BlobAccess {
    if (identityResourceId === undefined) return { kind: "url" };
    const wanted = identityResourceId.toLowerCase();
    if (!this.identitiesOf(node).some((id) => id.toLowerCase() === wanted))
      throw new TransferFailure(identityNotAttached(identityResourceId, node.poolId));
    return { kind: "token", token: this.options.identities.storageToken(identityResourceId) };
  }

  private identitiesOf(node: NodeRecord): readonly string[] {
    return this.state.pools.get(node.poolId)?.spec.identityResourceIds ?? [];
  }
}
