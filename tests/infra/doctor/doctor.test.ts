/** `npm run doctor` as a person runs it, against whole local clouds: what is right, and every refusal. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { resourceTags, stackNames } from "../../../infra/naming";
import { userSide } from "../../../local/cloud";
import type { PrincipalName } from "../../../local/principals";
import { post } from "../../local/arm/armRequests";
import { project, run, type Finished } from "../../support/command";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";

type Environment = Readonly<Record<string, string | undefined>>;

interface Answer {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly measured: string;
    readonly remedies?: readonly { readonly command: string }[];
  }[];
}

/** A subscription as a team would like it. */
let good: TestCloud;
/** One that lacks a provider and quotas. */
let poor: TestCloud;
/** A copy of the project, with stacks of the tests' own. */
let folder: string;

beforeAll(async () => {
  good = await openLocalCloud();
  poor = await openLocalCloud({
    unregisteredProviders: ["Microsoft.Storage"],
    quotas: { batchAccounts: 1, dedicatedCores: 0 },
  });
  folder = join(good.folder, "project");
  mkdirSync(folder);
  for (const part of ["infra", "worker", "package.json", "Pulumi.yaml", "Pulumi.dev.yaml"])
    cpSync(join(project, part), join(folder, part), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
}, 60_000);
afterAll(async () => {
  await poor.stop();
  await good.stop();
}, 60_000);

/** No `az` and no credential of this machine's, and a Pulumi that only tells of itself. */
const environmentOf = (cloud: TestCloud, principal: PrincipalName = "operator"): Environment => ({
  ...userSide(process.env, cloud.cloud, principal),
  PATH: join(__dirname, "programs"),
  AZURE_TOKEN_CREDENTIALS: "prod",
});

function stack(name: string, settings: Readonly<Record<string, unknown>>): string {
  const { location = "japaneast", ...own } = settings;
  const config = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [`object-detection:${key}`, value]),
  );
  writeFileSync(
    join(folder, `Pulumi.${name}.yaml`),
    stringify({ config: { "azure-native:location": location, ...config } }),
  );
  return name;
}

const doctor = (args: readonly string[], environment: Environment): Promise<Finished> =>
  run(process.execPath, ["--require", "tsx/cjs", "infra/doctor/main.ts", ...args], { folder, environment });

async function answerOf(
  name: string,
  environment: Environment,
): Promise<{ code: number | null; answer: Answer }> {
  const { code, stdout, stderr } = await doctor(["--stack", name, "--json"], environment);
  expect(stderr).toBe("");
  return { code, answer: JSON.parse(stdout) as Answer };
}

const check = ({ checks }: Answer, id: string) => checks.find((one) => one.id === id)!;
const firstCommand = (answer: Answer, id: string): string | undefined =>
  check(answer, id).remedies?.[0]?.command;
const idsOf = ({ checks }: Answer, verdict: string): string[] =>
  checks.filter((one) => one.verdict === verdict).map(({ id }) => id);

const identityOf = ({ cloud }: TestCloud, name: string) => ({
  subscriptionId: cloud.identity.subscriptionId,
  project: "object-detection",
  stack: name,
});

/** The accounts of a stack, in a group: its own, tagged as `pulumi up` tags them, unless another is named. */
async function makeAccounts(
  cloud: TestCloud,
  name: string,
  accounts: readonly ("storage" | "batch")[],
  group?: string,
): Promise<void> {
  const identity = identityOf(cloud, name);
  const names = stackNames(identity);
  const tags = group === undefined ? resourceTags(identity, {}) : {};
  const resourceGroupName = group ?? names.resourceGroup;
  const shared = { resourceGroupName, location: "japaneast", tags };
  const create = async (type: string, inputs: object): Promise<void> => {
    const made = await post(cloud.cloud, "/resources/create", {
      type: `azure-native:${type}`,
      inputs: { ...shared, ...inputs },
    });
    expect(made).toMatchObject({ status: 200 });
  };
  await create("resources:ResourceGroup", {});
  if (accounts.includes("storage"))
    await create("storage:StorageAccount", {
      accountName: names.storageAccount,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });
  if (accounts.includes("batch")) await create("batch:BatchAccount", { accountName: names.batchAccount });
}

