/** What the doctor makes of Azure's answers. */
import type { Finding } from "../../../infra/doctor/check";
import { assessSubnet } from "../../../infra/doctor/existing";
import { assessGroup } from "../../../infra/doctor/group";
import { assessDated, assessImage } from "../../../infra/doctor/image";
import { assessName } from "../../../infra/doctor/names";
import { assess, permits } from "../../../infra/doctor/permissions";
import { assessProvider } from "../../../infra/doctor/providers";
import { assessAccountQuota, assessVCpuQuota } from "../../../infra/doctor/quotas";
import { assessRegion, nearest } from "../../../infra/doctor/region";
import { assessSettings, readSettings } from "../../../infra/doctor/settings";
import { assessSubscription, namedSubscription } from "../../../infra/doctor/subscription";
import { assessVmSize, type Sku } from "../../../infra/doctor/vmSize";
import { resourceTags } from "../../../infra/naming";
import { project } from "../../support/command";
import { commandsOf } from "./fixtures";

const today = new Date("2026-11-01T12:00:00Z");
const days = (count: number): string => new Date(today.getTime() + count * 86_400_000).toISOString();
const identity = { project: "object-detection", stack: "dev" };
const ours = resourceTags(identity, { team: "vision" });

describe("the settings", () => {
  it("are those of the stack's file on top of the project's", () => {
    const settings = readSettings(project, "dev");

    expect(settings).toMatchObject({ kind: "right", project: "object-detection" });
    expect(assessSettings(settings, "dev").measured).toBe("0 to 2 nodes of Standard_D2s_v3 in japaneast");
  });

  it("come with the command that makes the stack where it has no file", () => {
    const finding = assessSettings(readSettings(project, "of-nobody"), "of-nobody");

    expect(finding.measured).toContain("Pulumi.of-nobody.yaml");
    expect(commandsOf(finding)[0]).toBe("pulumi stack init of-nobody");
  });

  it.each([
    ["poolNodes: expected 0–100, got 250", "pulumi config set poolNodes VALUE --stack dev"],
    ["vmsize: no such setting; did you mean vmSize?", "pulumi config rm vmsize --stack dev"],
    [
      "azure-native:location: missing; expected a region, such as japaneast",
      "pulumi config set azure-native:location VALUE --stack dev",
    ],
  ])("that are wrong are told with the setting to change: %s", (mistake, command) => {
    const settings = { kind: "wrong", project: "p", subscriptionId: undefined, mistakes: [mistake] } as const;

    expect(assessSettings(settings, "dev")).toMatchObject({ kind: "fix", measured: mistake });
    expect(commandsOf(assessSettings(settings, "dev"))).toEqual([command]);
  });
});

describe("the subscription", () => {
  const wrong = { kind: "wrong", project: "", mistakes: [] } as const;
  const az = (stdout: string) => () => Promise.resolve({ kind: "said", stdout } as const);

  it("is looked for where azure-native looks, in its order", async () => {
    const named = { ...wrong, subscriptionId: "a" };
    const unnamed = { ...wrong, subscriptionId: undefined };

    expect(await namedSubscription(named, "b", az("c"))).toMatchObject({ id: "a" });
    expect(await namedSubscription(unnamed, "b", az("c"))).toMatchObject({ id: "b" });
    expect(await namedSubscription(unnamed, undefined, az("c"))).toMatchObject({ id: "c", by: "az account" });
    expect(await namedSubscription(unnamed, undefined, az(""))).toEqual({ kind: "none" });
  });

  it.each([
    ["Enabled", "ok"],
    ["Warned", "warning"],
    ["PastDue", "warning"],
    ["Disabled", "fix"],
    ["Deleted", "fix"],
  ])("that is %s is %s", (state, kind) => {
    expect(assessSubscription({ subscriptionId: "id", displayName: "Team", state }, "az account").kind).toBe(
      kind,
    );
  });
});

it.each(["NotRegistered", "Unregistered", "Registering"])(
  "registers a provider that is %s",
  (registrationState) => {
    const finding = assessProvider("Microsoft.Batch", { registrationState, resourceTypes: [] }, "sub");

    expect(finding).toMatchObject({ kind: "fix", measured: registrationState });
    expect(commandsOf(finding)).toEqual([
      "az provider register --namespace Microsoft.Batch --subscription sub --wait",
    ]);
  },
);

