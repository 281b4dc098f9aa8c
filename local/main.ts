/** Entry point of the local cloud: `start`, `serve` and `exec`. */
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { typedPath, wholeNumber } from "../worker/contract/commandLine";
import { exitCode } from "../worker/contract/exitCode";
import { watchInterruption } from "../worker/contract/interruption";
import { UsageError } from "../worker/contract/runCommand";
import { type FaultsWish, readFaults, tellFaults } from "./faults/command";
import { type FaultSettings, noFaults } from "./faults/settings";
import { isPrincipalName, type PrincipalName, principalNames } from "./principals";
import { exec, faultsAddressFile, serve } from "./serve";
import { start } from "./start";

const project = resolve(__dirname, "..");
/** Daemons end with this process, so insisting may simply exit. */
const interruption = watchInterruption(
  () => console.error("\nstopping …"),
  (code) => process.exit(code),
);

const path = typedPath(process.env);

const principal = (name: string): PrincipalName => {
  if (isPrincipalName(name)) return name;
  throw new InvalidArgumentError(`Expected one of ${principalNames.join(", ")}.`);
};

interface ExecOptions {
  readonly as: PrincipalName;
  readonly oidc: boolean;
  readonly roleDelay: number;
  readonly autoscaleSpeed: number;
  readonly faults: FaultSettings;
}

interface ServeFlags extends Omit<ExecOptions, "as" | "oidc"> {
  readonly port?: number;
}

interface StartFlags {
  readonly images?: string;
  readonly model?: string;
  readonly nodes?: number;
  readonly out: string;
  readonly keep: boolean;
  readonly chaos?: number;
}

/** Faults on purpose: local/README.md. */
const faultsOption = (): Option =>
  new Option("--faults <file.json>", "faults on purpose")
    .argParser((file: string) => readFaults(path(file)))
    .default(noFaults, "none");

/** Azure RBAC: up to ten minutes. */
const roleDelay = (): Option =>
  new Option("--role-delay <seconds>", "seconds until a new role takes effect")
    .argParser(wholeNumber(0, 600))
    .default(0);

/** 30 makes 10 s of Azure's shortest interval. */
const autoscaleSpeed = (): Option =>
  new Option("--autoscale-speed <n>", "how many times as fast as Azure pools scale by their formula")
    .argParser(wholeNumber(1, 1000))
    .default(30);

function commands(): Command {
  const program = new Command("local")
    .description("Azure, as far as this program needs it, on this machine")
    .exitOverride();
  program
    .command("start")
    .description("run the whole deployment once: stack, job, results")
    .option("--images <folder>", "pictures to run detection on", path)
    .option("--model <file.onnx>", "a YOLOv8-family detection model", path)
    .option("--nodes <n>", "nodes of the pool", wholeNumber(1, 100))
    .option("--out <folder>", "where results go", path, resolve(project, "out"))
    .option("--keep", "leave the cloud up until Ctrl-C", false)
    .option(
      "--chaos <seed>",
      "under a mix of faults; the same seed, the same mix",
      wholeNumber(0, 0xffff_ffff),
    )
    .action(async (given: StartFlags) => {
      const { images, model, nodes, out, keep, chaos } = given;
      process.exitCode = await start(
        { project, images, model, nodes, out, keep, chaos },
        process.env,
        interruption.signal,
      );
    });
  program
    .command("serve")
    .description("the local cloud in the foreground; state is kept in .local/serve")
    .option("--port <n>", "first port of its services", wholeNumber(1024, 65_000))
    .addOption(roleDelay())
    .addOption(autoscaleSpeed())
    .addOption(faultsOption())
    .option("--verbose", "tell each request on stderr", false)
    .action(async (given: ServeFlags & { readonly verbose: boolean }) => {
      const { port, roleDelay, autoscaleSpeed, faults, verbose } = given;
      const options = { project, port, roleDelayMs: roleDelay * 1000, autoscaleSpeed, faults, verbose };
      await serve(options, process.env, interruption.signal);
    });
  program
    .command("exec")
    .description("the local cloud around a command; the exit code is the command's")
    .argument("<command...>", "after --")
    .option("--as <name>", `in whose name: ${principalNames.join(", ")}`, principal, "operator" as const)
    .option("--oidc", "sign in as a job of a workflow does; with --as pipeline", false)
    .addOption(roleDelay())
    .addOption(autoscaleSpeed())
    .addOption(faultsOption())
    .action(async (command: [string, ...string[]], given: ExecOptions, itself: Command) => {
      if (given.oidc && given.as !== "pipeline")
        itself.error("error: --oidc is for --as pipeline: people have no workflow.");
      const options = {
        project,
        port: undefined,
        roleDelayMs: given.roleDelay * 1000,
        autoscaleSpeed: given.autoscaleSpeed,
        faults: given.faults,
      };
      const { signal } = interruption;
      process.exitCode = await exec(
        options,
        given.oidc ? "pipelineJob" : given.as,
        path("."),
        command,
        process.env,
        signal,
      );
    });
  program
    .command("faults")
    .description("look at the faults of the cloud that runs, or set them")
    .argument("[file]", "settings to set, as JSON; - is stdin")
    .option("--none", "no faults any more", false)
    .option("--json", "print one JSON object on stdout", false)
    .action(async (file: string | undefined, given: { none: boolean; json: boolean }, itself: Command) => {
      if (file !== undefined && given.none) itself.error("error: faults takes either a file or --none.");
      const wish: FaultsWish =
        file !== undefined
          ? { kind: "file", file: file === "-" ? file : path(file) }
          : { kind: given.none ? "none" : "look" };
      console.log(await tellFaults(faultsAddressFile(project), wish, given.json));
    });
  return program;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// A fault that no command waits for, such as a full disk under the cloud's state. Daemons and tasks end with this process.
for (const fault of ["uncaughtException", "unhandledRejection"])
  process.on(fault, (error: unknown) => {
    console.error(`error: the local cloud failed and ends: ${sentence(error)}`);
    process.exit(exitCode.actionNeeded);
  });

commands()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
      return;
    }
    if (error instanceof UsageError) {
      console.error(error.message);
      process.exitCode = exitCode.usage;
      return;
    }
    console.error(`error: ${sentence(error)}`);
    process.exitCode = exitCode.actionNeeded;
  })
  // Whatever the interrupted command made of it, the exit code says that it was interrupted.
  .finally(() => (process.exitCode = interruption.exitCode ?? process.exitCode));
