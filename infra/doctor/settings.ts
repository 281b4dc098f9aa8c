/** The stack's settings as its files say them, before there is an engine to read them. */
import { parseStackConfig, type StackConfig } from "../config";
import { readStackConfiguration } from "../stackFiles";
import { fix, ok, type Check, type Finding } from "./check";

export type Settings = {
  /** Of Pulumi.yaml; "" where it cannot be read. */
  readonly project: string;
  /** azure-native's own, where the stack names one. */
  readonly subscriptionId: string | undefined;
} & (
  | { readonly kind: "right"; readonly config: StackConfig }
  | { readonly kind: "wrong"; readonly mistakes: readonly string[] }
);

export const settingsChecks: readonly Check[] = [
  {
    id: "settings",
    title: "the stack's settings",
    place: "here",
    needs: [],
    look: async ({ settings, stack }) => assessSettings(await settings(), stack),
  },
];

/** `folder` holds Pulumi.yaml and Pulumi.STACK.yaml. Whatever is wrong with them is a mistake, not an error. */
export function readSettings(folder: string, stack: string): Settings {
  try {
    const { project, values } = readStackConfiguration(folder, stack, {});
    const prefix = `${project}:`;
    const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
    const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
    const read = parseStackConfig(raw, values["azure-native:location"]);
    const subscriptionId = values["azure-native:subscriptionId"];
    return "mistakes" in read
      ? { kind: "wrong", project, subscriptionId, mistakes: read.mistakes }
      : { kind: "right", project, subscriptionId, config: read.config };
  } catch (error) {
    const mistake = error instanceof Error ? error.message : String(error);
    return { kind: "wrong", project: "", subscriptionId: undefined, mistakes: [mistake] };
  }
}

/** Pure. */
export function assessSettings(settings: Settings, stack: string): Finding {
  if (settings.kind === "right") {
    const { location, vmSize, scaling } = settings.config;
    const nodes =
      scaling.kind === "fixed" ? `${scaling.nodes}` : `${scaling.minNodes} to ${scaling.maxNodes}`;
    return ok(`${nodes} nodes of ${vmSize} in ${location}`);
  }
  const { mistakes } = settings;
  const measured = mistakes.join("; ");
  if (mistakes.some((mistake) => mistake.startsWith("there is no ")))
    return fix(
      measured,
      { command: `pulumi stack init ${stack}` },
      { command: `pulumi config set azure-native:location REGION --stack ${stack}`, note: "writes the file" },
    );
  const keys = mistakes.map((mistake) => /^([A-Za-z][\w:-]*): /.exec(mistake)?.[1]);
  const key = keys.find((found) => found !== undefined) ?? "NAME";
  const isUnknown = mistakes.some((mistake) => mistake.startsWith(`${key}: no such setting`));
  return fix(measured, {
    command: isUnknown
      ? `pulumi config rm ${key} --stack ${stack}`
      : `pulumi config set ${key} VALUE --stack ${stack}`,
  });
}
