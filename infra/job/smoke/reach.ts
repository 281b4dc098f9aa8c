/** Whether this machine reaches the two services at all: any answer, a refusal too, is one. */
import { ok, wrong, type Check, type Finding } from "./check";
import type { SmokeCloud } from "./cloud";
import { refusalOf, type Refusal } from "./refusal";

const reachCheck = (
  service: "storage" | "Batch",
  output: "blobEndpoint" | "batchEndpoint",
  ask: (cloud: SmokeCloud) => Promise<unknown>,
): Check => ({
  id: `reach-${service.toLowerCase()}`,
  title: `${service} can be reached from here`,
  anchor: "network-of-this-machine",
  change:
    `Is the stack deployed, and is ${output} that of pulumi stack output? Then it is the way there: firewall of the account, private ` +
    "endpoint, VPN, HTTPS_PROXY, NODE_EXTRA_CA_CERTS.",
  needs: [],
  look: async (cloud) => assessReach(cloud.target[output], await refusalOf(() => ask(cloud))),
});

export const reachChecks: readonly Check[] = [
  reachCheck("storage", "blobEndpoint", ({ probes, signal }) =>
    probes.anonymous.listBlobsFlat({ abortSignal: signal() }).byPage({ maxPageSize: 1 }).next(),
  ),
  reachCheck("Batch", "batchEndpoint", ({ probes, target, batchSignal }) =>
    probes.batchAnonymous.pool.get(target.poolId, { abortSignal: batchSignal() }),
  ),
];

/** Pure. */
export function assessReach(endpoint: string, refusal: Refusal | null): Finding {
  return refusal?.status === null ? wrong(`no answer from ${endpoint}: ${refusal.reason}`) : ok(endpoint);
}
