/**
 * The real Pulumi engine on a project as a user has it: a copy of this one, so that a test may edit the program, with stacks whose
 * state lies beside it. Pulumi is looked for on PATH, else where `PULUMI_TOOLS_DIR` (default ../shared/tools/pulumi) has a `setup`
 * that unpacks one; where there is none, these tests are skipped aloud.
 */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { userSide, type Who } from "../../local/cloud";
import { project, run, type CommandOptions, type Finished } from "./command";
import type { TestCloud } from "./localCloud";

/** The folder that belongs on PATH; "" where it is on PATH already; undefined where there is no Pulumi. */
function pulumiFolder(): string | undefined {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, "pulumi")));
  if (onPath) return "";
  const setup = join(process.env.PULUMI_TOOLS_DIR ?? resolve(project, "../shared/tools/pulumi"), "setup");
  return existsSync(setup) ? execFileSync(setup, { encoding: "utf8" }).trim() : undefined;
}

const found = pulumiFolder();
export const hasPulumi = found !== undefined;

/** `describe` where there is a Pulumi; else the tests are skipped, and their title says why. */
export function describeWithPulumi(title: string, tests: () => void): void {
  if (found !== undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: no pulumi on PATH, and no setup in PULUMI_TOOLS_DIR)`, tests);
}

/** Documented nowhere else, since it protects nothing. */
const passphrase = "test";

export type Op = "create" | "update" | "delete" | "replace";

export interface Steps {
  /** What is done to each resource, by its logical name; those that stay as they are do not appear. */
  readonly ops: Readonly<Record<string, readonly Op[]>>;
  /** Paths that change, by logical name. */
  readonly changed: Readonly<Record<string, readonly string[]>>;
}

export interface ProjectCopy {
  readonly folder: string;
  /** Made when there is none; without settings it keeps those it has. */
  stack(name: string, settings?: Settings): Promise<Stack>;
  /** A TypeScript entry point of the project. */
  node(script: string, args: readonly string[], options?: CommandOptions): Promise<Finished>;
  /** A command line in the project's folder, as a workflow's step has it. */
  shell(line: string, more: Readonly<Record<string, string>>): Promise<Finished>;
  /** Changes one place of the program; throws when the text is not there exactly once. */
  edit(file: string, before: string, after: string): void;
}

/** Settings of the stack's file, by short name; `azure-native:location` by its whole one. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Stack {
  readonly name: string;
  /** `pulumi COMMAND --stack NAME …`. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<Finished>;
  /** Settings on top of those of before; undefined takes one away. */
  set(settings: Settings): void;
  preview(): Promise<Steps>;
  /** `pulumi up`, which must end well: what it did. */
  up(): Promise<Steps>;
  outputs(): Promise<Record<string, unknown>>;
  /** Puts the state before the last change in the place of the state, by hand as the README tells. */
  restoreState(): void;
  /** `npm run job -- …` on this stack. */
  job(args: readonly string[]): Promise<Finished>;
}

/** A local cloud, and a folder that goes with it. */
type Place = Pick<TestCloud, "cloud" | "folder">;

/** `who` types. Copies are made once a cloud: everybody works in the same one. */
export function copyProject(cloud: Place, who: Who = "operator"): ProjectCopy {
  const folder = join(cloud.folder, "project");
  if (!existsSync(folder)) copyFiles(folder);
  return openProject(cloud, folder, who);
}

export function openProject(cloud: Place, folder: string, who: Who = "operator"): ProjectCopy {
  const state = join(cloud.folder, "pulumi");
  mkdirSync(join(state, "state"), { recursive: true });
  const environment = userSide(process.env, cloud.cloud, who);
  const withPulumi = {
    ...environment,
    PATH: [found, environment.PATH].filter(Boolean).join(delimiter),
    PULUMI_HOME: join(state, "home"),
    PULUMI_BACKEND_URL: `file://${join(state, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    // Types are checked once for all by `npm run types`.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    CI: "true",
    // Pulumi asks who works here, and where no USER says it reads /etc/passwd, which others may be writing.
    USER: process.env.USER ?? "somebody",
  };
  const inProject = { folder, environment: withPulumi };
  return {
    folder,
    stack: (name, settings) => openStack(name, settings, inProject, join(state, "state")),
    node: (script, args, options) =>
      run(process.execPath, ["--require", "tsx/cjs", script, ...args], { ...options, ...inProject }),
    shell: (line, more) =>
      run("bash", ["-e", "-c", line], { folder, environment: { ...withPulumi, ...more } }),
    edit: (file, before, after) => {
      const text = readFileSync(join(folder, file), "utf8");
      if (text.split(before).length !== 2) throw new Error(`${file} has not exactly one: ${before}`);
      writeFileSync(join(folder, file), text.replace(before, after));
    },
  };
}

