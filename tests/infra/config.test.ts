import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { parseStackConfig, subscriptionMistakes, type StackConfig } from "../../infra/config";
import { defaultDetectionSettings } from "../../worker/contract/settings";

/** What the engine gives the program for a stack that sets nothing: the defaults of Pulumi.yaml, as text. */
const project = parse(readFileSync(resolve(__dirname, "../../Pulumi.yaml"), "utf8")) as {
  config: Record<string, { default: unknown; type: string; description?: string }>;
};
const defaults = Object.fromEntries(
  Object.entries(project.config).map(([key, declared]) => [
    key,
    typeof declared.default === "string" ? declared.default : JSON.stringify(declared.default),
  ]),
);
const guid = "11111111-2222-3333-4444-555555555555";

function configOf(settings: Record<string, string>): StackConfig {
  const read = parseStackConfig({ ...defaults, ...settings }, "japaneast");
  if ("mistakes" in read) throw new Error(read.mistakes.join("; "));
  return read.config;
}
function mistakesOf(
  settings: Record<string, string>,
  location: string | undefined = "japaneast",
): readonly string[] {
  const read = parseStackConfig({ ...defaults, ...settings }, location);
  return "mistakes" in read ? read.mistakes : [];
}

it("needs nothing but a region", () => {
  expect(configOf({})).toEqual({
    location: "japaneast",
    resourceGroup: { kind: "own" },
    storageAccount: { kind: "own" },
    subnet: undefined,
    keeping: { protect: false, retainResults: false },
    vmSize: "Standard_D2s_v3",
    vCpus: 2,
    scaling: { kind: "auto", minNodes: 0, maxNodes: 2, spotShare: 0 },
    modelFile: "assets/model/street.onnx",
    seedFolder: undefined,
    detection: defaultDetectionSettings,
    limits: { maxFailedShare: 1, maxTaskMinutes: 120, maxJobHours: 24 },
    roles: { kind: "caller" },
    retainRunsDays: 90,
    tags: {},
  });
});

it("declares type, default and description of every setting in Pulumi.yaml", () => {
  for (const [key, { type, default: value, description }] of Object.entries(project.config))
    expect([key, type, value, description]).toEqual([
      key,
      expect.any(String),
      expect.anything(),
      expect.any(String),
    ]);
});

it("reads what a stack sets", () => {
  const operators = [{ principalId: guid, principalType: "Group" }];

  const config = configOf({
    vmSize: "Standard_E8-4s_v5",
    scaling: "auto",
    minNodes: "1",
    maxNodes: "20",
    spotShare: "0.8",
    seedFolder: "assets/images",
    confidence: "0.4",
    acceptTruncated: "true",
    maxFailedShare: "0.05",
    operators: JSON.stringify(operators),
    tags: '{"owner":"vision"}',
  });

  expect(config).toMatchObject({
    vCpus: 4,
    scaling: { kind: "auto", minNodes: 1, maxNodes: 20, spotShare: 0.8 },
    seedFolder: "assets/images",
    detection: { confidence: 0.4, acceptTruncated: true },
    limits: { maxFailedShare: 0.05 },
    roles: { kind: "listed", operators },
    tags: { owner: "vision" },
  });
});

it("gives no roles where another team manages them", () => {
  expect(configOf({ manageRoles: "false" }).roles).toEqual({ kind: "none" });
});

it("reports all mistakes at once, each with the setting, what was expected and what was found", () => {
  const found = mistakesOf(
    {
      vmSize: "Standard_D2ps_v5",
      poolNodes: "250",
      scaling: "auto",
      minNodes: "9",
      confidence: "2",
      iou: "half",
      maxDetections: "1.5",
      annotate: "some",
      acceptTruncated: "yes",
      maxFailedShare: "5",
      maxTaskMinutes: "0",
      maxJobHours: "1000",
      modelFile: "",
      manageRoles: "false",
      operators: `[{"principalId":"${guid}","principalType":"User"}]`,
      retainRunsDays: "0",
      resourceGroup: "/subscriptions/s/resourceGroups/team",
      storageAccount: "teamstorage",
      subnetId: "nodes",
      protect: "yes",
      retainResults: "",
      tags: '{"a?b":"c"}',
      poolnodes: "3",
      colour: "red",
    },
    "",
  );

  expect(found).toEqual([
    "azure-native:location: missing; expected a region, such as japaneast",
    "vmSize: expected an x64 size whose name tells its vCPUs, such as Standard_D2s_v3, got Standard_D2ps_v5",
    "poolNodes: expected 0–100, got 250",
    "modelFile: expected the path of an ONNX file, got nothing",
    "confidence: expected 0–1, got 2",
    "iou: expected 0–1, got half",
    "maxDetections: expected 1–30000, got 1.5",
    "annotate: expected all, positives, none or a share between 0 and 1, got some",
    "acceptTruncated: expected true or false, got yes",
    "maxFailedShare: expected 0–1, got 5",
    "maxTaskMinutes: expected 1–10080, got 0",
    "maxJobHours: expected 1–720, got 1000",
    "retainRunsDays: expected 1–3650, got 0",
    "resourceGroup: expected the name of a resource group (not its id), or nothing, got /subscriptions/s/resourceGroups/team",
    "storageAccount: expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/NAME, or nothing, got teamstorage",
    "subnetId: expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/NAME/subnets/NAME, or nothing, got nodes",
    "protect: expected true or false, got yes",
    "retainResults: expected true or false, got nothing",
    'tags: expected up to 40 names with texts, none with any of <>%&\\?/ in its name, got {"a?b":"c"}',
    "poolnodes: no such setting; did you mean poolNodes?",
    expect.stringMatching(/^colour: no such setting; there are vmSize, scaling, poolNodes, /),
    "minNodes: expected at most maxNodes (2), got 9",
    "operators: expected none with manageRoles: false, which gives no roles to anybody",
  ]);
});