describe("the region", () => {
  const known = [
    { name: "japaneast", displayName: "Japan East" },
    { name: "westeurope", displayName: "West Europe" },
    { name: "jioindiawest", displayName: "Jio India West" },
  ];
  const look = (region: string): Finding => assessRegion(region, known, ["Japan East", "West Europe"], "dev");

  it("is known in both spellings", () => {
    expect(look("japaneast")).toEqual({ kind: "ok", measured: "japaneast (Japan East)" });
    expect(look("Japan East").kind).toBe("ok");
  });

  it("that is misspelt gets the nearest that has Batch", () => {
    expect(look("japaneats").measured).toBe("japaneats is no region of this subscription");
    expect(commandsOf(look("japaneats"))[0]).toBe(
      "pulumi config set azure-native:location japaneast --stack dev",
    );
    expect(commandsOf(look("atlantis"))[0]).toBe(
      "pulumi config set azure-native:location REGION --stack dev",
    );
    expect(nearest("West-Europe", ["westeurope", "japaneast"])).toBe("westeurope");
  });

  it("without Batch is told apart from one that does not exist", () => {
    expect(look("jioindiawest")).toMatchObject({ kind: "fix", measured: "jioindiawest has no Batch" });
  });
});

describe("the VM size", () => {
  const vCpus = (value: string) => [{ name: "vCPUs", value }];
  const skus: Sku[] = [
    { name: "Standard_D2as_v5", familyName: "standardDASv5Family", capabilities: vCpus("2") },
    { name: "Standard_D2s_v3", familyName: "standardDSv3Family", capabilities: vCpus("2") },
    {
      name: "Standard_F2s_v2",
      familyName: "standardFSv2Family",
      capabilities: vCpus("2"),
      batchSupportEndOfLife: days(100),
    },
  ];
  const look = (vmSize: string, among = skus): Finding =>
    assessVmSize({ vmSize, vCpus: 2, location: "japaneast" }, among, today, "dev");

  it("that Batch has is fine in any spelling", () => {
    expect(look("STANDARD_d2s_v3")).toEqual({
      kind: "ok",
      measured: "Standard_D2s_v3, family standardDSv3Family",
    });
  });

  it("that Batch has not is told with one of as many vCPUs that it has", () => {
    expect(look("Standard_D2s_v9").measured).toBe("Batch in japaneast has no Standard_D2s_v9");
    expect(commandsOf(look("Standard_D2s_v9"))[0]).toBe(
      "pulumi config set vmSize Standard_D2s_v3 --stack dev",
    );
  });

  it("of the first generation does not start the nodes' image", () => {
    const capabilities = [{ name: "HyperVGenerations", value: "V1" }];

    expect(look("Standard_D2s_v3", [{ ...skus[1]!, capabilities }])).toMatchObject({ kind: "fix" });
  });

  it("that retires is a warning from 180 days before, and to be changed once its day has passed", () => {
    const ending = (count: number): Sku[] => [{ ...skus[2]!, batchSupportEndOfLife: days(count) }];

    expect(look("Standard_F2s_v2", ending(181)).kind).toBe("ok");
    expect(look("Standard_F2s_v2", ending(179))).toMatchObject({ kind: "warning" });
    expect(look("Standard_F2s_v2", ending(179)).measured).toContain("179 days from now");
    expect(look("Standard_F2s_v2", ending(-1)).kind).toBe("fix");
  });
});

