/** Where things lie on a node (Azure Batch, "Files and directories"). One node is one folder; everything of it goes with it. */
import { join } from "node:path";
import type { NodeRecord } from "./state";

export interface TaskDirectory {
  /** Holds stdout.txt, stderr.txt and wd. */
  readonly path: string;
  readonly workingDirectory: string;
}

export interface NodeDirectories {
  /** The folder that holds the whole node. */
  readonly node: string;
  /** HOME of the node's processes: a folder of the node, outside the tree that Batch documents. */
  readonly home: string;
  /** What is being removed, outside that tree too. */
  readonly discarded: string;
  /** AZ_BATCH_NODE_ROOT_DIR. */
  readonly root: string;
  readonly shared: string;
  readonly mounts: string;
  readonly startup: TaskDirectory;
  readonly job: (jobId: string) => string;
  readonly task: (jobId: string, taskId: string) => TaskDirectory;
}

/** What every node's root holds, even before its first task (recorded). */
export const rootFolders = ["applications", "fsmounts", "shared", "startup", "volatile", "workitems"];

export function nodeDirectories(
  accountRoot: string,
  node: Pick<NodeRecord, "id" | "poolId">,
): NodeDirectories {
  const folder = join(accountRoot, node.poolId, node.id);
  const root = join(folder, "tasks");
  const job = (jobId: string): string => join(root, "workitems", jobId, "job-1");
  return {
    node: folder,
    home: join(folder, "home"),
    discarded: join(folder, "discarded"),
    root,
    shared: join(root, "shared"),
    mounts: join(root, "fsmounts"),
    startup: taskDirectory(join(root, "startup")),
    job,
    task: (jobId, taskId) => taskDirectory(join(job(jobId), taskId)),
  };
}

/** The task's directory as the service names it, below the node's root. */
export function taskRootDirectory(jobId: string, taskId: string): string {
  return `workitems/${jobId}/job-1/${taskId}`;
}

function taskDirectory(path: string): TaskDirectory {
  return { path, workingDirectory: join(path, "wd") };
}
