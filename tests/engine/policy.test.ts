/** The policy pack in Pulumi's own engine: what it lets pass, what it refuses, in which words, and how one is excused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type ProjectCopy, type Stack } from "../support/pulumi";

const pack = ["--policy-pack", "infra/policy"];

describeWithPulumi("the policy pack in Pulumi's engine", () => {
  let cloud: TestCloud;
  let copy: ProjectCopy;
  let stack: Stack;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    copy = copyProject(cloud);
    stack = await copy.stack("policed", { scaling: "fixed", poolNodes: 1 });
  }, 120_000);
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(240_000);

  const write = (name: string, text: string): void => writeFileSync(join(copy.folder, name), text);

  it("lets this project's stack pass, and speaks of the node that stays", async () => {
    const { code, stdout } = await stack.pulumi(["preview", ...pack]);

    expect(stdout).toContain("[advisory]  pool-reaches-zero  (azure-native:batch:Pool: pool)");
    expect(stdout).toContain("The pool keeps 1 node when there is nothing to do.");
    expect(stdout).not.toContain("[mandatory]");
    expect(code).toBe(0);
  });

  it("refuses a preview that breaks rules, but for what is excused or switched off", async () => {
    copy.edit("infra/storageAccount.ts", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true");
    copy.edit("infra/storage.ts", "storage.PublicAccess.None", "storage.PublicAccess.Blob");
    copy.edit("infra/storageAccount.ts", "{ delete: {", "{ tierToCool: {");
    write(
      ".review-consent",
      "- { resource: storage-input, rule: storage-no-public-blobs, reason: test pictures }\n",
    );
    write("levels.json", JSON.stringify({ "pool-reaches-zero": "disabled" }));
    const { code, stdout } = await stack.pulumi(["preview", ...pack, "--policy-pack-config", "levels.json"]);
    copy.edit("infra/storageAccount.ts", "allowSharedKeyAccess: true", "allowSharedKeyAccess: false");
    copy.edit("infra/storage.ts", "storage.PublicAccess.Blob", "storage.PublicAccess.None");
    copy.edit("infra/storageAccount.ts", "{ tierToCool: {", "{ delete: {");

    expect(code).not.toBe(0);
    expect(stdout).toContain(
      "[mandatory]  storage-no-shared-keys  (azure-native:storage:StorageAccount: storage)",
    );
    expect(stdout).toContain("Fix: Set allowSharedKeyAccess to false; give roles to people and nodes.");
    expect(stdout).toContain(
      "Excuse: in .review-consent, - { resource: storage, rule: storage-no-shared-keys, reason: … }",
    );
    expect(stdout).toContain("[mandatory]  storage-runs-are-deleted");
    expect(stdout).toMatch(/\[mandatory\] {2}storage-no-public-blobs {2}.*storage-output\)/);
    expect(stdout).not.toMatch(/\[mandatory\] {2}storage-no-public-blobs {2}.*storage-input\)/);
    expect(stdout).toMatch(/\[advisory\] {2}excused {2}.*storage-input\)/);
    expect(stdout).toContain("Excused: test pictures");
    expect(stdout).not.toContain("pool-reaches-zero");
  });

  it("keeps a pool with a secret from being made, though no preview of a first deploy knows its start task", async () => {
    copy.edit(
      "infra/pool.ts",
      "waitForSuccess: true,",
      'waitForSuccess: true, environmentSettings: [{ name: "API_TOKEN", value: "hunter2" }],',
    );
    const { code, stdout } = await stack.pulumi(["up", "--yes", "--skip-preview", ...pack]);

    expect(code).not.toBe(0);
    expect(stdout).toContain("startTask.environmentSettings.API_TOKEN holds what looks like a secret.");
    expect(stdout).not.toContain("hunter2");
    expect(cloud.batchAccount().pools.list()).toEqual([]);
  });

  it("judges what is deployed, without the program", async () => {
    const { code, stdout } = await stack.pulumi(["policy", "analyze", ...pack]);

    expect(stdout).toContain("object-detection@v");
    expect(stdout).not.toContain("[mandatory]");
    expect(code).toBe(0);
  });
});
