/** The operating system of the nodes: its image, and the agent of Batch that fits it. */

export const nodeImage = {
  publisher: "canonical",
  offer: "ubuntu-24_04-lts",
  sku: "server",
  version: "latest",
} as const;

export const nodeAgentSkuId = "batch.node.ubuntu 24.04";
