/**
 * The user's side of `npm start`: runs the unchanged Pulumi program without the Pulumi CLI. Every resource it declares is
 * created on the ARM side; dynamic resources run their own providers here, as in Pulumi's engine. Create only: previews,
 * updates and deletes are the engine's business.
 */
import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Command, CommanderError } from "commander";
import { detectionJobProvider } from "../infra/detectionJob";
import program from "../infra/index";
import { layerProvider } from "../infra/layers";
import { seedImagesProvider } from "../infra/seedImages";
import { readStackConfiguration } from "../infra/stackFiles";
import { type ArmClient, openArm } from "./armClient";
import { FirstFailure } from "./firstFailure";

/** What this step uses of a dynamic provider; the inputs are what the program itself declared for it. */
interface DynamicProvider {
  check(olds: object, news: never): Promise<{ readonly inputs: object }>;
  create(inputs: never): Promise<{ readonly id: string; readonly outs: object }>;
}

/** The dynamic resources of the program, by type token. */
const dynamicProviders: Readonly<Record<string, DynamicProvider | undefined>> = {
  "pulumi-nodejs:dynamic/detect:Layer": layerProvider,
  "pulumi-nodejs:dynamic/detect:SeedImages": seedImagesProvider,
  "pulumi-nodejs:dynamic/detect:DetectionJob": detectionJobProvider,
};

interface ApplyOptions {
  readonly stack: string;
  readonly settings: string;
  readonly outputs: string;
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command("apply")
    .description("apply the stack to the local cloud")
    .requiredOption("--stack <name>", "whose Pulumi.<name>.yaml is read")
    .requiredOption("--settings <json>", "settings that win over the stack's own")
    .requiredOption("--outputs <file>", "where the stack's outputs are written")
    .exitOverride();
  const options = command.parse(argv).opts<ApplyOptions>();
  const outputs = await apply(options, openArm(process.env));
  writeFileSync(options.outputs, JSON.stringify(outputs, undefined, 2));
}

async function apply(options: ApplyOptions, arm: ArmClient): Promise<unknown> {
  const failure = new FirstFailure();
  const configuration = readStackConfiguration(
    process.cwd(),
    options.stack,
    JSON.parse(options.settings) as object as Record<string, unknown>,
  );
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => failure.guard(() => create(resource, arm)),
      call: ({ token, inputs }) => failure.guard(() => arm.call(token, inputs as object)),
    },
    configuration.project,
    options.stack,
    false,
  );
  pulumi.runtime.setAllConfig({ ...configuration.values });

  const run = pulumi.runtime.runInPulumiStack(program);
  const outputs = await Promise.race([run, failure.happened]);
  const known = await promiseOf(pulumi.output(outputs));
  await pulumi.runtime.disconnect();
  return known;
}

async function create(
  resource: pulumi.runtime.MockResourceArgs,
  arm: ArmClient,
): Promise<{ id: string; state: object }> {
  const started = performance.now();
  const report = (what: string): void => {
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `  + ${resource.type.replace(/^(azure-native:|pulumi-nodejs:dynamic\/)/, "").padEnd(38)} ${resource.name} ${what} (${seconds.toFixed(1)} s)`,
    );
  };
  // A component is nothing of its own in the cloud.
  if (resource.custom === false) return { id: resource.name, state: resource.inputs as object };
  const provider = dynamicProviders[resource.type];
  try {
    if (provider === undefined) {
      const created = await arm.create(resource.type, await checkedInputs(resource, arm));
      report("created");
      return { id: created.id, state: { ...created.outputs } };
    }
    const { inputs } = await provider.check({}, resource.inputs as never);
    const created = await provider.create(inputs as never);
    report("created");
    return { id: created.id, state: created.outs };
  } catch (error) {
    throw new Error(
      `${resource.type} "${resource.name}": ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** As Pulumi's engine asks the provider before it creates. */
async function checkedInputs(
  { type, name, inputs }: pulumi.runtime.MockResourceArgs,
  arm: ArmClient,
): Promise<object> {
  const news = plainInputs(inputs as object);
  const checked = await arm.check({ type, name, olds: {}, news, autonaming: { kind: "default" } });
  if (checked.failures.length === 0) return checked.inputs;
  throw new Error(checked.failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
}

/** Inputs as JSON: a secret, which Pulumi wraps, is unwrapped for the cloud. */
function plainInputs(inputs: object): object {
  const secretKey = "4dabf18193072939515e22adb298388d";
  return JSON.parse(
    JSON.stringify(inputs, (_key, value: unknown) =>
      value !== null && typeof value === "object" && secretKey in value && "value" in value
        ? value.value
        : value,
    ),
  ) as object;
}

function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

main(process.argv).then(
  () => process.exit(0),
  (error: unknown) => {
    if (!(error instanceof CommanderError)) {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    }
    // The pending promises of a failed program are meant to be abandoned.
    process.exit(error instanceof CommanderError ? 2 : 1);
  },
);
