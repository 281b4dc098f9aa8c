import { refusal } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, textOf } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();
let nodeId = "";

beforeAll(async () => {
  const { client } = cloud.current;
  await client.pool.add(pool());
  nodeId = (await nodesIn(client, "idle"))[0]?.id ?? "";
  await addJob(client);
});

async function taskWith(id: string, script: string): Promise<void> {
  const { client } = cloud.current;
  await client.task.add("job", { id, commandLine: bash(script) });
  await completed(client, id);
}

const names = async (taskId: string): Promise<string[]> => {
  const listed = await cloud.current.client.file.listFromTask("job", taskId, { recursive: true });
  return listed.map((file) => file.name ?? "").filter((name) => name.startsWith("wd/"));
};

describe("a file that is deleted", () => {
  it("goes from its task, and a folder only with what is in it or when it is empty", async () => {
    const { client } = cloud.current;
    await taskWith("task", "mkdir empty full; touch full/a full/b c");

    await client.file.deleteFromTask("job", "task", "wd/c");
    await client.file.deleteFromTask("job", "task", "wd/empty");
    expect(await refusal(client.file.deleteFromTask("job", "task", "wd/full"))).toMatchObject({
      status: 403,
      code: "IOError",
    });
    expect(await names("task")).toEqual(["wd/full", "wd/full/a", "wd/full/b"]);
    await client.file.deleteFromTask("job", "task", "wd/full", { recursive: true });

    expect(await names("task")).toEqual([]);
    expect(await refusal(client.file.deleteFromTask("job", "task", "wd/c"))).toMatchObject({
      status: 404,
      code: "FileNotFound",
    });
  });

  it("goes from its node", async () => {
    const { client } = cloud.current;
    await taskWith(
      "writer",
      "mkdir $AZ_BATCH_NODE_SHARED_DIR/kept; echo x >$AZ_BATCH_NODE_SHARED_DIR/kept/data",
    );
    const read = client.file.getFromComputeNode("pool", nodeId, "shared/kept/data");
    expect(await textOf(await read)).toBe("x\n");

    await client.file.deleteFromComputeNode("pool", nodeId, "shared/kept", { recursive: true });

    expect(
      (await refusal(client.file.getPropertiesFromComputeNode("pool", nodeId, "shared/kept"))).status,
    ).toBe(404);
    expect((await refusal(client.file.deleteFromComputeNode("pool", "other", "shared"))).code).toBe(
      "NodeNotFound",
    );
  });

  it("that is a link goes without what it leads to, and one that leads out is not there", async () => {
    const { client } = cloud.current;
    await taskWith("links", "mkdir real; touch real/a; ln -s real link; ln -s /tmp out");

    await client.file.deleteFromTask("job", "links", "wd/link", { recursive: true });

    expect(await names("links")).toEqual(["wd/real", "wd/real/a"]);
    for (const path of ["wd/out", "wd/out/x", "../links", "../../../shared"])
      expect(
        (await refusal(client.file.deleteFromTask("job", "links", path, { recursive: true }))).status,
      ).toBe(404);
  });
});

describe("a folder", () => {
  it("is not read like a file, and says that it is none", async () => {
    const { client } = cloud.current;
    await taskWith("folder", "true");

    await expect(client.file.getFromTask("job", "folder", "wd")).rejects.toMatchObject({ statusCode: 403 });
    const { ocpBatchFileIsdirectory } = await client.file.getPropertiesFromTask("job", "folder", "wd");
    expect(String(ocpBatchFileIsdirectory).toLowerCase()).toBe("true");
  });
});
