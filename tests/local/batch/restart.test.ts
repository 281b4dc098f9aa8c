import { eventually, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, runTask, taskFile, taskIn } from "./fixtures";

describe("a service that starts again", () => {
  it("finds what it acknowledged, boots its nodes and runs again what ran", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool({ taskSlotsPerNode: 2 }));
      await addJob(client);
      await runTask(client, "echo kept", { id: "done" });
      const [node] = await nodesIn(client, "idle");
      const script =
        "[ -e $AZ_BATCH_NODE_SHARED_DIR/again ] || { touch $AZ_BATCH_NODE_SHARED_DIR/again; sleep 1000; }";
      await client.task.add("job", { id: "running", commandLine: bash(script) });
      await taskIn(client, "running", "running");
      await eventually("the script's mark", async () => {
        const files = await client.file.listFromComputeNode("pool", node?.id ?? "", { recursive: true });
        return files.some((file) => file.name === "shared/again");
      });

      await cloud.restart();

      const again = cloud.client;
      const task = await completed(again, "running");
      expect(task.executionInfo).toMatchObject({ result: "success", requeueCount: 1 });
      expect((await again.computeNode.list("pool")).map(({ id }) => id)).toEqual([node?.id]);
      expect(await taskFile(again, "stdout.txt", "done")).toBe("kept\n");
    });
  });

  it("finishes the deletions and terminations it had begun", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool());
      await client.pool.add(pool({ id: "leaving" }));
      await addJob(client);
      await addJob(client, { id: "going" });
      await client.job.terminate("job");
      await client.job.deleteMethod("going");
      await client.pool.deleteMethod("leaving");

      await cloud.restart();

      const again = cloud.client;
      await jobIn(again, "completed");
      await eventually("the pool to go", async () => !(await again.pool.exists("leaving")).body);
      await eventually("the job to go", async () => (await again.job.list()).length === 1);
    });
  });
});
