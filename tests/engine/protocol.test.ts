/** The provider under programs that are not ours: what stays secret, and what it does not know. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { describeWithPulumi, openProject, type ProjectCopy } from "../support/pulumi";

describeWithPulumi("somebody else's program", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openLocalCloud();
  });
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(120_000);

  const program = (name: string, text: string): ProjectCopy => {
    const folder = join(cloud.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js" }));
    writeFileSync(join(folder, "index.js"), text);
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    return openProject(cloud, folder);
  };

  it("finds its secrets in the cloud, and in the state only encrypted, however deep they lie", async () => {
    const copy = program(
      "secrets",
      `const pulumi = require("@pulumi/pulumi");
       const { ResourceGroup } = require("@pulumi/azure-native/resources");
       exports.group = new ResourceGroup("group", { location: "japaneast", tags: { open: "seen", closed: pulumi.secret("hush") } }).tags;`,
    );
    const stack = await copy.stack("dev");
    await stack.up();
    await stack.up(); // an update of what is there goes the same way
    const file = join(copy.folder, "state.json");
    await stack.pulumi(["stack", "export", "--file", file]);

    expect(cloud.cloud.store.table("resources").list()).toMatchObject([
      { inputs: { tags: { open: "seen", closed: "hush" } } },
    ]);
    expect(readFileSync(file, "utf8")).toContain("seen");
    expect(readFileSync(file, "utf8")).not.toContain("hush");
    expect((await stack.pulumi(["stack", "output"])).stdout).not.toContain("hush");
    expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
  });

  it("is told by name what the local cloud does not have", async () => {
    const stack = await program(
      "vault",
      `const { Vault } = require("@pulumi/azure-native/keyvault");
       new Vault("vault", { resourceGroupName: "rg", properties: { tenantId: "t", sku: { family: "A", name: "standard" } } });`,
    ).stack("dev");

    const { code, stdout, stderr } = await stack.pulumi(["preview"]);

    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("the local cloud has no resource type azure-native:keyvault:Vault");
  });
});
