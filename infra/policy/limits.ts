/**
 * Rules for what Batch runs: nothing runs, repeats or stays for ever. They judge the bodies of jobs and tasks (Batch REST) wherever a
 * resource's inputs hold them: a pool's start task, a job that a dynamic resource declares.
 */
import type { Rule } from "./rule";
import { isObject, valueAt } from "./subject";

const wallClock = "constraints.maxWallClockTime";
const retries = "constraints.maxTaskRetryCount";
const retention = "constraints.retentionTime";

/** What each body must set, by the property that holds it. */
const limitsOf: Readonly<Record<string, readonly string[]>> = {
  startTask: ["maxTaskRetryCount"],
  jobPreparationTask: [wallClock, retries, retention],
  jobManagerTask: [wallClock, retries, retention],
  jobReleaseTask: ["maxWallClockTime", "retentionTime"],
};

const limits: Rule = {
  name: "batch-limits",
  enforcement: "mandatory",
  why: "A task that hangs or fails for ever keeps its nodes and its job, and files that stay 7 days, the default, fill a node's disk.",
  fix: "Set maxWallClockTime, maxTaskRetryCount (not -1, which is for ever) and retentionTime, as infra/job/tasks.ts does.",
  check: ({ inputs }) => bodiesIn(inputs, "").flatMap(missingLimits),
};

interface Body {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly limits: readonly string[];
}

function bodiesIn(value: unknown, path: string): Body[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => bodiesIn(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = limitsFor(path.split(".").at(-1) ?? "", value);
  const inner = Object.entries(value).flatMap(([key, part]) => bodiesIn(part, path ? `${path}.${key}` : key));
  return own === undefined ? inner : [{ path, content: value, limits: own }, ...inner];
}

/** Batch REST: a job and the template of a schedule's jobs have a poolInfo, a task an id and a command line. */
function limitsFor(key: string, body: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const named = limitsOf[key];
  if (named !== undefined) return named;
  if (isObject(body.poolInfo)) return [wallClock, retries];
  return typeof body.commandLine === "string" && "id" in body ? [wallClock, retries, retention] : undefined;
}

function missingLimits({ path, content, limits: wanted }: Body): string[] {
  const where = path === "" ? "" : `${path}: `;
  return wanted.flatMap((limit) => {
    const value = valueAt(content, limit);
    const name = limit.split(".").at(-1)!;
    if (value === undefined || value === null) return [`${where}${name} is not set`];
    return value === -1 ? [`${where}${name} is -1, which is for ever`] : [];
  });
}

export const limitRules: readonly Rule[] = [limits];
