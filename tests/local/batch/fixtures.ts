/** Pools, jobs and tasks of the tests, and the waits between them. */
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { eventually } from "../../support/eventually";
import { type BatchCloud, identityId } from "./batchCloud";

export const bash = (script: string): string => `/bin/bash -c '${script.replaceAll("'", `'\\''`)}'`;

const machine: BatchServiceModels.VirtualMachineConfiguration = {
  imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
  nodeAgentSKUId: "batch.node.ubuntu 24.04",
};

export function pool(
  more: Partial<BatchServiceModels.PoolAddParameter> = {},
): BatchServiceModels.PoolAddParameter {
  return {
    id: "pool",
    vmSize: "Standard_D2s_v3",
    virtualMachineConfiguration: machine,
    targetDedicatedNodes: 1,
    ...more,
  };
}

/** A pool with the tests' identity, as only the management plane can make one. */
export function poolWithIdentity(
  cloud: BatchCloud,
  more: Partial<BatchServiceModels.PoolAddParameter> = {},
): void {
  cloud.account.createPool({ ...pool(more), identityResourceIds: [identityId] });
}

export async function addJob(
  client: BatchServiceClient,
  more: Partial<BatchServiceModels.JobAddParameter> = {},
): Promise<void> {
  await client.job.add({ id: "job", poolInfo: { poolId: "pool" }, ...more });
}

/** Adds one task to the job and waits for its end. */
export async function runTask(
  client: BatchServiceClient,
  script: string,
  more: Partial<BatchServiceModels.TaskAddParameter> = {},
): Promise<BatchServiceModels.CloudTask> {
  const task = { id: "task", commandLine: bash(script), ...more };
  await client.task.add("job", task);
  return completed(client, task.id);
}

export function completed(
  client: BatchServiceClient,
  taskId: string,
  jobId = "job",
): Promise<BatchServiceModels.CloudTask> {
  return taskIn(client, taskId, "completed", jobId);
}

export function taskIn(
  client: BatchServiceClient,
  taskId: string,
  state: string,
  jobId = "job",
): Promise<BatchServiceModels.CloudTask> {
  return eventually(`task ${taskId} to be ${state}`, async () => {
    const task = await client.task.get(jobId, taskId);
    return task.state === state && task;
  });
}

export function jobIn(
  client: BatchServiceClient,
  state: string,
  jobId = "job",
): Promise<BatchServiceModels.CloudJob> {
  return eventually(`the job to be ${state}`, async () => {
    const job = await client.job.get(jobId);
    return job.state === state && job;
  });
}

export function nodesIn(
  client: BatchServiceClient,
  state: string,
  count = 1,
  poolId = "pool",
): Promise<BatchServiceModels.ComputeNode[]> {
  return eventually(`${count} nodes to be ${state}`, async () => {
    const nodes = await client.computeNode.list(poolId);
    return nodes.length === count && nodes.every((node) => node.state === state) && [...nodes];
  });
}

export async function taskFile(client: BatchServiceClient, path: string, taskId = "task"): Promise<string> {
  return textOf(await client.file.getFromTask("job", taskId, path));
}

export async function textOf(download: { readableStreamBody?: NodeJS.ReadableStream }): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of download.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
