/** Whether the names that are unique in the world, or in a region, are free or this stack's already. */
import { z } from "zod";
import type { StackIdentity } from "../naming";
import { batchApiVersion } from "./batchAccount";
import { fix, ok, warning, type Check, type Finding } from "./check";
import { resourceGroupOf } from "./group";
import { providerCheck } from "./providers";
import { regionPath } from "./region";
import type { Surroundings } from "./surroundings";
import { whoseTags } from "./tags";

const availability = z.object({
  nameAvailable: z.boolean(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
export type Availability = z.infer<typeof availability>;

const taken = z.object({ id: z.string(), tags: z.record(z.string(), z.string()).nullish() });
export type Taken = z.infer<typeof taken>;

const storageApiVersion = "2024-01-01";

export const nameChecks: readonly Check[] = [
  {
    id: "storage-name",
    title: "the storage account's name",
    place: "cloud",
    needs: ["settings", providerCheck("Microsoft.Storage")],
    look: async (surroundings) => {
      if ((await surroundings.config()).storageAccount.kind === "existing")
        return ok("the stack makes none: storageAccount names the team's");
      const { storageAccount: name } = await surroundings.names();
      const type = "Microsoft.Storage/storageAccounts";
      const path = `/subscriptions/${await surroundings.subscriptionId()}/providers/Microsoft.Storage/checkNameAvailability`;
      return look(surroundings, { name, type, path, apiVersion: storageApiVersion });
    },
  },
  {
    id: "batch-name",
    title: "the Batch account's name",
    place: "cloud",
    needs: ["region"],
    look: async (surroundings) => {
      const { batchAccount: name } = await surroundings.names();
      const region = regionPath((await surroundings.config()).location);
      const type = "Microsoft.Batch/batchAccounts";
      const path = `/subscriptions/${await surroundings.subscriptionId()}/providers/Microsoft.Batch/locations/${region}/checkNameAvailability`;
      return look(surroundings, { name, type, path, apiVersion: batchApiVersion });
    },
  },
];

interface Question {
  readonly name: string;
  /** "Microsoft.Batch/batchAccounts". */
  readonly type: string;
  readonly path: string;
  readonly apiVersion: string;
}

async function look(
  surroundings: Surroundings,
  { name, type, path, apiVersion }: Question,
): Promise<Finding> {
  const { arm, identity, stack } = surroundings;
  const answer = await arm.post(path, apiVersion, { name, type }, availability);
  const group = await resourceGroupOf(surroundings);
  const own = answer.nameAvailable
    ? null
    : await arm.find(`${group.id}/providers/${type}/${name}`, apiVersion, taken);
  return assessName(name, answer, own, await identity(), stack);
}

/** Pure. `own`: what has the name in the stack's resource group. */
export function assessName(
  name: string,
  { nameAvailable, reason, message }: Availability,
  own: Taken | null,
  identity: Pick<StackIdentity, "project" | "stack">,
  stack: string,
): Finding {
  if (nameAvailable) return ok(`${name} is free`);
  const rename = {
    command: `pulumi stack rename NAME --stack ${stack}`,
    note: "the names follow from subscription, project and stack",
  };
  if (own === null)
    return fix(`${name} is taken by somebody else (${message ?? reason ?? "no reason was given"})`, rename);
  return whoseTags(own.tags, identity) === "this stack's"
    ? ok(`${name} is this stack's already`)
    : warning(
        `${name} is in the stack's group and not tagged as this stack's: pulumi up refuses it unless it is in the stack's state`,
        {
          command: `pulumi stack --show-ids --stack ${stack} | grep ${name}`,
          note: "whether it is; if not, delete it or rename the stack",
        },
      );
}
