/** Several people and stacks in one subscription: who may deploy what, and what a deploy by somebody else changes. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { roleAssignmentId, roleDefinitionId } from "../../local/access";
import { guidFrom } from "../../local/guid";
import { principals } from "../../local/principals";
import type { RoleName } from "../../local/roleDefinitions";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type Stack } from "../support/pulumi";

describeWithPulumi("people, pipelines and stacks side by side", () => {
  let cloud: TestCloud;
  let team: Stack;
  beforeAll(async () => {
    cloud = await openLocalCloud({ quotas: { dedicatedCores: 8 } });
    const copy = copyProject(cloud);
    mkdirSync(join(copy.folder, "seed"));
    cpSync(join(project, "assets/images/street-01.jpg"), join(copy.folder, "seed/01.jpg"));
    team = await copy.stack("team", { seedFolder: "seed", scaling: "fixed", poolNodes: 1 });
    await team.up();
  }, 240_000);
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(240_000);

  const give = (principalId: string, role: RoleName, scope: string): void => {
    const { access, identity } = cloud.cloud;
    const id = roleAssignmentId(scope, guidFrom(`${principalId} ${role} ${scope}`));
    const definition = roleDefinitionId(identity.subscriptionId, role);
    access.assignFromTheStart({ id, scope, principalId, roleDefinitionId: definition });
  };

  it("a pipeline that deploys after a person changes nothing, roles included", async () => {
    const pipeline = await copyProject(cloud, "pipeline").stack("team");

    const preview = await pipeline.pulumi(["preview", "--expect-no-changes"]);
    const again = await pipeline.up();

    expect(preview.code).toBe(0);
    expect(preview.stdout + preview.stderr).toContain(
      "the pictures cannot be listed, so new ones are not seen",
    );
    expect(again.ops).toEqual({});
  });

  it("who may look only may preview, and is told what he may not do", async () => {
    const reader = await copyProject(cloud, "reader").stack("team");
    expect((await reader.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);

    reader.set({ tags: { owner: "reader" } });
    const { code, stdout, stderr } = await reader.pulumi(["up", "--yes", "--skip-preview"]);
    reader.set({ tags: undefined });

    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('Code="AuthorizationFailed"');
    expect(stdout + stderr).toContain("'Microsoft.Resources/subscriptions/resourceGroups/write'");
  });

  it("who may not give roles is told so; with manageRoles off he deploys where others gave them", async () => {
    const { contributor } = principals;
    const subscription = `/subscriptions/${cloud.cloud.identity.subscriptionId}`;
    const other = await copyProject(cloud, "contributor").stack("other", {
      scaling: "fixed",
      poolNodes: 0,
      seedFolder: "",
    });
    const refused = await other.pulumi(["up", "--yes", "--skip-preview"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("'Microsoft.Authorization/roleAssignments/write'");

    // As the README says: the deployer's data roles first, then the stack without nodes, then the nodes' roles, then the nodes.
    give(contributor.objectId, "blobContributor", subscription);
    other.set({ manageRoles: false });
    await other.up();
    const { identityResourceId } = await other.outputs();
    const { principalId } = cloud.cloud.identity.ofResource(String(identityResourceId));
    give(principalId, "blobContributor", `${subscription}/resourceGroups/rg-object-detection-other`);
    other.set({ poolNodes: 1, seedFolder: "seed" });
    await other.up();

    expect(await other.job(["status", "--wait"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 of 1") as string,
    });
    const roles = cloud.cloud.access.assignments().map(({ scope }) => scope);
    expect(roles.filter((scope) => scope.includes("rg-object-detection-other/providers"))).toEqual([]);
  });

  it("a quota that is used up by the other stack is named by the step that waits for nodes", async () => {
    // 8 vCPUs an account: beside the old pool's node of 2 there is no room for three of 8, and for one of 4 there is.
    team.set({ poolNodes: 3, vmSize: "Standard_D8s_v3", confidence: "0.6" });
    const { code, stdout, stderr } = await team.pulumi(["up", "--yes", "--skip-preview"]);

    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("AccountCoreQuotaReached");
    expect(stdout + stderr).toContain("Ask for more quota of the Batch account");
    // Forward, not back: the old pool still stands under its name until a deploy comes to its end.
    team.set({ poolNodes: 1, vmSize: "Standard_D4s_v3" });
    await team.up();
  });

  it("one stack goes, and the other stays as it is", async () => {
    const other = await copyProject(cloud, "contributor").stack("other");

    expect((await other.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);

    const left = cloud.cloud.store
      .table<{ id: string }>("resources")
      .list()
      .map(({ id }) => id);
    expect(left.filter((id) => id.includes("object-detection-other"))).toEqual([]);
    expect((await team.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
    expect(await team.job(["status"])).toMatchObject({ code: 0 });
  });
});
