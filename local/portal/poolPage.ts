/** A pool and its nodes; a node with its start task and what that wrote. */
import { html } from "../../worker/contract/markup";
import type { BatchAccount } from "../compute/account";
import { troubles } from "./accountPage";
import type { Page } from "./frame";
import { facts, lasted, link, nodeLink, outcome, state, table, time } from "./parts";
import { textOf } from "./tail";

/** `base`: of the account. Throws a BatchFailure: PoolNotFound. */
export function poolPage(account: BatchAccount, base: string, poolId: string): Page {
  const pool = account.pools.get(poolId);
  const nodes = account.pools.nodesOf(pool);
  const { fixed, formula } = scalingOf(pool.spec);
  return {
    title: pool.id,
    above: aboveAccount(account),
    body: html`
      ${facts({
        state: state(pool.state),
        allocation: state(pool.allocationState),
        "VM size": pool.spec.vmSize,
        "task slots": pool.spec.taskSlotsPerNode ?? 1,
        "nodes wanted": fixed,
        "autoscale formula": formula && html`<pre>${formula}</pre>`,
        "what keeps it": troubles(pool, nodes),
      })}
      <h2>Nodes</h2>
      ${table(
        ["node", "state", "since (UTC)", "tasks run", "succeeded", "start task"],
        nodes.map((node) => [
          nodeLink(`${base}pools/${pool.id}/nodes/${node.id}`, node.id),
          state(node.state),
          time(node.stateTransitionTime),
          node.totalTasksRun,
          node.totalTasksSucceeded,
          node.startTaskInfo === undefined ? "–" : outcome(node.startTaskInfo),
        ]),
        "It has no nodes.",
      )}
    `,
  };
}

/** Throws a BatchFailure: PoolNotFound, NodeNotFound. */
export async function nodePage(
  account: BatchAccount,
  base: string,
  poolId: string,
  nodeId: string,
  nowMs: number,
): Promise<Page> {
  const pool = account.pools.get(poolId);
  const node = account.nodes.get(pool.id, nodeId);
  const run = node.startTaskInfo;
  const output = (name: string): Promise<string> =>
    textOf(() => account.files.nodeRoot(pool.id, node.id), `startup/${name}`);
  const errors = (node.errors ?? []).map(({ code, message }) => `${code}: ${message}`);
  return {
    title: node.id,
    above: [...aboveAccount(account), [pool.id, `${account.name}/pools/${pool.id}`]],
    body: html`
      ${facts({
        state: state(node.state),
        "last boot (UTC)": time(node.lastBootTime),
        errors: errors.length > 0 ? errors.join("; ") : undefined,
        "start task": run && outcome(run),
        took: run && lasted(run.startTime, run.endTime, nowMs),
        "recent tasks":
          node.recentTasks.length === 0
            ? undefined
            : html`${node.recentTasks.map(({ jobId, taskId }) =>
                link(`${base}jobs/${jobId}/tasks/${taskId}`, taskId),
              )}`,
      })}
      <h2>Start task, stdout.txt</h2>
      <pre>${await output("stdout.txt")}</pre>
      <h2>Start task, stderr.txt</h2>
      <pre>${await output("stderr.txt")}</pre>
    `,
  };
}

export function aboveAccount(account: BatchAccount): Page["above"] {
  return [
    ["Accounts", ""],
    [account.name, `${account.name}/`],
  ];
}

function scalingOf(spec: {
  readonly enableAutoScale?: boolean;
  readonly autoScaleFormula?: string;
  readonly targetDedicatedNodes?: number;
  readonly targetLowPriorityNodes?: number;
}): { readonly fixed?: string; readonly formula?: string } {
  if (spec.enableAutoScale === true) return { formula: spec.autoScaleFormula };
  const { targetDedicatedNodes = 0, targetLowPriorityNodes = 0 } = spec;
  return { fixed: `${targetDedicatedNodes} dedicated, ${targetLowPriorityNodes} spot` };
}
