/** What Pulumi tells of the stack that runs: its settings, and the end of the program where they are wrong. */
import * as pulumi from "@pulumi/pulumi";
import { parseStackConfig, subscriptionMistakes, type StackConfig } from "./config";

/** The settings of the stack that runs. Throws a RunError, which Pulumi prints without a stack trace. */
export function readStackConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  const read = parseStackConfig(raw, new pulumi.Config("azure-native").get("location"));
  if ("mistakes" in read) throw attentionNeeded(read.mistakes);
  return read.config;
}

/** Throws a RunError when what the team has already cannot be used from the subscription that the stack is deployed to. */
export function requireSameSubscription(config: StackConfig, subscriptionId: string): void {
  const mistakes = subscriptionMistakes(config, subscriptionId);
  if (mistakes.length > 0) throw attentionNeeded(mistakes);
}

function attentionNeeded(mistakes: readonly string[]): pulumi.RunError {
  const lines = mistakes.map((line) => `  ${line}`);
  return new pulumi.RunError([`Pulumi.${pulumi.getStack()}.yaml needs your attention:`, ...lines].join("\n"));
}