describe("quotas", () => {
  const account = {
    id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Batch/batchAccounts/badev",
    name: "badev",
    location: "japaneast",
    properties: {
      accountEndpoint: "badev.japaneast.batch.azure.com",
      poolQuota: 100,
      dedicatedCoreQuota: 20,
      lowPriorityCoreQuota: 6,
      dedicatedCoreQuotaPerVMFamilyEnforced: true,
      dedicatedCoreQuotaPerVMFamily: [{ name: "standardDSv3Family", coreQuota: 8 }],
    },
  };
  const nodes = (count: number) => ({ vCpus: 2, scaling: { kind: "fixed", nodes: count } }) as const;
  const scaled = (maxNodes: number, spotShare: number) =>
    ({ vCpus: 2, scaling: { kind: "auto", minNodes: 0, maxNodes, spotShare } }) as const;
  const auto = scaled(10, 0);
  const look = (settings: Parameters<typeof assessVCpuQuota>[0], family = "standarddsv3family"): Finding =>
    assessVCpuQuota(settings, family, account, "dev");

  it("hold the nodes or tell how many fit, by the family where families count", () => {
    expect(look(nodes(4)).kind).toBe("ok");
    expect(look(nodes(5))).toMatchObject({ kind: "fix" });
    expect(look(nodes(5)).measured).toContain("family standarddsv3family may have 8");
    expect(commandsOf(look(nodes(5)))[0]).toBe("pulumi config set poolNodes 4 --stack dev");
  });

  it("are a warning with automatic scaling, which takes what it gets", () => {
    expect(look(auto)).toMatchObject({ kind: "warning" });
    expect(commandsOf(look(auto))[0]).toBe("pulumi config set maxNodes 4 --stack dev");
  });

  it("of Spot nodes are another number: without enough of them the dedicated nodes do the work, if there are any", () => {
    expect(look(scaled(6, 0.5))).toMatchObject({
      kind: "ok",
      measured: expect.stringMatching(
        /^6 vCPUs are needed.*; 6 vCPUs of Spot nodes are needed, the account may have 6$/,
      ) as string,
    });
    expect(look(scaled(8, 0.5))).toMatchObject({ kind: "warning" });
    expect(commandsOf(look(scaled(8, 0.5)))[0]).toBe("pulumi config set spotShare 0 --stack dev");
    const none = { ...account, properties: { ...account.properties, lowPriorityCoreQuota: 0 } };
    expect(assessVCpuQuota(scaled(4, 1), "standarddsv3family", none, "dev").kind).toBe("fix");
    expect(assessVCpuQuota(scaled(4, 0.5), "standarddsv3family", none, "dev").kind).toBe("warning");
  });

  it("are answered with a number of nodes that may be set and whose dedicated ones fit", () => {
    expect(commandsOf(look(scaled(20, 0.5)))[0]).toBe("pulumi config set maxNodes 8 --stack dev");
    const none = look(auto, "standardESv3Family");
    expect(none.kind).toBe("fix");
    expect(commandsOf(none).filter((line) => line.includes("maxNodes"))).toEqual([]);
  });

  it("of a family that is not listed are none", () => {
    expect(look(nodes(1), "standardESv3Family").kind).toBe("fix");
    expect(look(nodes(0), "standardESv3Family").kind).toBe("ok");
  });

  it("of the account alone count where families have none", () => {
    const { properties } = account;
    const whole = { ...account, properties: { ...properties, dedicatedCoreQuotaPerVMFamilyEnforced: false } };

    expect(assessVCpuQuota(nodes(10), "any", whole, "dev").kind).toBe("ok");
    expect(assessVCpuQuota(nodes(11), "any", whole, "dev").kind).toBe("fix");
  });

  it("without a single pool stop everything", () => {
    const none = { ...account, properties: { ...account.properties, poolQuota: 0 } };

    expect(assessVCpuQuota(nodes(0), "any", none, "dev").measured).toBe("account badev may have no pool");
  });

  it("of accounts are told with who uses them", () => {
    expect(assessAccountQuota("japaneast", 3, ["one", "two"], "dev").kind).toBe("ok");
    expect(assessAccountQuota("japaneast", 1, ["one"], "dev")).toMatchObject({
      kind: "fix",
      measured: "1 of 1 in japaneast are used: one",
    });
    expect(assessAccountQuota("japaneast", 0, [], "dev").kind).toBe("fix");
  });
});

describe("the nodes' image", () => {
  const image = {
    nodeAgentSKUId: "batch.node.ubuntu 24.04",
    imageReference: { publisher: "Canonical", offer: "Ubuntu-24_04-LTS", sku: "server", version: "latest" },
    verificationType: "verified",
  } as const;

  it("is looked for without letter case, and must be there", () => {
    expect(assessImage([image], today).kind).toBe("ok");
    expect(assessImage([], today).kind).toBe("fix");
    expect(assessImage([{ ...image, nodeAgentSKUId: "batch.node.ubuntu 22.04" }], today).kind).toBe("fix");
  });

  it("is a warning when it is not verified, or from 180 days before its end", () => {
    expect(assessImage([{ ...image, verificationType: "unverified" }], today).kind).toBe("warning");
    const ending = (count: number): Finding =>
      assessImage([{ ...image, batchSupportEndOfLife: new Date(days(count)) }], today);

    expect([ending(181), ending(179), ending(-1)].map(({ kind }) => kind)).toEqual(["ok", "warning", "fix"]);
  });

  it("is known by a table, which says its date, before there is an account", () => {
    expect(assessDated(today)).toMatchObject({ kind: "ok" });
    expect(assessDated(today).measured).toContain("table of 2026-11");
  });
});

