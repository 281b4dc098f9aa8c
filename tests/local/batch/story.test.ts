import { withBatchCloud } from "./batchCloud";
import { addJob, bash, jobIn, nodesIn, pool, taskFile } from "./fixtures";

describe("a Batch account", () => {
  it("takes a pool, a job and a collection of tasks to the tasks' output", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(
        pool({
          targetDedicatedNodes: 2,
          taskSlotsPerNode: 2,
          startTask: {
            commandLine: bash("echo ready >$AZ_BATCH_NODE_SHARED_DIR/mark"),
            waitForSuccess: true,
          },
        }),
      );
      await nodesIn(client, "idle", 2);
      await addJob(client);
      const ids = ["one", "two", "three", "four", "five"];

      const added = await client.task.addCollection(
        "job",
        ids.map((id) => ({ id, commandLine: bash(`cat $AZ_BATCH_NODE_SHARED_DIR/mark; echo "it's ${id}"`) })),
      );
      await client.job.patch("job", { onAllTasksComplete: "terminatejob" });
      const job = await jobIn(client, "completed");

      expect(added.value?.map((item) => item.status)).toEqual(ids.map(() => "Success"));
      expect(job.executionInfo?.terminateReason).toBe("AllTasksComplete");
      for (const id of ids) expect(await taskFile(client, "stdout.txt", id)).toBe(`ready\nit's ${id}\n`);
      expect((await client.job.getTaskCounts("job")).taskCounts).toEqual({
        active: 0,
        running: 0,
        completed: 5,
        succeeded: 5,
        failed: 0,
      });
    });
  });
});
