/** The environment of a process on a node: the variables that Batch documents, the task's own settings, and nothing of the cloud's. */
import type { BatchServiceModels } from "@azure/batch";
import type { NodeDirectories, TaskDirectory } from "./directories";
import type { NodeRecord } from "./state";

export interface NodeEnvironment {
  readonly accountName: string;
  readonly accountUrl: string;
  readonly node: Pick<NodeRecord, "id" | "poolId" | "isDedicated">;
  readonly directories: NodeDirectories;
}

/** AZ_BATCH_* of every process on a node (Azure Batch: "Runtime environment variables"). */
export function nodeVariables(of: NodeEnvironment): Record<string, string> {
  return {
    AZ_BATCH_ACCOUNT_NAME: of.accountName,
    AZ_BATCH_ACCOUNT_URL: of.accountUrl,
    AZ_BATCH_POOL_ID: of.node.poolId,
    AZ_BATCH_NODE_ID: of.node.id,
    AZ_BATCH_NODE_IS_DEDICATED: String(of.node.isDedicated),
    AZ_BATCH_NODE_ROOT_DIR: of.directories.root,
    AZ_BATCH_NODE_SHARED_DIR: of.directories.shared,
    AZ_BATCH_NODE_STARTUP_DIR: of.directories.startup.path,
    AZ_BATCH_NODE_MOUNTS_DIR: of.directories.mounts,
  };
}

export function directoryVariables(directory: TaskDirectory): Record<string, string> {
  return { AZ_BATCH_TASK_DIR: directory.path, AZ_BATCH_TASK_WORKING_DIR: directory.workingDirectory };
}

export function taskVariables(jobId: string, taskId: string): Record<string, string> {
  return { AZ_BATCH_JOB_ID: jobId, AZ_BATCH_TASK_ID: taskId };
}

export function preparationVariables(directory: TaskDirectory): Record<string, string> {
  return { AZ_BATCH_JOB_PREP_DIR: directory.path, AZ_BATCH_JOB_PREP_WORKING_DIR: directory.workingDirectory };
}

/** Settings as variables; a setting without a value is an empty one. */
export function settingVariables(
  settings: readonly BatchServiceModels.EnvironmentSetting[] = [],
): Record<string, string> {
  return Object.fromEntries(settings.map(({ name, value }) => [name, value ?? ""]));
}
