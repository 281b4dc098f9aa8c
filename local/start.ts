/** `npm start`: local cloud up, stack applied, its job followed, results fetched, cloud down. */
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readStackConfiguration } from "../infra/stackFiles";
import { exitCode } from "../worker/contract/exitCode";
import { makeFolder } from "../worker/contract/folder";
import { isImageName } from "../worker/contract/imageName";
import { runForeground, type Shown } from "./child";
import { type LocalCloud, programsFolder, startLocalCloud, userSide } from "./cloud";
import { writeEnvironmentFile } from "./environmentFile";
import { chaosOf } from "./faults/chaos";
import { Faults } from "./faults/faults";
import { faultLines } from "./faults/words";
import { takeLock } from "./lock";
import { removeFolder } from "./removal";

export interface StartOptions {
  /** The project's folder. */
  readonly project: string;
  /** Absolute; undefined leaves the stack's own setting. */
  readonly images: string | undefined;
  readonly model: string | undefined;
  readonly nodes: number | undefined;
  /** Absolute. */
  readonly out: string;
  /** Leaves the cloud up until Ctrl-C. */
  readonly keep: boolean;
  /** Seed of the faults to run under; undefined: none. */
  readonly chaos: number | undefined;
}

/** What a run takes: layers unpacked on two nodes, archives, pictures. */
const diskNeededBytes = 2e9;
/** What results and report write; a later run replaces them. */
const written = ["annotated", "results.ndjson", "summary.json", "run.json", "report.html"];

/** Returns the exit code of the command; throws a sentence when it cannot begin. */
export async function start(
  options: StartOptions,
  environment: Readonly<Record<string, string | undefined>>,
  interrupted: AbortSignal,
): Promise<number> {
  checkInputs(options);
  const startedMs = performance.now();
  const folder = join(options.project, ".local", "start");
  const release = takeLock(
    join(options.project, ".local", "start.lock"),
    "`npm start`",
    "wait for its end or end it",
  );
  let cloud: LocalCloud | undefined;
  try {
    await removeFolder(folder);
    const faults = new Faults(
      options.chaos === undefined ? undefined : chaosOf(options.chaos, nodesOf(options)),
    );
    step("starting the local cloud");
    cloud = await startLocalCloud({
      folder,
      port: undefined,
      nodeBootMs: 1000,
      // An evaluation in 10 s instead of 5 minutes.
      autoscaleSpeed: 30,
      defaultAccounts: false,
      roleDelayMs: 0,
      faults,
      environment,
    });
    if (interrupted.aborted) return exitCode.interrupted;
    const { code, hasResults } = await story(options, userSide(environment, cloud), interrupted);
    if (hasResults) announce(options, code, startedMs);
    if (options.chaos !== undefined) tellChaos(options.chaos, faults);
    if (options.keep) await keepUntil(interrupted, options, cloud, folder);
    return code;
  } finally {
    try {
      await cloud?.stop();
      await removeFolder(folder);
    } finally {
      release();
    }
  }
}

interface Told {
  readonly code: number;
  readonly hasResults: boolean;
}

/**
 * The commands of the user's side, in order; each a process of its own, as against Azure. A run that ended badly still has its
 * results fetched: what is done is done.
 */
async function story(
  options: StartOptions,
  environment: Readonly<Record<string, string | undefined>>,
  interrupted: AbortSignal,
): Promise<Told> {
  const target = join(options.project, ".local", "start", "target.json");
  const settings = { seedFolder: options.images, modelFile: options.model, ...nodesAtOnce(options) };
  const node = async (script: string, args: readonly string[], shown?: Shown): Promise<number> => {
    if (interrupted.aborted) return exitCode.interrupted;
    return runForeground({
      command: process.execPath,
      args: ["--require", "tsx/cjs", join(options.project, script), ...args],
      folder: options.project,
      environment,
      interrupted,
      shown,
    });
  };
  const job = (args: readonly string[], shown?: Shown): Promise<number> =>
    node("infra/job/cli.ts", [...args, "--target", target], shown);

  step('applying the stack "dev"');
  const applied = await node("local/apply.ts", [
    ...["--stack", "dev", "--settings", JSON.stringify(settings)],
    ...["--outputs", target],
  ]);
  if (applied !== 0) return { code: applied, hasResults: false };

  step("following the job");
  const followed = await job(["status", "--wait"]);
  if (interrupted.aborted) return { code: followed, hasResults: false };

  // What came back is put together here, so that a run without results takes nothing away from an earlier one.
  const fetched = join(options.project, ".local", "start", "out");
  const badEnd = followed !== exitCode.ok && followed !== exitCode.someFailed;
  if (!badEnd) step(`fetching the results into ${shortPath(options.project, options.out)}`);
  // After a bad end what the command before said is the reason, and should stay the last word.
  const got = await job(["results", "--out", fetched], badEnd ? "nothing" : "errors");
  if (isEmpty(join(fetched, "results.ndjson"))) return { code: badEnd ? followed : got, hasResults: false };
  const reported = await job(["report", "--no-open", "--out", fetched]);
  for (const name of written) replace(join(fetched, name), join(options.out, name));
  return { code: followed === exitCode.ok ? reported : followed, hasResults: true };
}

