/** The images that the service lists. */
import { nodeAgentSkuId, nodeImage } from "../../../infra/nodeImage";
import { withBatchCloud } from "./batchCloud";

it("lists the nodes' image as verified, and only what a filter asks for", () =>
  withBatchCloud(async ({ client }) => {
    const all = await client.account.listSupportedImages();
    const older = await client.account.listSupportedImages({
      accountListSupportedImagesOptions: { filter: "nodeAgentSKUId eq 'batch.node.ubuntu 22.04'" },
    });

    expect(all).toContainEqual(
      expect.objectContaining({
        nodeAgentSKUId: nodeAgentSkuId,
        imageReference: expect.objectContaining(nodeImage) as object,
        verificationType: "verified",
      }),
    );
    expect(older).toHaveLength(2);
    expect(older[0]?.batchSupportEndOfLife).toEqual(new Date("2027-06-30T00:00:00Z"));
  }));