describe("permissions", () => {
  const remedy = { command: "az role assignment create" };
  const action = "Microsoft.Authorization/roleAssignments/write";
  const owner = { actions: ["*"], notActions: [] };
  const contributor = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
  const administrator = { actions: ["microsoft.authorization/roleassignments/write"], notActions: [] };

  it("hold with stars and without letter case, but for what a role excepts", () => {
    expect(permits(owner, action)).toBe(true);
    expect(permits(contributor, action)).toBe(false);
    expect(permits(contributor, "Microsoft.Batch/batchAccounts/write")).toBe(true);
    expect(permits({ actions: ["*/read"], notActions: [] }, "Microsoft.Batch/batchAccounts/write")).toBe(
      false,
    );
  });

  it("excepted by one role may be given by another", () => {
    expect(assess([action], [contributor, administrator], [remedy]).kind).toBe("ok");
    expect(assess([action], [contributor], [remedy])).toMatchObject({
      kind: "fix",
      measured: `you may not ${action}`,
    });
    expect(assess([action], [], [remedy]).kind).toBe("fix");
  });

  it("under a condition are a warning, unless another role gives them without", () => {
    const conditional = { ...administrator, condition: "@Request[…]" };

    expect(assess([action], [conditional], [remedy]).kind).toBe("warning");
    expect(assess([action], [conditional, owner], [remedy]).kind).toBe("ok");
  });
});

describe("a name", () => {
  const taken = { nameAvailable: false, reason: "AlreadyExists", message: "It is taken." };
  const look = (own: Parameters<typeof assessName>[2]): Finding =>
    assessName("stdev", taken, own, identity, "dev");

  it("is fine when it is free, or this very stack's", () => {
    expect(assessName("stdev", { nameAvailable: true }, null, identity, "dev").kind).toBe("ok");
    expect(look({ id: "/x", tags: ours })).toEqual({ kind: "ok", measured: "stdev is this stack's already" });
  });

  it("that somebody else has asks for another stack name, since it follows from it", () => {
    expect(look(null)).toMatchObject({ kind: "fix" });
    expect(commandsOf(look(null))).toEqual(["pulumi stack rename NAME --stack dev"]);
    expect(look({ id: "/x", tags: { ...ours, "pulumi-stack": "prod" } }).kind).toBe("warning");
  });
});

describe("the resource group", () => {
  const own = { kind: "own", name: "rg-dev", location: "Japan East" } as const;
  const group = { id: "/g", name: "rg-dev", location: "japaneast", tags: ours };

  it("of the stack's own is free, or its already, or another's", () => {
    expect(assessGroup(own, null, identity, "dev").kind).toBe("ok");
    expect(assessGroup(own, group, identity, "dev").kind).toBe("ok");
    expect(assessGroup(own, { ...group, tags: {} }, identity, "dev").kind).toBe("warning");
  });

  it("stays in its region", () => {
    const elsewhere = assessGroup(own, { ...group, location: "westeurope" }, identity, "dev");

    expect(elsewhere.measured).toBe("rg-dev is in westeurope, the stack is set to Japan East");
    expect(commandsOf(elsewhere)[0]).toBe("pulumi config set azure-native:location westeurope --stack dev");
  });

  it("of a team must be there, wherever it is", () => {
    const wanted = { ...own, kind: "existing" } as const;

    expect(assessGroup(wanted, { ...group, location: "westeurope" }, identity, "dev").kind).toBe("ok");
    expect(commandsOf(assessGroup(wanted, null, identity, "dev"))[0]).toBe(
      "az group create --name rg-dev --location japaneast",
    );
  });
});

it("asks for a subnet that is there and in the nodes' region", () => {
  const subnet = { id: "/net/subnets/nodes", name: "nodes" };
  const look = (location: string, names: string[]): string =>
    assessSubnet(
      subnet,
      { location, properties: { subnets: names.map((name) => ({ name })) } },
      "japaneast",
      "dev",
    ).kind;

  expect(look("japaneast", ["other", "Nodes"])).toBe("ok");
  expect(look("westeurope", ["nodes"])).toBe("fix");
  expect(look("japaneast", ["other"])).toBe("fix");
  expect(assessSubnet(subnet, null, "japaneast", "dev").measured).toBe("there is no /net/subnets/nodes");
});
