/** Which subscription a deploy goes to, and whether it takes one. */
import { z } from "zod";
import { ArmRefusal } from "./arm";
import { fix, ok, warning, type Check, type Finding } from "./check";
import type { Said } from "./programs";
import type { Settings } from "./settings";
import type { Surroundings } from "./surroundings";

export type NamedSubscription =
  { readonly kind: "named"; readonly id: string; readonly by: string } | { readonly kind: "none" };

const apiVersion = "2022-12-01";
const subscription = z.object({ subscriptionId: z.string(), displayName: z.string(), state: z.string() });
export type Subscription = z.infer<typeof subscription>;

export const subscriptionChecks: readonly Check[] = [
  {
    id: "subscription",
    title: "the subscription",
    place: "cloud",
    needs: ["login"],
    look: async (surroundings) => {
      const named = await surroundings.named();
      return named.kind === "none" ? unnamed(surroundings) : look(named.id, named.by, surroundings);
    },
  },
];

/** As azure-native looks for it: the stack's file, the environment, the Azure CLI's choice. */
export async function namedSubscription(
  settings: Settings,
  variable: string | undefined,
  azSays: () => Promise<Said>,
): Promise<NamedSubscription> {
  if (settings.subscriptionId) return { kind: "named", id: settings.subscriptionId, by: "the stack's file" };
  if (variable) return { kind: "named", id: variable, by: "ARM_SUBSCRIPTION_ID" };
  const said = await azSays();
  return said.kind === "said" && said.stdout !== ""
    ? { kind: "named", id: said.stdout, by: "az account" }
    : { kind: "none" };
}

async function look(id: string, by: string, { arm, endpoint }: Surroundings): Promise<Finding> {
  try {
    return assessSubscription(await arm.get(`/subscriptions/${id}`, apiVersion, subscription), by);
  } catch (error) {
    if (!(error instanceof ArmRefusal)) {
      const reason = error instanceof Error ? error.message : String(error);
      return fix(`no answer from ${endpoint}: ${reason.split("\n", 1)[0]!}`, {
        command: `curl -sS -o /dev/null -w '%{http_code}\\n' ${endpoint}`,
        note: "until it prints a number: HTTPS_PROXY, NODE_EXTRA_CA_CERTS, the firewall",
      });
    }
    if (error.status === 429 || error.status >= 500) throw error;
    return fix(
      `${id} (by ${by}): ${error.message}`,
      { command: "az account list --output table", note: "which there are" },
      { command: "az account set --subscription ID && export ARM_SUBSCRIPTION_ID=ID" },
    );
  }
}

async function unnamed({ arm }: Surroundings): Promise<Finding> {
  const visible = await arm.list("/subscriptions", apiVersion, subscription);
  const enabled = visible.filter(({ state }) => state === "Enabled");
  const [first] = enabled;
  const known = enabled.map(({ subscriptionId, displayName }) => `${displayName} (${subscriptionId})`);
  return fix(`none is named; this login sees ${known.length === 0 ? "none" : known.join(", ")}`, {
    command: `export ARM_SUBSCRIPTION_ID=${enabled.length === 1 ? first!.subscriptionId : "ID"}`,
  });
}

/** Pure. Azure: "Azure subscription states": Disabled and Deleted ones are read-only, PastDue and Warned ones still work. */
export function assessSubscription(
  { subscriptionId, displayName, state }: Subscription,
  by: string,
): Finding {
  const measured = `${displayName} (${subscriptionId}, by ${by})`;
  if (state === "Enabled") return ok(measured);
  const remedy = {
    command: "az account list --output table",
    note: "choose one that is Enabled, or ask its owner",
  };
  return state === "Warned" || state === "PastDue"
    ? warning(`${measured} is ${state}`, remedy)
    : fix(`${measured} is ${state}`, remedy);
}
