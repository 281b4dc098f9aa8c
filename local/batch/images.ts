/** The images that the service supports: some of those that Azure lists (Azure Batch: "List supported images"). An image decides nothing here. */
import type { BatchServiceModels } from "@azure/batch";
import type { Handler, OnWire } from "./call";
import { type ListRules, page } from "./odata/answers";
import { equality, time, word } from "./odata/filter";

type WireImage = OnWire<BatchServiceModels.ImageInformation>;

const list: ListRules<WireImage> = {
  name: "supportedimages",
  expands: false,
  keyOf: ({ nodeAgentSKUId, imageReference }) =>
    [nodeAgentSKUId, imageReference.publisher, imageReference.offer, imageReference.sku].join("/"),
  filters: {
    nodeAgentSKUId: word(equality, (image) => image.nodeAgentSKUId),
    verificationType: word(equality, (image) => image.verificationType),
    osType: word(equality, (image) => image.osType),
    batchSupportEndOfLife: time((image) => image.batchSupportEndOfLife),
  },
};

const image = (agent: string, offer: string, sku: string, end?: string): WireImage => ({
  nodeAgentSKUId: `batch.node.ubuntu ${agent}`,
  imageReference: {
    publisher: offer === "ubuntu-hpc" ? "microsoft-dsvm" : "canonical",
    offer,
    sku,
    version: "latest",
  },
  osType: "linux",
  verificationType: "verified",
  ...(end !== undefined && { batchSupportEndOfLife: end }),
});

/** In the order of their keys. The end of 22.04: Azure/Batch#200. */
const images: readonly WireImage[] = [
  image("22.04", "0001-com-ubuntu-server-jammy", "22_04-lts", "2027-06-30T00:00:00Z"),
  image("22.04", "ubuntu-hpc", "2204", "2027-06-30T00:00:00Z"),
  image("24.04", "ubuntu-24_04-lts", "server"),
  image("24.04", "ubuntu-hpc", "2404"),
];

export const listSupportedImages: Handler = (call) => page(call, list, images, (shown) => shown);
