import { userSide } from "../../local/cloud";
import { blobEndpoint } from "../../local/storageAccounts";
import { withLocalCloud } from "../support/localCloud";

describe("the local cloud", () => {
  it("serves accounts while it is up, and ends with its processes, ports and folder", () =>
    withLocalCloud(async ({ cloud, container }) => {
      await cloud.batch.ensure(
        "batchone",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/batchone",
        false,
      );
      const account = await cloud.storage.ensure("storageone", {
        id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/storageone",
        allowSharedKeyAccess: false,
      });

      const pictures = await container(`${blobEndpoint(account)}pictures`);
      await pictures.getBlockBlobClient("a.txt").uploadData(Buffer.from("hello"));

      expect((await pictures.getBlobClient("a.txt").downloadToBuffer()).toString()).toBe("hello");
      expect(cloud.batch.account("batchone").pools.list()).toEqual([]);
    }));

  it("hides the credentials of a real subscription from the programs on the user's side", () =>
    withLocalCloud(({ cloud }) => {
      const environment = userSide({ AZURE_CLIENT_ID: "real", ARM_CLIENT_ID: "real", KEPT: "yes" }, cloud);

      expect(environment).toMatchObject({ KEPT: "yes", IDENTITY_ENDPOINT: expect.any(String) as string });
      expect(Object.values(environment)).not.toContain("real");
      return Promise.resolve();
    }));
});
