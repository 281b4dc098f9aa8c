/** A Batch account: its pools with their nodes, and its jobs with their tasks counted. */
import { html, type Markup } from "../../worker/contract/markup";
import type { BatchAccount } from "../compute/account";
import type { NodeRecord, PoolRecord, TaskRecord } from "../compute/state";
import type { Page } from "./frame";
import { link, state, table, time } from "./parts";

/** `base`: of this account. */
export function accountPage(account: BatchAccount, base: string): Page {
  const pools = account.pools.list();
  const jobs = account.jobs.list();
  return {
    title: account.name,
    above: [["Accounts", ""]],
    body: html`
      <h2>Pools</h2>
      ${table(
        ["pool", "state", "nodes", "VM size", "what keeps it"],
        pools.map((pool) => {
          const nodes = account.pools.nodesOf(pool);
          return [
            link(`${base}pools/${pool.id}`, pool.id),
            state(pool.state === "active" ? pool.allocationState : pool.state),
            byState(nodes),
            pool.spec.vmSize,
            troubles(pool, nodes) ?? "",
          ];
        }),
        "There is no pool.",
      )}
      <h2>Jobs</h2>
      ${table(
        ["job", "state", "tasks", "pool", "created (UTC)"],
        jobs.map((job) => [
          link(`${base}jobs/${job.id}`, job.id),
          state(job.state),
          taskCounts(account.tasks.list(job.id)),
          link(`${base}pools/${job.poolId}`, job.poolId),
          time(job.creationTime),
        ]),
        "There is no job.",
      )}
    `,
  };
}

/** Why a pool has not the nodes it is meant to have, or why they do not work; undefined where nothing keeps it. */
export function troubles(pool: PoolRecord, nodes: readonly NodeRecord[]): Markup | undefined {
  const resize = (pool.resizeErrors ?? []).map(({ code, message }) => `${code}: ${message}`);
  const autoscale = pool.autoScaleRun?.error;
  const failed = nodes.filter((node) => node.state === "starttaskfailed").length;
  const lines = [
    ...resize,
    ...(autoscale ? [`${autoscale.code}: ${autoscale.message}`] : []),
    ...(failed > 0 ? [`the start task failed on ${failed} of ${nodes.length} nodes`] : []),
  ];
  return lines.length === 0 ? undefined : html`<span class="text bad">${lines.join("; ")}</span>`;
}

/** "2 idle, 1 starting". */
function byState(nodes: readonly NodeRecord[]): string {
  if (nodes.length === 0) return "none";
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(node.state, (counts.get(node.state) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}

/** "3 active, 1 running, 20 succeeded, 1 failed". */
export function taskCounts(tasks: readonly TaskRecord[]): string {
  const counts = { active: 0, running: 0, succeeded: 0, failed: 0 };
  for (const task of tasks) {
    if (task.state === "completed") counts[task.run.result === "failure" ? "failed" : "succeeded"] += 1;
    else counts[task.state === "active" ? "active" : "running"] += 1;
  }
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.map(([name, count]) => `${count} ${name}`).join(", ") || "none";
}
