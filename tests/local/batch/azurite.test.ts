import { Agent } from "node:https";
import { join } from "node:path";
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  newPipeline,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import jwt from "jsonwebtoken";
import { startAzurite } from "../../../local/azurite";
import { openBlobs } from "../../../local/blobs";
import { freePort } from "../../../local/ports";
import { openCertificate } from "../../../local/tls";
import { withTemporaryFolder } from "../../support/temporaryFolder";
import { identityId, withBatchCloud } from "./batchCloud";
import { addJob, poolWithIdentity, runTask } from "./fixtures";

const account = "teststorage";
const key = Buffer.from("the key of the tests' storage account").toString("base64");

/** As an identity's token for storage looks. */
function storageToken(): string {
  const claims = { aud: "https://storage.azure.com", iss: `https://sts.windows.net/${crypto.randomUUID()}/` };
  return jwt.sign({ ...claims, nbf: Math.floor(Date.now() / 1000) - 60 }, "any", { expiresIn: "1h" });
}

describe("a node", () => {
  it("moves files from and to real blob storage, by SAS and by its identity", async () => {
    await withTemporaryFolder(async (folder) => {
      const certificate = await openCertificate(join(folder, "tls"));
      const port = await freePort();
      const environment = { PATH: process.env.PATH ?? "" };
      const azurite = await startAzurite({
        account,
        key,
        port,
        folder: join(folder, "blobs"),
        certificate,
        environment,
      });
      const agent = new Agent({ ca: certificate.cert, keepAlive: true });
      try {
        const credential = new StorageSharedKeyCredential(account, key);
        const pipeline = newPipeline(credential, {});
        pipeline.factories.push({
          create: (next) => ({
            sendRequest: (request) => {
              request.agent = agent;
              return next.sendRequest(request);
            },
          }),
        });
        const service = new BlobServiceClient(`https://127.0.0.1:${port}/${account}`, pipeline);
        const input = service.getContainerClient("input");
        await input.create();
        await input.getBlockBlobClient("in/ä b.txt").upload("by identity", 11);
        await input.getBlockBlobClient("sas/c.txt").upload("by sas", 6);
        const output = service.getContainerClient("output");
        await output.create();
        const sas = generateBlobSASQueryParameters(
          {
            containerName: "input",
            permissions: ContainerSASPermissions.parse("rl"),
            expiresOn: new Date(Date.now() + 3_600_000),
          },
          credential,
        ).toString();
        const identityReference = { resourceId: identityId };

        await withBatchCloud(
          async (cloud) => {
            poolWithIdentity(cloud);
            await addJob(cloud.client);
            const task = await runTask(cloud.client, "cat 'in/ä b.txt' d/sas/c.txt e >result.txt", {
              resourceFiles: [
                { storageContainerUrl: input.url, blobPrefix: "in/", identityReference },
                { storageContainerUrl: `${input.url}?${sas}`, blobPrefix: "sas/", filePath: "d" },
                { httpUrl: `${input.url}/sas/c.txt?${sas}`, filePath: "e" },
              ],
              outputFiles: [
                {
                  filePattern: "result.txt",
                  destination: {
                    container: { containerUrl: output.url, path: "runs/ö/result.txt", identityReference },
                  },
                  uploadOptions: { uploadCondition: "tasksuccess" },
                },
              ],
            });

            expect(task.executionInfo).toMatchObject({ result: "success", exitCode: 0 });
            const result = await output.getBlobClient("runs/ö/result.txt").downloadToBuffer();
            expect(result.toString()).toBe("by identityby sasby sas");

            const missing = await runTask(cloud.client, "true", {
              id: "missing",
              resourceFiles: [{ httpUrl: `${input.url}/none`, filePath: "a", identityReference }],
            });
            expect(missing.executionInfo?.failureInfo?.code).toBe("BlobNotFound");
          },
          { storage: openBlobs(certificate.cert), storageToken },
        );
      } finally {
        agent.destroy();
        await azurite.stop();
      }
    });
  });
});
