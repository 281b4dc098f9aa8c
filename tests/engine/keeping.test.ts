/** What a team keeps: protected data, results that outlive a destroy, and a stack that is deployed over what was left. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type Stack } from "../support/pulumi";

describeWithPulumi("a stack whose data is kept", () => {
  let cloud: TestCloud;
  let stack: Stack;
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    const copy = copyProject(cloud);
    mkdirSync(join(copy.folder, "seed"));
    cpSync(join(project, "assets/images/street-01.jpg"), join(copy.folder, "seed/01.jpg"));
    stack = await copy.stack("kept", {
      seedFolder: "seed",
      scaling: "fixed",
      poolNodes: 1,
      retainResults: true,
    });
    await stack.up();
    expect(await stack.job(["status", "--wait"])).toMatchObject({ code: 0 });
    outputs = await stack.outputs();
  }, 240_000);
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(240_000);

  const left = (): string[] =>
    cloud.cloud.store
      .table<{ id: string }>("resources")
      .list()
      .map(({ id }) => id.split("/").at(-1)!)
      .sort();
  const results = async (): Promise<string[]> => {
    const container = await cloud.container(`${String(outputs.blobEndpoint)}/output`);
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: "runs/" })) names.push(name);
    return names.filter((name) => name.endsWith("results.ndjson"));
  };

  it("refuses a destroy while its data is protected, before anything is touched", async () => {
    stack.set({ protect: true });
    await stack.up();
    const refused = await stack.pulumi(["destroy", "--yes", "--skip-preview"]);
    stack.set({ protect: undefined });
    await stack.up();

    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("protect");
    expect((await stack.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
  });

  it("keeps its storage where it is when the rest moves to another region", async () => {
    const before = cloud.cloud.storage.options.records.list();
    stack.set({ "azure-native:location": "westeurope" });
    const { ops } = await stack.up();

    expect(ops.group).toBeUndefined();
    expect(ops.storage).toBeUndefined();
    expect(ops.batch).toEqual(["replace"]);
    expect(cloud.cloud.storage.options.records.list()).toEqual(before);
    expect(await results()).not.toEqual([]);
  });

  it("leaves group, account and results behind when it is destroyed, and nothing else", async () => {
    const found = await results();

    expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);

    const account = String(outputs.blobEndpoint).split("/").at(-1)!;
    expect(left()).toEqual(["output", "rg-object-detection-kept", account].sort());
    expect(await results()).toEqual(found);
  });
});
