/** Files on nodes: what the file operations list and read, of a task's directory or of a whole node. */
import type { Stats } from "node:fs";
import { lstat, readdir, realpath, rmdir, stat, unlink } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { removeFolder } from "../removal";
import {
  directoryNotEmpty,
  fileNotFound,
  nodeNotReady,
  taskFilesCleanedUp,
  taskFilesUnavailable,
} from "./failure";
import type { NodeAgents } from "./nodeAgents";
import type { Nodes } from "./nodes";
import type { State } from "./state";
import type { Tasks } from "./tasks";

export interface FoundFile {
  /** Relative to the task's directory or the node's root, with slashes. */
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

export class Files {
  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
    private readonly nodes: Nodes,
    private readonly tasks: Tasks,
  ) {}

  /** Throws when the task never ran, when its node is gone, or when its retention time is over. */
  taskRoot(jobId: string, taskId: string): string {
    const task = this.tasks.get(jobId, taskId);
    if (task.filesCleanedUp === true) throw taskFilesCleanedUp(taskId);
    const node = task.place && this.state.nodes.get(task.place.poolId, task.place.nodeId);
    if (node === undefined) throw taskFilesUnavailable(taskId);
    return this.agents.directories(node).task(task.jobId, task.id).path;
  }

  /** Throws when the node is not up. */
  nodeRoot(poolId: string, nodeId: string): string {
    const node = this.nodes.get(poolId, nodeId);
    switch (node.state) {
      case "idle":
      case "running":
      case "offline":
      case "waitingforstarttask":
      case "starttaskfailed":
        return this.agents.directories(node).root;
      case "creating":
      case "starting":
      case "rebooting":
      case "preempted":
      case "unusable":
      case "leavingpool":
        throw nodeNotReady(nodeId);
    }
  }
}

/** Everything in a folder, or below it, sorted by name. */
export async function listFiles(root: string, recursive: boolean): Promise<FoundFile[]> {
  // With types, links are listed and not followed: a task may have linked the whole machine.
  const entries = await readdir(root, { recursive, withFileTypes: true }).catch(() => []);
  const names = entries.map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const found = await Promise.all(names.sort().map((name) => describe(root, name)));
  return found.filter((file) => file !== undefined);
}

/** One file or folder below a root; what lies outside of it does not exist. */
export async function findFile(root: string, name: string): Promise<FoundFile> {
  const path = resolve(root, name);
  const inside = path.startsWith(root + sep);
  const found = inside ? await describe(root, relative(root, path)) : undefined;
  if (found === undefined) throw fileNotFound(name);
  return found;
}

/** A file or a folder; a link goes itself, not what it leads to. Throws IOError for a folder that is not empty, and FileNotFound. */
export async function deleteFile({ name, path }: FoundFile, recursive: boolean): Promise<void> {
  try {
    const isFolder = (await lstat(path)).isDirectory();
    if (!isFolder) await unlink(path);
    else if (recursive) await removeFolder(path);
    else await rmdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY") throw directoryNotEmpty(name);
    if (code === "ENOENT") throw fileNotFound(name);
    throw error;
  }
}

/** Undefined when it vanished meanwhile (tasks are at work in these folders), or when a link leads out of the root. */
async function describe(root: string, name: string): Promise<FoundFile | undefined> {
  const path = join(root, name);
  try {
    const [realRoot, realPath] = await Promise.all([realpath(root), realpath(path)]);
    if (!realPath.startsWith(realRoot + sep)) return undefined;
    return { name: name.split(sep).join("/"), path, stats: await stat(path) };
  } catch {
    return undefined;
  }
}
