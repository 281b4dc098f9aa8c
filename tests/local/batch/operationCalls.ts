/** Each operation of the service as a bare call on the tests' pool, job, task and node, with the smallest body that it takes. */
import { BatchServiceMappers } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";
import type { Operation } from "../../../local/batch/routes";

/** Where the fixtures' things are. */
const ids: Readonly<Record<string, string>> = {
  poolId: "pool",
  nodeId: "node",
  jobId: "job",
  taskId: "task",
  jobScheduleId: "schedule",
  applicationId: "application",
  userName: "user",
  extensionName: "extension",
  "*": "stdout.txt",
};

const bodies: Readonly<Record<string, object>> = {
  "pool.patch": { metadata: [] },
  "pool.enableAutoScale": { autoScaleFormula: "$TargetDedicatedNodes = 0;" },
  "pool.resize": { targetDedicatedNodes: 0 },
  "pool.removeNodes": { nodeList: ["node"] },
  "job.patch": { priority: 1 },
  "job.update": { poolInfo: { poolId: "pool" } },
  "job.disable": { disableTasks: "requeue" },
  "task.update": { constraints: {} },
};

export const pathOf = ({ path }: Operation, given: Readonly<Record<string, string>> = {}): string =>
  path.replace(/:(\w+)|\*/g, (whole, name: string | undefined) => {
    const key = name ?? whole;
    const id = given[key] ?? ids[key];
    if (id === undefined) throw new Error(`the tests have no ${key} for ${path}`);
    return id;
  });

export const bodyOf = ({ name }: Operation): object | undefined => bodies[name];

/** Names of what the SDK knows an operation by beside its body: `Options`, which it can be asked with, or the `Headers` of its answer. */
export function sdkNames({ name }: Operation, what: "Options" | "Headers"): ReadonlySet<string> {
  const model = `${name.replace(/(^|\.)(\w)/g, (_all, _dot, letter: string) => letter.toUpperCase())}${what}`;
  const mapper = (BatchServiceMappers as Readonly<Record<string, Mapper | undefined>>)[model];
  const { modelProperties = {} } = (mapper?.type ?? {}) as { modelProperties?: Record<string, Mapper> };
  return new Set(Object.keys(modelProperties));
}
