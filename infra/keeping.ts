/** Options of the resources that hold data, from what the settings say about keeping it. */
import type * as pulumi from "@pulumi/pulumi";
import type { Keeping } from "./config";

type KeepingOptions = Pick<pulumi.CustomResourceOptions, "protect" | "retainOnDelete" | "ignoreChanges">;

/**
 * Results are in a container, in an account, in a group. Azure moves neither account nor group to another region: a new one would take
 * the results along, or find its name taken by the old one. So kept ones stay where they are when the rest moves.
 */
export function keptOptions({ protect, retainResults }: Keeping): KeepingOptions {
  return { protect, retainOnDelete: retainResults, ignoreChanges: retainResults ? ["location"] : [] };
}

export function containerOptions(
  key: "input" | "output" | "layers",
  { protect, retainResults }: Keeping,
): KeepingOptions {
  switch (key) {
    case "input":
      return { protect };
    case "output":
      return { protect, retainOnDelete: retainResults };
    case "layers":
      return {}; // every deploy can make them again
    default: {
      const never: never = key;
      throw new Error(`Unknown container: ${String(never)}`);
    }
  }
}
