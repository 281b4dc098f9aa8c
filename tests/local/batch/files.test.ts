import { refusal, withBatchCloud } from "./batchCloud";
import { addJob, nodesIn, pool, runTask, taskFile, taskIn, textOf } from "./fixtures";

describe("the files of a task", () => {
  it("are listed, with or without what lies deeper", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "mkdir 'a b'; echo deep >'a b/c.bin'; echo said");

      const top = await client.file.listFromTask("job", "task");
      expect(top.map(({ name, isDirectory }) => [name, isDirectory])).toEqual([
        ["stderr.txt", false],
        ["stdout.txt", false],
        ["wd", true],
      ]);
      expect(top[1]?.properties).toMatchObject({ contentLength: 5, contentType: "text/plain" });

      const deep = await client.file.listFromTask("job", "task", {
        recursive: true,
        fileListFromTaskOptions: { filter: "startswith(name,'wd/')" },
      });
      expect(deep.map((file) => file.name)).toEqual(["wd/a b", "wd/a b/c.bin"]);
    });
  });

  it("are read in whole and in part, while the task runs too", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", {
        id: "task",
        commandLine: `bash -c 'echo 0123456789; mkdir "x y"; sleep 1000'`,
      });
      await taskIn(client, "task", "running");
      let whole = "";
      while (whole.length < 11) whole = await taskFile(client, "stdout.txt").catch(() => "");

      const part = async (ocpRange: string): Promise<string> =>
        textOf(
          await client.file.getFromTask("job", "task", "stdout.txt", {
            fileGetFromTaskOptions: { ocpRange },
          }),
        );
      expect(whole).toBe("0123456789\n");
      expect(await part("bytes=2-4")).toBe("234");
      expect(await part("bytes=8-")).toBe("89\n");
      expect(await part("bytes=-2")).toBe("9\n");
      expect(await part("bytes=9-1000")).toBe("9\n");
      await expect(part("bytes=11-12")).rejects.toMatchObject({ statusCode: 416 });
    });
  });

  it("do not lead out of its directory, by a path or by a link", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(
        client,
        "ln -s / machine; ln -s /etc/hostname name; ln -s ../stdout.txt said; echo hello",
      );

      const listed = await client.file.listFromTask("job", "task", { recursive: true });
      expect(listed.map((file) => file.name)).toEqual(["stderr.txt", "stdout.txt", "wd", "wd/said"]);
      expect(await taskFile(client, "wd/said")).toBe("hello\n");
      for (const path of ["wd/name", "wd/machine/etc/hostname", "../task/../../x", "/etc/hostname"])
        await expect(client.file.getFromTask("job", "task", path)).rejects.toMatchObject({ statusCode: 404 });
    });
  });

  it("have properties that are asked for without their content", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "echo said; echo 1 >data");

      const properties = await client.file.getPropertiesFromTask("job", "task", "stdout.txt");
      expect(properties).toMatchObject({
        contentLength: 5,
        contentType: "text/plain",
        ocpBatchFileMode: expect.stringMatching(/^0o100/) as string,
      });
      expect((await client.file.getPropertiesFromTask("job", "task", "wd/data")).contentType).toBe(
        "application/octet-stream",
      );
      expect((await refusal(client.file.getPropertiesFromTask("job", "task", "no"))).status).toBe(404);
    });
  });

  it("are only its own", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "true");

      for (const path of ["../../../../shared", "wd/../../task2", "/etc/hostname"])
        await expect(client.file.getFromTask("job", "task", path)).rejects.toMatchObject({ statusCode: 404 });
    });
  });

  it("are not there before it runs", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: "true" });

      expect(await refusal(client.file.listFromTask("job", "task"))).toMatchObject({
        status: 409,
        code: "TaskFilesUnavailable",
      });
    });
  });
});

describe("the files of a node", () => {
  it("are listed from its root and read below it", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ startTask: { commandLine: "echo started", waitForSuccess: true } }));
      const [node] = await nodesIn(client, "idle");
      const nodeId = node?.id ?? "";

      const root = await client.file.listFromComputeNode("pool", nodeId);
      expect(root.map((file) => file.name)).toEqual([
        "applications",
        "fsmounts",
        "shared",
        "startup",
        "volatile",
        "workitems",
      ]);
      expect(await textOf(await client.file.getFromComputeNode("pool", nodeId, "startup/stdout.txt"))).toBe(
        "started\n",
      );
      const properties = await client.file.getPropertiesFromComputeNode("pool", nodeId, "startup/stdout.txt");
      expect(properties.contentLength).toBe(8);
    });
  });
});
