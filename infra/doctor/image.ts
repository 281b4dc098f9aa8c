/** Whether Batch supports the nodes' image, and for how long. */
import type { BatchServiceModels } from "@azure/batch";
import { nodeAgentSkuId, nodeImage } from "../nodeImage";
import { fix, ok, unchecked, warning, type Check, type Finding } from "./check";
import { dayOf, daysUntil, warnedDays } from "./date";
import type { Surroundings } from "./surroundings";

type Image = Pick<
  BatchServiceModels.ImageInformation,
  "nodeAgentSKUId" | "imageReference" | "verificationType" | "batchSupportEndOfLife"
>;

/** What is known of images where no account can be asked: Azure/Batch#200 and its list of supported images. */
const dated = {
  asOf: "2026-11",
  ends: { "ubuntu-22_04-lts": "2027-06-30", "ubuntu-24_04-lts": null } as Readonly<
    Record<string, string | null>
  >,
};

export const imageChecks: readonly Check[] = [
  {
    id: "image",
    title: "Batch supports the nodes' image",
    // A table is here; that Batch is asked where it can be makes the answer better.
    place: "here",
    needs: [],
    look: async ({ today, ...surroundings }) => {
      const images = await listed(surroundings);
      return images === null ? assessDated(today) : assessImage(images, today);
    },
  },
];

/** Null: there is no account yet, or nobody who may ask it. */
async function listed({
  batchAccount,
  management,
  signal,
}: Pick<Surroundings, "batchAccount" | "management" | "signal">): Promise<readonly Image[] | null> {
  try {
    const account = await batchAccount();
    return (
      account && (await management.supportedImages(`https://${account.properties.accountEndpoint}`, signal()))
    );
  } catch {
    return null; // the lines above tell why
  }
}

const remedy = {
  command: "az batch pool supported-images list --filter \"verificationType eq 'verified'\" --output table",
  note: "choose one, and change infra/nodeImage.ts",
};
const name = `${nodeImage.publisher} ${nodeImage.offer} ${nodeImage.sku}`;

/** Pure. Names are compared as Batch does: without letter case. */
export function assessImage(images: readonly Image[], today: Date): Finding {
  const found = images.find(
    ({ nodeAgentSKUId, imageReference }) =>
      nodeAgentSKUId === nodeAgentSkuId &&
      (["publisher", "offer", "sku"] as const).every(
        (part) => imageReference[part]?.toLowerCase() === nodeImage[part],
      ),
  );
  if (found === undefined) return fix(`Batch has no ${name} with ${nodeAgentSkuId}`, remedy);
  if (found.verificationType !== "verified") return warning(`${name} is ${found.verificationType}`, remedy);
  return assessEnd(found.batchSupportEndOfLife, "verified", today);
}

/** Pure. Before there is an account, Batch tells nobody its images. */
export function assessDated(today: Date): Finding {
  const end = dated.ends[nodeImage.offer];
  if (end === undefined) return unchecked(`nothing is known of ${name} where no Batch account can be asked`);
  return assessEnd(
    end === null ? undefined : new Date(end),
    `table of ${dated.asOf}; where there is an account, Batch is asked`,
    today,
  );
}

function assessEnd(end: Date | undefined, source: string, today: Date): Finding {
  if (end === undefined) return ok(`${name}: no end is announced (${source})`);
  const leftDays = daysUntil(end, today);
  const measured = `${name}: support ${leftDays < 0 ? "ended" : "ends"} on ${dayOf(end)} (${source})`;
  if (leftDays < 0) return fix(measured, remedy);
  return leftDays < warnedDays ? warning(measured, remedy) : ok(measured);
}