it.each([
  [
    { scaling: "fixed", spotShare: "0.5" },
    "expected 0 with scaling: fixed, whose nodes are all dedicated, got 0.5",
  ],
  [
    { scaling: "auto", minNodes: "3", maxNodes: "3", spotShare: "1" },
    "expected 0 with minNodes equal to maxNodes, since only nodes above minNodes may be Spot, got 1",
  ],
  [
    { scaling: "auto", minNodes: "1", maxNodes: "4", spotShare: "0.3" },
    "expected 0, or 1/3 or more, which makes one of the 3 above minNodes Spot, got 0.3",
  ],
  [{ scaling: "auto", spotShare: "50" }, "expected 0–1, got 50"],
])("names what contradicts a share of Spot nodes: %j", (settings, mistake) => {
  expect(mistakesOf(settings)).toEqual([`spotShare: ${mistake}`]);
});

it("takes no empty text for a number", () => {
  expect(mistakesOf({ poolNodes: "" })).toEqual(["poolNodes: expected 0–100, got nothing"]);
});

it.each(["not json", "{}", '[{"principalId":"me","principalType":"User"}]', `[{"principalId":"${guid}"}]`])(
  "refuses operators that are not principals: %s",
  (operators) => {
    expect(mistakesOf({ operators })).toEqual([
      `operators: expected a list of {principalId: GUID, principalType: User, Group or ServicePrincipal}, got ${operators}`,
    ]);
  },
);

describe("what a team has already", () => {
  const group = `/subscriptions/${guid}/resourceGroups/Data.Store_1`;
  const storageAccount = `${group}/providers/Microsoft.Storage/storageAccounts/teamstorage`;
  const subnetId = `${group}/providers/Microsoft.Network/virtualNetworks/hub-1/subnets/batch_nodes`;

  it("is named by settings: the group by its name, account and subnet by their ids", () => {
    expect(configOf({ resourceGroup: "Team.(vision)-1", storageAccount, subnetId })).toMatchObject({
      resourceGroup: { kind: "existing", existing: "Team.(vision)-1" },
      storageAccount: {
        kind: "existing",
        existing: {
          id: storageAccount,
          subscriptionId: guid,
          resourceGroup: "Data.Store_1",
          name: "teamstorage",
        },
      },
      subnet: { id: subnetId, name: "batch_nodes" },
    });
  });

  it("may be kept, protected or both, with parts of a team's own too", () => {
    const both = { protect: "true", retainResults: "true", storageAccount };

    expect(configOf(both).keeping).toEqual({ protect: true, retainResults: true });
  });

  it.each([
    ["resourceGroup", "ends-with-a-point."],
    ["resourceGroup", "a/b"],
    ["resourceGroup", "x".repeat(91)],
    ["storageAccount", `${storageAccount}/`],
    ["storageAccount", `${storageAccount}/blobServices/default/containers/input`],
    ["storageAccount", subnetId],
    ["subnetId", subnetId.replace("/subnets/batch_nodes", "")],
    ["subnetId", storageAccount],
  ])("is not accepted for %s as %s", (key, value) => {
    expect(mistakesOf({ [key]: value })).toEqual([expect.stringMatching(new RegExp(`^${key}: expected `))]);
  });

  it("is read whatever its letters' case is, as Azure does", () => {
    expect(
      configOf({ storageAccount: storageAccount.replace("resourceGroups", "resourcegroups") }),
    ).toMatchObject({
      storageAccount: { existing: { name: "teamstorage" } },
    });
  });

  it("must be in the subscription of the stack: account and subnet are reported together", () => {
    const config = configOf({ storageAccount, subnetId });
    const other = "99999999-2222-3333-4444-555555555555";

    expect(subscriptionMistakes(config, guid)).toEqual([]);
    expect(subscriptionMistakes(config, other)).toEqual([
      `storageAccount: expected one in subscription ${other}, got one in ${guid}`,
      `subnetId: expected one in subscription ${other}, got one in ${guid}`,
    ]);
  });
});