/** What git has or would take, the packages and the built layers of this project. */
function copyFiles(folder: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  for (const file of listed.split("\0").filter((name) => name !== "" && !name.startsWith("tests/"))) {
    if (!existsSync(join(project, file))) continue; // deleted, and not yet committed
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(project, file), join(folder, file));
  }
  mkdirSync(join(project, ".cache"), { recursive: true });
  for (const shared of ["node_modules", ".cache"]) symlinkSync(join(project, shared), join(folder, shared));
}

async function openStack(
  name: string,
  settings: Settings | undefined,
  { folder, environment }: Required<Pick<CommandOptions, "folder" | "environment">>,
  state: string,
): Promise<Stack> {
  const command = (program: string, args: readonly string[], options: CommandOptions = {}) =>
    run(program, args, { folder, environment, ...options });
  const pulumi = (args: readonly string[], options?: CommandOptions) =>
    command("pulumi", [...args, "--stack", name, "--non-interactive"], options);
  const well = async (finished: Promise<Finished>, what: string): Promise<Finished> => {
    const ended = await finished;
    if (ended.code !== 0)
      throw new Error(
        `${what} ended with ${String(ended.code)}:\n${withoutEvents(ended.stdout)}\n${ended.stderr}`,
      );
    return ended;
  };
  const file = join(folder, `Pulumi.${name}.yaml`);
  const set = (changed: Settings): void => {
    const before = (existsSync(file) ? parse(readFileSync(file, "utf8")) : null) as StackFile | null;
    const own = Object.entries(changed).map(([key, value]) => [
      key.includes(":") ? key : `object-detection:${key}`,
      value,
    ]);
    const config = { ...before?.config, ...(Object.fromEntries(own) as object) };
    writeFileSync(file, stringify({ ...before, config }, { keepUndefined: false }));
  };

  const existing = await pulumi(["stack"]);
  if (existing.code !== 0)
    await well(command("pulumi", ["stack", "init", name, "--non-interactive"]), "init");
  if (settings !== undefined) set({ "azure-native:location": "japaneast", ...settings });
  return {
    name,
    pulumi,
    set,
    preview: async () => previewOf((await well(pulumi(["preview", "--json"]), "preview")).stdout),
    up: async () => stepsOf((await well(pulumi(["up", "--yes", "--skip-preview", "--json"]), "up")).stdout),
    outputs: async () =>
      JSON.parse((await well(pulumi(["stack", "output", "--json"]), "output")).stdout) as Record<
        string,
        unknown
      >,
    restoreState: () => {
      const stateFile = join(state, `.pulumi/stacks/object-detection/${name}.json`);
      copyFileSync(`${stateFile}.bak`, stateFile);
      rmSync(`${stateFile}.attrs`, { force: true });
    },
    job: (args) =>
      command(process.execPath, ["--require", "tsx/cjs", "infra/job/cli.ts", ...args, "--stack", name]),
  };
}

/** Of the events that `--json` prints, only what went wrong: the others are some hundred long lines. */
function withoutEvents(stdout: string): string {
  return stdout
    .split("\n")
    .filter((line) => !line.startsWith('{"sequence"') || line.includes('"severity":"error"'))
    .join("\n");
}

interface StackFile {
  readonly config?: object;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

function previewOf(json: string): Steps {
  return byName((JSON.parse(json) as { steps?: readonly Step[] }).steps ?? []);
}

/** `up --json` prints an event a line; each step is announced before it is taken. */
function stepsOf(events: string): Steps {
  const steps = events
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => (JSON.parse(line) as { resourcePreEvent?: { metadata: Step } }).resourcePreEvent ?? [])
    .map(({ metadata }) => metadata);
  // Of the three steps of a replacement the one that says so, as in a preview.
  return byName(steps.filter(({ op }) => op !== "create-replacement" && op !== "delete-replaced"));
}

function byName(steps: readonly Step[]): Steps {
  const ops: Record<string, Op[]> = {};
  const changed: Record<string, string[]> = {};
  for (const { op, urn, detailedDiff } of steps) {
    const name = urn.split("::").at(-1)!;
    if (op === "same" || op === "read") continue;
    (ops[name] ??= []).push(op as Op);
    changed[name] = [...(changed[name] ?? []), ...Object.keys(detailedDiff ?? {})];
  }
  return { ops, changed };
}
