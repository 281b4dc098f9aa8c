/** The workflows of this repository, as far as tests read them. */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { project } from "./command";

const step = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  if: z.string().optional(),
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  env: z.record(z.string(), z.string()).default({}),
  steps: z.array(step),
});
const workflow = z.object({
  name: z.string(),
  on: z.unknown(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), job),
});

export type WorkflowStep = z.infer<typeof step>;
export type Workflow = z.infer<typeof workflow>;

const folder = join(project, ".github/workflows");
export const workflowFiles = readdirSync(folder).map((name) => join(folder, name));
/** Where a workflow may have steps from. */
export const actionFile = join(project, ".github/actions/setup/action.yml");

/** By file name without its end. */
export const workflows: Readonly<Record<string, Workflow>> = Object.fromEntries(
  workflowFiles.map((file) => [basename(file, ".yml"), workflow.parse(parse(readFileSync(file, "utf8")))]),
);

export function stepsOf({ jobs }: Workflow): WorkflowStep[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** The command lines of a workflow that name one of our scripts. */
export function scriptLines(name: string): string[] {
  return stepsOf(workflows[name]!).flatMap(({ run }) =>
    run !== undefined && /^npm (run|test|start)/.test(run) ? [run] : [],
  );
}

/** `npm run --silent review -- …` → `review`; undefined for what is npm's own, such as `npm ci`. */
export function scriptOf(line: string): string | undefined {
  return /^npm (?:run (?:--silent )?(\S+)|(test|start)\b)/.exec(line)?.slice(1).find(Boolean);
}
