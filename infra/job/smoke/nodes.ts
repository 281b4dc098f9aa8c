/** The nodes: whether they came up, ran their start task and passed the worker's self-test. */
import type { BatchServiceModels } from "@azure/batch";
import { nodeView } from "../batchViews";
import { lastLine } from "../lastLine";
import { ok, unknown, wrong, type Check, type Finding } from "./check";

type Node = BatchServiceModels.ComputeNode;

export const nodeChecks: readonly Check[] = [
  {
    id: "nodes",
    title: "every node came up and ran its start task",
    anchor: "start-task",
    change:
      "Read the node's startup/stderr.txt. BlobAccessDenied: the role of the identity came late, reboot the node. Others: infra/startTask.ts, worker/contract/node.ts.",
    needs: ["pool"],
    look: async (cloud) => {
      const nodes = await cloud.nodes();
      const failed = nodes.find((node) => nodeView(node).startTaskFailure !== null);
      const words =
        failed?.id === undefined
          ? null
          : await cloud.batch.readNodeFile(cloud.target.poolId, failed.id, "startup/stderr.txt");
      return assessNodes(nodes, lastLine(words ?? ""));
    },
  },
  {
    id: "node-software",
    title: "which image and agent the nodes have",
    anchor: "image-and-node-agent",
    change: "The exact image is chosen by `version: latest` in infra/pool.ts: pin one that worked.",
    needs: ["pool"],
    look: async (cloud) => assessSoftware(await cloud.nodes()),
  },
  {
    id: "self-test",
    title: "a node passed the worker's self-test",
    anchor: "self-test-and-glibc",
    change:
      "Read startup/stdout.txt and stderr.txt of the node; the self-test is worker/selfTest.ts, the versions of Node.js and onnxruntime are those of worker/runtime/package.json.",
    needs: ["pool"],
    look: async (cloud) => {
      const ready = (await cloud.nodes()).find(({ state }) => /^(idle|running)$/i.test(state ?? ""));
      if (ready?.id === undefined) return unknown("there is no node that is idle or running");
      const text = await cloud.batch.readNodeFile(cloud.target.poolId, ready.id, "startup/stdout.txt");
      return assessSelfTest(text);
    },
  },
];

/** Pure. `words`: the last line that a failed start task wrote. */
export function assessNodes(nodes: readonly Node[], words: string | null): Finding {
  if (nodes.length === 0)
    return unknown(
      "there are no nodes now; a pool that scales has some while a run is at work: look again then",
    );
  const views = nodes.map(nodeView);
  const measured = countsOf(views.map(({ state }) => state));
  const failed = views.find(({ startTaskFailure }) => startTaskFailure !== null);
  if (failed?.startTaskFailure)
    return wrong(
      `${measured}; ${failed.id}: ${failed.startTaskFailure.code}: ${words ?? failed.startTaskFailure.message}`,
    );
  const unusable = views.find(({ state }) => ["unusable", "unknown", "offline"].includes(state));
  if (unusable)
    return wrong(`${measured}; ${unusable.id}: ${unusable.errors.join("; ") || "no reason given"}`);
  const started = nodes.filter(({ startTaskInfo }) => /^success$/i.test(startTaskInfo?.result ?? "")).length;
  const all = `${measured}; start task succeeded on ${started} of ${nodes.length}`;
  return started === 0 ? unknown(all) : ok(all);
}

/** Pure: what the nodes report; where they report nothing, nothing is settled. */
export function assessSoftware(nodes: readonly Node[]): Finding {
  const images = nodes.flatMap(({ virtualMachineInfo: info }) => {
    const image = info?.imageReference;
    const version = image?.exactVersion ?? image?.version;
    return image?.offer === undefined ? [] : [`${image.offer} ${image.sku ?? ""} ${version ?? ""}`.trim()];
  });
  const agents = nodes.flatMap(({ nodeAgentInfo }) =>
    nodeAgentInfo ? [`agent ${nodeAgentInfo.version}`] : [],
  );
  if (images.length + agents.length === 0) return unknown("the nodes report neither image nor agent");
  return ok([...new Set([...images, ...(agents.length > 0 ? agents : ["agent not reported"])])].join(", "));
}

/** Pure: the self-test prints one JSON line, as the last thing of the start task. */
export function assessSelfTest(stdout: string | null): Finding {
  const line = lastLine(stdout ?? "");
  if (line === null) return unknown("the node's startup/stdout.txt cannot be read or is empty");
  // The digest of the model is in the outputs; without it the versions fit on the line.
  const short = line.replace(/"sha256":"([0-9a-f]{8})[0-9a-f]*"/, '"sha256":"$1…"');
  const quoted = short.length > 300 ? `${short.slice(0, 299)}…` : short;
  return line.startsWith("{") ? ok(quoted) : wrong(quoted);
}

function countsOf(states: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
}
