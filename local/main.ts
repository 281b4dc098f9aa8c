/** Entry point of the local cloud: `start`, `serve` and `exec`. */
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { typedPath, wholeNumber } from "../worker/contract/commandLine";
import { exitCode } from "../worker/contract/exitCode";
import { watchInterruption } from "../worker/contract/interruption";
import { isPrincipalName, type PrincipalName, principalNames } from "./principals";
import { exec, serve } from "./serve";
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
}

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
    .action(
      async (given: { images?: string; model?: string; nodes?: number; out: string; keep: boolean }) => {
        const { images, model, nodes, out, keep } = given;
        process.exitCode = await start(
          { project, images, model, nodes, out, keep },
          process.env,
          interruption.signal,
        );
      },
    );
  program
    .command("serve")
    .description("the local cloud in the foreground; state is kept in .local/serve")
    .option("--port <n>", "first port of its services", wholeNumber(1024, 65_000))
    .addOption(roleDelay())
    .addOption(autoscaleSpeed())
    .option("--verbose", "tell each request on stderr", false)
    .action(async (given: { port?: number; roleDelay: number; autoscaleSpeed: number; verbose: boolean }) => {
      const { port, roleDelay, autoscaleSpeed, verbose } = given;
      const options = { project, port, roleDelayMs: roleDelay * 1000, autoscaleSpeed, verbose };
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
    .action(async (command: [string, ...string[]], given: ExecOptions, itself: Command) => {
      if (given.oidc && given.as !== "pipeline")
        itself.error("error: --oidc is for --as pipeline: people have no workflow.");
      const options = {
        project,
        port: undefined,
        roleDelayMs: given.roleDelay * 1000,
        autoscaleSpeed: given.autoscaleSpeed,
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
    console.error(`error: ${sentence(error)}`);
    process.exitCode = exitCode.actionNeeded;
  })
  // Whatever the interrupted command made of it, the exit code says that it was interrupted.
  .finally(() => (process.exitCode = interruption.exitCode ?? process.exitCode));