/** Moves a result to its place; a file of an earlier run there gives way, and one that this run has not goes. */
function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

function checkInputs(options: StartOptions): void {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `the local cloud runs on Linux x64 only, this is ${process.platform} ${process.arch}; deploying to Azure with \`pulumi up\` works from here`,
    );
  }
  if (options.model !== undefined && !isFile(options.model))
    throw new Error(`--model: there is no file ${options.model}`);
  if (options.images !== undefined) checkFolder(options.images);
  checkOut(options.out);
  const { bavail, bsize } = statfsSync(options.project);
  if (bavail * bsize < diskNeededBytes) {
    const free = Math.round((bavail * bsize) / 1e6);
    throw new Error(
      `${options.project} has ${free} MB of free disk; a run takes about ${diskNeededBytes / 1e9} GB`,
    );
  }
}

/** Before the run, not after it; and `annotated/` is replaced only where a run's record says whose it is. */
function checkOut(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new Error(`--out: ${(error as Error).message}`, { cause: error });
  }
  if (existsSync(join(folder, "annotated")) && !existsSync(join(folder, "run.json")))
    throw new Error(`--out: ${folder} has a folder annotated/ that is not of a run; choose another folder`);
}

function checkFolder(folder: string): void {
  if (!existsSync(folder)) throw new Error(`--images: there is no folder ${folder}`);
  if (!statSync(folder).isDirectory()) throw new Error(`--images: ${folder} is not a folder`);
  try {
    if (readdirSync(folder, { recursive: true }).some((name) => isImageName(String(name)))) return;
  } catch (error) {
    throw new Error(`--images: ${folder} cannot be read`, { cause: error });
  }
  throw new Error(`--images: there are no pictures in ${folder}`);
}

/**
 * A pool of fixed size, also where the stack's scales by itself: nodes cost nothing here, and boot while the pictures are uploaded instead
 * of after the job is submitted.
 */
function nodesAtOnce({ nodes }: StartOptions): {
  scaling: string;
  spotShare: string;
  poolNodes: number | undefined;
} {
  return { scaling: "fixed", spotShare: "0", poolNodes: nodes };
}

function nodesOf(options: StartOptions): number {
  const { project: name, values } = readStackConfiguration(options.project, "dev", nodesAtOnce(options));
  return Number(values[`${name}:poolNodes`]);
}

function tellChaos(seed: number, faults: Faults): void {
  const lines = faultLines(faults.settings, faults.injected()).map((line) => `  ${line}`);
  console.log(["", `Faults on purpose, again with --chaos ${seed}:`, ...lines].join("\n"));
}

function isEmpty(file: string): boolean {
  return !existsSync(file) || statSync(file).size === 0;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function step(what: string): void {
  console.log(`\n▸ ${what}`);
}

function announce(options: StartOptions, code: number, startedMs: number): void {
  const whole = code === exitCode.ok || code === exitCode.someFailed;
  const shown = (name: string): string => join(shortPath(options.project, options.out), name);
  console.log(
    [
      "",
      `${whole ? "Finished in" : "Ended, incomplete, after"} ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`,
      `  detections  ${shown("results.ndjson")}`,
      ...(existsSync(join(options.out, "annotated")) ? [`  pictures    ${shown("annotated/")}`] : []),
      `  report      ${shown("report.html")}`,
      ...(options.model === undefined
        ? [
            "Next, your own model and pictures (assets/MODELS.md): npm start -- --model MODEL.onnx --images FOLDER",
          ]
        : []),
      "The same program on Azure (README.md):                    pulumi up",
    ].join("\n"),
  );
}

/** Relative to the project where it lies inside. */
function shortPath(project: string, path: string): string {
  const inside = relative(project, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}

async function keepUntil(
  interrupted: AbortSignal,
  options: StartOptions,
  cloud: LocalCloud,
  folder: string,
): Promise<void> {
  const file = join(folder, "env.sh");
  writeEnvironmentFile(file, cloud.userEnvironment, programsFolder);
  const shown = (path: string): string => shortPath(options.project, path);
  console.log(
    [
      "\nThe local cloud stays up until Ctrl-C. In another terminal:",
      `  . ${shown(file)}`,
      `  npm run job -- status --target ${shown(join(folder, "target.json"))}`,
    ].join("\n"),
  );
  if (!interrupted.aborted) await once(interrupted, "abort");
}
