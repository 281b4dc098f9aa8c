import type { BatchServiceModels } from "@azure/batch";
import { identityId, withBatchCloud } from "./batchCloud";
import { addJob, nodesIn, pool, poolWithIdentity, runTask, taskFile } from "./fixtures";

const identityReference = { resourceId: identityId };

function output(
  filePattern: string,
  containerUrl: string,
  uploadCondition: BatchServiceModels.OutputFileUploadCondition,
  more: Partial<BatchServiceModels.OutputFileBlobContainerDestination> = {},
): BatchServiceModels.OutputFile {
  return {
    filePattern,
    destination: { container: { containerUrl, ...more } },
    uploadOptions: { uploadCondition },
  };
}

describe("resource files", () => {
  it("are in the working directory before the command line runs, a container's under their full names", async () => {
    await withBatchCloud(async ({ client, blobs }) => {
      const input = blobs.container("input", {
        "in/a/1.jpg": "one",
        "in/2.jpg": "two",
        "other.jpg": "three",
      });
      await client.pool.add(pool());
      await addJob(client);

      await runTask(
        client,
        "find . -type f | sort; cat data/in/a/1.jpg script.sh; stat -c %a script.sh data/in/2.jpg",
        {
          resourceFiles: [
            { httpUrl: `${input}/other.jpg?sig=secret`, filePath: "script.sh", fileMode: "0755" },
            { storageContainerUrl: `${input}?sig=secret`, blobPrefix: "in/", filePath: "data" },
          ],
        },
      );

      expect(await taskFile(client, "stdout.txt")).toBe(
        "./data/in/2.jpg\n./data/in/a/1.jpg\n./script.sh\nonethree755\n770\n",
      );
    });
  });

  it("are fetched in the name of the pool's identity", async () => {
    await withBatchCloud(async (cloud) => {
      const guarded = cloud.blobs.container("guarded", { a: "for members" }, true);
      poolWithIdentity(cloud, {
        startTask: {
          commandLine: "grep members a",
          waitForSuccess: true,
          resourceFiles: [{ httpUrl: `${guarded}/a`, filePath: "a", identityReference }],
        },
      });

      await nodesIn(cloud.client, "idle");
    });
  });

  it.each<[string, BatchServiceModels.ResourceFile, string]>([
    ["is not there", { httpUrl: "https://blobs.example/input/no", filePath: "a" }, "BlobNotFound"],
    ["may not be read", { httpUrl: "https://blobs.example/guarded/a", filePath: "a" }, "BlobAccessDenied"],
    [
      "is asked for by an identity that is not the pool's",
      { httpUrl: "https://blobs.example/guarded/a", filePath: "a", identityReference },
      "BlobAccessDenied",
    ],
  ])("fail the task when one %s, without a try of its command line", async (_what, file, code) => {
    await withBatchCloud(async ({ client, blobs }) => {
      blobs.container("input");
      blobs.container("guarded", { a: "for members" }, true);
      await client.pool.add(pool());
      await addJob(client, { constraints: { maxTaskRetryCount: 3 } });

      const { executionInfo } = await runTask(client, "true", { resourceFiles: [file] });

      expect(executionInfo).toMatchObject({ result: "failure", retryCount: 0, failureInfo: { code } });
      expect(executionInfo?.exitCode).toBeUndefined();
      const details = executionInfo?.failureInfo?.details ?? [];
      expect(JSON.stringify(details)).not.toContain("sig=");
    });
  });

  it("fail the node when its start task lacks one", async () => {
    await withBatchCloud(async ({ client, blobs }) => {
      const input = blobs.container("input");
      const resourceFiles = [{ httpUrl: `${input}/no`, filePath: "a" }];
      await client.pool.add(
        pool({ startTask: { commandLine: "true", waitForSuccess: true, resourceFiles } }),
      );

      const [node] = await nodesIn(client, "starttaskfailed");

      expect(node?.startTaskInfo?.failureInfo).toMatchObject({ category: "UserError", code: "BlobNotFound" });
    });
  });
});

describe("output files", () => {
  it("are uploaded by their condition before the task is completed", async () => {
    await withBatchCloud(async (cloud) => {
      const { client, blobs } = cloud;
      const results = blobs.container("results", {}, true);
      poolWithIdentity(cloud);
      await addJob(client);
      const outputFiles = [
        output("out/*.json", results, "tasksuccess", { path: "good", identityReference }),
        output("out/*.json", results, "taskfailure", { path: "bad", identityReference }),
        output("../std*.txt", results, "taskcompletion", {
          path: "logs/$AZ_BATCH_TASK_ID",
          identityReference,
        }),
      ];

      const script = "mkdir out; echo 1 >out/a.json; echo said";
      await runTask(client, script, { id: "well", outputFiles });
      expect(blobs.names("results")).toEqual([
        "good/a.json",
        "logs/$AZ_BATCH_TASK_ID/stderr.txt",
        "logs/$AZ_BATCH_TASK_ID/stdout.txt",
      ]);
      expect(blobs.text("results", "logs/$AZ_BATCH_TASK_ID/stdout.txt")).toBe("said\n");

      await runTask(client, `${script}; exit 1`, { id: "badly", outputFiles });
      expect(blobs.text("results", "bad/a.json")).toBe("1\n");
    });
  });

  it("are uploaded when the time is over, too", async () => {
    await withBatchCloud(async ({ client, blobs }) => {
      const results = blobs.container("results");
      await client.pool.add(pool());
      await addJob(client);

      await runTask(client, "echo said; sleep 1000", {
        constraints: { maxWallClockTime: "PT2S" },
        outputFiles: [output("../stdout.txt", results, "taskfailure", { path: "log.txt" })],
      });

      expect(blobs.text("results", "log.txt")).toBe("said\n");
    });
  });

  it.each([
    ["there is no container", "https://blobs.example/no", "FileUploadContainerNotFound"],
    ["the container is closed", "https://blobs.example/guarded", "FileUploadAccessDenied"],
  ])("that cannot be uploaded because %s fail a task that succeeded", async (_what, containerUrl, code) => {
    await withBatchCloud(async ({ client, blobs }) => {
      blobs.container("guarded", {}, true);
      await client.pool.add(pool());
      await addJob(client);

      const { executionInfo } = await runTask(client, "true", {
        outputFiles: [output("../stdout.txt", containerUrl, "taskcompletion")],
      });

      expect(executionInfo).toMatchObject({ exitCode: 0, result: "failure", failureInfo: { code } });
    });
  });
});
