/** JobTarget: what the job step needs to know of a stack. It is the stack's outputs, so Azure and local differ by values only. */
import { z } from "zod";
import { layerDigests } from "../../worker/contract/layers";
import { parseValue } from "../../worker/contract/ndjson";
import { detectionSettings } from "../../worker/contract/settings";
import { runLimits } from "./limits";

/** Extra outputs of the stack (links for people) are ignored. */
const jobTarget = z.object({
  /** `https://<account>.<region>.batch.azure.com`, no slash at the end. */
  batchEndpoint: z.url(),
  poolId: z.string(),
  /** Blob endpoint of the storage account, no slash at the end. */
  blobEndpoint: z.url().transform((url) => url.replace(/\/$/, "")),
  containers: z.object({ input: z.string(), output: z.string(), layers: z.string() }),
  identityClientId: z.string(),
  /** ARM id of the pool's identity: what resource and output files name. */
  identityResourceId: z.string(),
  layers: layerDigests,
  detection: detectionSettings,
  lineage: z.string(),
  /** Not among the outputs of earlier versions. */
  limits: runLimits.optional(),
  /** The nodes' region, for prices; not among the outputs of earlier versions. */
  location: z.string().optional(),
});

export type JobTarget = z.infer<typeof jobTarget>;

/** Throws an Error that names every missing or wrong output. */
export function parseJobTarget(value: unknown, where: string): JobTarget {
  const given = value !== null && typeof value === "object" ? value : {};
  const missing = Object.entries(jobTarget.shape)
    .filter(([name, { def }]) => def.type !== "optional" && !(name in given))
    .map(([name]) => name);
  if (missing.length > 0)
    throw new Error(
      `${where}: not the outputs of this stack, ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing. ` +
        "Write them with: pulumi stack output --json > FILE",
    );
  return parseValue(jobTarget, value, where);
}

export function containerUrl(target: JobTarget, container: keyof JobTarget["containers"]): string {
  return `${target.blobEndpoint}/${target.containers[container]}`;
}