describe("npm run doctor", () => {
  it("finds nothing to fix for a stack that was never deployed, and tells what only a deploy will show", async () => {
    const { code, stdout, stderr } = await doctor(["--stack", "dev"], environmentOf(good));

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^ok +subscription +the subscription: The local cloud \(.*, by ARM_SUBSCRIPTION_ID\)$/m,
    );
    expect(stdout).toMatch(/^ok +vm-size .*Standard_D2s_v3, family standardDSv3Family$/m);
    expect(stdout).toMatch(/^ok +storage-name .* stdev[0-9a-f]{10} is free$/m);
    expect(stdout).toMatch(/^ok +may-assign-roles /m);
    expect(stdout).toMatch(/^not checked +vcpu-quota .* 4 vCPUs of standardDSv3Family are needed/m);
    expect(stdout).toMatch(/\n20 ok, 1 warning, 0 to fix, 1 not checked\.\n$/);
    expect(stdout).not.toContain("\u001b");
  });

  it("takes names, group and quota of a stack that is up for its own, and asks Batch for its images", async () => {
    await makeAccounts(good, stack("up", {}), ["storage", "batch"]);

    const { code, answer } = await answerOf("up", environmentOf(good));

    expect(code).toBe(0);
    for (const id of ["resource-group", "storage-name", "batch-name"])
      expect(check(answer, id)).toMatchObject({
        verdict: "ok",
        measured: expect.stringContaining("already") as string,
      });
    expect(check(answer, "vcpu-quota").measured).toContain("4 vCPUs are needed, account baup");
    expect(check(answer, "image").measured).toContain("(verified)");
  });

  it("without a login says what it could not ask, and does what needs none", async () => {
    const nobody = { ...environmentOf(good), IDENTITY_ENDPOINT: undefined, IDENTITY_HEADER: undefined };

    const { code, answer } = await answerOf("dev", { ...nobody, AZURE_TOKEN_CREDENTIALS: "dev" });

    expect(code).toBe(1);
    expect(idsOf(answer, "ok")).toEqual(["node", "pulumi", "pulumi-login", "settings", "image"]);
    expect(idsOf(answer, "fix")).toEqual(["login"]);
    expect(firstCommand(answer, "login")).toBe("az login");
    expect(check(answer, "region")).toMatchObject({ verdict: "not checked", measured: "because of login" });
  });

  it("tells who may not give roles, and who may not even make resources, what an owner has to type", async () => {
    const contributor = await answerOf("dev", environmentOf(good, "contributor"));
    const reader = await answerOf("dev", environmentOf(good, "reader"));

    const scope = `--scope /subscriptions/${good.cloud.identity.subscriptionId}`;
    expect(contributor.code).toBe(1);
    expect(idsOf(contributor.answer, "fix")).toEqual(["may-assign-roles"]);
    expect(firstCommand(contributor.answer, "may-assign-roles")).toMatch(
      /^az role assignment create --assignee [0-9a-f-]{36} --role "Role Based Access Control Administrator" /,
    );
    expect(firstCommand(contributor.answer, "may-assign-roles")?.endsWith(scope)).toBe(true);
    expect(idsOf(reader.answer, "fix")).toEqual(["may-create", "may-assign-roles"]);
    expect(check(reader.answer, "may-create").measured).toContain("Microsoft.Batch/batchAccounts/write");
  });

  it("asks no contributor for the right to give roles where somebody else gives them", async () => {
    stack("roles", { manageRoles: false });

    const { code, answer } = await answerOf("roles", environmentOf(good, "contributor"));

    expect(check(answer, "may-assign-roles").verdict).toBe("ok");
    expect(code).toBe(0);
  });

  it("refuses a region that is none, and leaves out what depends on it", async () => {
    stack("atlantis", { location: "japaneats" });

    const { code, answer } = await answerOf("atlantis", environmentOf(good));

    expect(code).toBe(1);
    expect(idsOf(answer, "fix")).toEqual(["region"]);
    expect(firstCommand(answer, "region")).toBe(
      "pulumi config set azure-native:location japaneast --stack atlantis",
    );
    expect(check(answer, "vm-size").measured).toBe("because of region");
    expect(check(answer, "storage-name").verdict).toBe("ok");
  });

  it("refuses a size that the region does not have, and things of the team's that are not there", async () => {
    const account = `/subscriptions/${good.cloud.identity.subscriptionId}/resourceGroups/team/providers/Microsoft.Storage/storageAccounts/teamdata`;
    stack("team", { vmSize: "Standard_D2s_v99", resourceGroup: "team", storageAccount: account });

    const { answer } = await answerOf("team", environmentOf(good));

    expect(idsOf(answer, "fix")).toEqual(["resource-group", "storage-account", "vm-size"]);
    expect(check(answer, "vm-size").measured).toBe("Batch in japaneast has no Standard_D2s_v99");
    expect(firstCommand(answer, "vm-size")).toBe("pulumi config set vmSize Standard_D2s_v3 --stack team");
    expect(firstCommand(answer, "resource-group")).toBe("az group create --name team --location japaneast");
    expect(check(answer, "storage-account").measured).toBe(`there is no ${account}`);
  });

  it("refuses names that somebody else has", async () => {
    await makeAccounts(good, stack("taken", {}), ["storage", "batch"], "somebody-else");

    const { code, answer } = await answerOf("taken", environmentOf(good));

    expect(code).toBe(1);
    expect(idsOf(answer, "fix")).toEqual(["storage-name", "batch-name"]);
    expect(check(answer, "storage-name").measured).toMatch(/^sttaken[0-9a-f]{10} is taken by somebody else/);
    expect(firstCommand(answer, "batch-name")).toBe("pulumi stack rename NAME --stack taken");
  });

  it("refuses a provider that is not registered, an account too many and vCPUs that are not given", async () => {
    await makeAccounts(poor, stack("first", {}), ["batch"]);
    stack("second", {});

    const first = await answerOf("first", environmentOf(poor));
    const second = await answerOf("second", environmentOf(poor));

    const { subscriptionId } = poor.cloud.identity;
    expect(idsOf(first.answer, "fix")).toEqual(["provider-storage", "vcpu-quota"]);
    expect(firstCommand(first.answer, "provider-storage")).toBe(
      `az provider register --namespace Microsoft.Storage --subscription ${subscriptionId} --wait`,
    );
    expect(check(first.answer, "storage-name").measured).toBe("because of provider-storage");
    expect(check(first.answer, "vcpu-quota").measured).toContain("may have 0");
    expect(idsOf(second.answer, "fix")).toEqual(["provider-storage", "account-quota"]);
    expect(check(second.answer, "account-quota").measured).toMatch(/^1 of 1 in japaneast are used: bafirst/);
  });

  it("names the subscriptions there are where none is chosen, and refuses one that is not there", async () => {
    const { ARM_SUBSCRIPTION_ID: id, ...unnamed } = environmentOf(good);
    const other = "11111111-2222-3333-4444-555555555555";

    const none = await answerOf("dev", unnamed);
    const wrong = await answerOf("dev", { ...unnamed, ARM_SUBSCRIPTION_ID: other });

    expect(firstCommand(none.answer, "subscription")).toBe(`export ARM_SUBSCRIPTION_ID=${id!}`);
    expect(check(wrong.answer, "subscription").measured).toContain("404 SubscriptionNotFound");
    expect(wrong.code).toBe(1);
  });

  it("says that Azure does not answer, and that it was asked nothing", async () => {
    const deaf = { ...environmentOf(good), ARM_RESOURCE_MANAGER_ENDPOINT: "https://127.0.0.1:1" };

    const { code, answer } = await answerOf("dev", deaf);

    expect(code).toBe(1);
    expect(idsOf(answer, "fix")).toEqual(["subscription"]);
    expect(check(answer, "subscription").measured).toContain("no answer from https://127.0.0.1:1");
  });

  it("tells what is wrong with the stack's file, and of a stack that has none", async () => {
    stack("bad", { poolNodes: 250 });
    writeFileSync(join(folder, "Pulumi.torn.yaml"), "config: [");

    const bad = await answerOf("bad", environmentOf(good));
    const torn = await answerOf("torn", environmentOf(good));
    const none = await answerOf("none", environmentOf(good));

    expect(check(bad.answer, "settings").measured).toBe("poolNodes: expected 0–100, got 250");
    expect(check(bad.answer, "vm-size").measured).toBe("because of settings");
    expect(check(bad.answer, "provider-batch").verdict).toBe("ok");
    expect(check(torn.answer, "settings").measured).toContain("Pulumi.torn.yaml");
    expect(firstCommand(none.answer, "settings")).toBe("pulumi stack init none");
    expect([bad.code, torn.code, none.code]).toEqual([1, 1, 1]);
  });

  it("exits with 2 when it is asked in a way it does not know", async () => {
    const { code, stderr } = await doctor(["--stak", "dev"], environmentOf(good));

    expect(code).toBe(2);
    expect(stderr).toContain("--stack");
  });
});
