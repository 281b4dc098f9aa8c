import type { Verdict } from "../../../infra/review/grade";
import { gradeStep } from "../../../infra/review/gradeStep";
import { table, type Row } from "../../../infra/review/table";
import { typeOf } from "../../../local/arm/catalog";
import { diff } from "../../../local/arm/diff";
import { dataPlanePool } from "../../../local/arm/pool";
import { fixedChanges } from "../../../local/compute/poolUpdate";
import { declareFixtureStack, defaultConfig } from "../fixtureStack";
import { auto, fixed, step, types, type StepFacts, type TypeName } from "./steps";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An update of one property, at a path of plain names. */
const change = (path: string, before: unknown = "a", after: unknown = "b"): StepFacts => {
  const inputs = (value: unknown) =>
    path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<
      string,
      unknown
    >;
  return { before: inputs(before), after: inputs(after) };
};
const replaced = (path: string, more: Partial<StepFacts> = {}): StepFacts => ({
  op: "replace",
  ...change(path),
  ...more,
});
const made: StepFacts = { after: {} };
const deleted: StepFacts = { before: {} };
const days = (number: number) => ({
  policy: {
    rules: [
      { definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: number } } } } },
    ],
  },
});
const place = { accountName: "ba", resourceGroupName: "rg" };

type Case = readonly [what: string, type: TypeName, facts: StepFacts, grade: Verdict, meaning: string];

const cases: readonly Case[] = [
  ["a resource group is made", "group", made, "live", "is made"],
  ["its tags change", "group", change("tags.owner"), "live", "tags"],
  [
    "it moves to another region",
    "group",
    replaced("location"),
    "loses data",
    "pictures and results included, and is made anew",
  ],
  [
    "it is replaced, and retained",
    "group",
    replaced("location", { retained: true }),
    "interrupts",
    "stays in Azure",
  ],
  ["it is deleted", "group", deleted, "loses data", "pictures and results included."],
  ["it is deleted, and retained", "group", { ...deleted, retained: true }, "interrupts", "stays in Azure"],

  ["a storage account is made", "account", made, "live", "is made"],
  ["its tags change", "account", change("tags"), "live", "tags"],
  ["its tier changes", "account", change("accessTier"), "live", "price of storage"],
  ["its redundancy changes", "account", change("sku.name"), "live", "price of storage"],
  ["its keys are let in", "account", change("allowSharedKeyAccess", false, true), "live", "Entra tokens"],
  ["it demands another TLS", "account", change("minimumTlsVersion"), "interrupts", "older TLS"],
  ["its kind changes", "account", change("kind"), "interrupts", "kinds"],
  ["it moves to another region", "account", replaced("location"), "loses data", "made anew, empty"],
  [
    "it is replaced, and retained",
    "account",
    replaced("location", { retained: true }),
    "interrupts",
    "stays in Azure",
  ],
  ["it is deleted", "account", deleted, "loses data", "ledger"],
  ["it is deleted, and retained", "account", { ...deleted, retained: true }, "interrupts", "stays in Azure"],

  ["a container is made", "container", made, "live", "is made"],
  ["its public access changes", "container", change("publicAccess"), "live", "without signing in"],
  ["it is replaced with its account", "container", replaced("accountName"), "loses data", "made anew, empty"],
  [
    "it is replaced, and retained",
    "container",
    replaced("accountName", { retained: true }),
    "interrupts",
    "stays in Azure",
  ],
  [
    "the one for layers is replaced",
    "container",
    {
      op: "replace",
      before: { containerName: "layers", accountName: "a" },
      after: { containerName: "layers", accountName: "b" },
    },
    "interrupts",
    "layers go",
  ],
  ["it is deleted", "container", { before: { containerName: "output" } }, "loses data", "every blob"],
  [
    "it is deleted, and retained",
    "container",
    { before: {}, retained: true },
    "interrupts",
    "stays in Azure",
  ],
  [
    "the one for layers is deleted",
    "container",
    { before: { containerName: "layers" } },
    "interrupts",
    "layers go",
  ],

  ["a rule for old runs is made", "lifecycle", made, "live", "as old as the rule says"],
  ["runs are kept longer", "lifecycle", { before: days(30), after: days(90) }, "live", "kept longer"],
  [
    "runs are kept for a shorter time",
    "lifecycle",
    { before: days(90), after: days(30) },
    "loses data",
    "older runs",
  ],
  ["the rule falls on other blobs", "lifecycle", change("policy.rules"), "loses data", "other blobs"],
  ["the rule follows its account", "lifecycle", replaced("accountName"), "live", "made again"],
  ["the rule goes", "lifecycle", deleted, "live", "for ever"],

  ["an identity is made", "identity", made, "live", "is made"],
  ["its tags change", "identity", change("tags"), "live", "tags"],
  ["it is replaced", "identity", replaced("location"), "interrupts", "another comes"],
  ["it is deleted", "identity", deleted, "interrupts", "read and write no more"],

  ["a role is given", "role", made, "live", "ten minutes"],
  [
    "the nodes' role is given anew",
    "role",
    replaced("principalId", { name: "nodes-output" }),
    "interrupts",
    "running tasks",
  ],
  [
    "somebody's role is given anew",
    "role",
    replaced("principalId", { name: "operator-input" }),
    "interrupts",
    "loses access",
  ],
  ["the nodes' role is taken", "role", { ...deleted, name: "nodes-input" }, "interrupts", "running tasks"],
  ["somebody's role is taken", "role", { ...deleted, name: "operator-input" }, "interrupts", "loses access"],

  ["a Batch account is made", "batch", made, "live", "is made"],
  ["its tags change", "batch", change("tags"), "live", "tags"],
  ["it lets in by other ways", "batch", change("allowedAuthenticationModes"), "interrupts", "closed"],
  [
    "it gets another allocation mode",
    "batch",
    change("poolAllocationMode"),
    "interrupts",
    "only when an account is made",
  ],
  ["it moves to another region", "batch", replaced("location"), "interrupts", "made anew"],
  ["it is deleted", "batch", deleted, "interrupts", "results stay"],

  ["a pool is made", "pool", made, "live", "billed"],
  ["it gets more nodes", "pool", { before: fixed(1), after: fixed(3) }, "live", "no node leaves"],
  ["it gets fewer nodes", "pool", { before: fixed(3), after: fixed(1) }, "interrupts", "run again elsewhere"],
  ["it gets a new start task", "pool", change("startTask.commandLine"), "live", "that start from then on"],
  ["its tags change", "pool", change("tags"), "live", "tags"],
  ["it is to change what cannot", "pool", change("vmSize"), "interrupts", "Batch refuses"],
  [
    "it gets a sister under another name",
    "pool",
    { op: "replace", before: { ...place, poolName: "a" }, after: { ...place, poolName: "b" } },
    "new pool",
    "go on with what is left",
  ],
  ["it is replaced under its own name", "pool", replaced("vmSize"), "interrupts", "before the new one"],
  [
    "an old one is left over",
    "pool",
    { op: "delete-replaced", before: {} },
    "new pool",
    "earlier replacement",
  ],
  ["it is deleted", "pool", deleted, "interrupts", "wait for ever"],

  ["a layer is uploaded", "layer", made, "live", "uploaded"],
  ["a layer changes", "layer", change("digest"), "next job", "next job"],
  ["its file lies elsewhere", "layer", change("file"), "live", "elsewhere"],
  ["a layer goes", "layer", deleted, "live", "stays"],

  ["pictures are seeded", "seed", made, "next job", "uploaded"],
  ["other pictures are seeded", "seed", change("digest"), "next job", "none is removed"],
  ["they come from another folder", "seed", change("folder"), "live", "another folder"],
  ["no more pictures are seeded", "seed", deleted, "live", "stay"],

  ["a detection is made", "detection", made, "next job", "submitted"],
  [
    "its settings change",
    "detection",
    change("target.detection.confidence", 0.25, 0.5),
    "next job",
    "new lineage",
  ],
  ["there are new pictures", "detection", change("inputsDigest"), "next job", "New or changed pictures"],
  [
    "pictures cannot be listed yet",
    "detection",
    { before: { inputsDigest: "a" }, after: {} },
    "next job",
    "during the deploy",
  ],
  ["its pool is another", "detection", change("target.poolId"), "new pool", "move"],
  ["its accounts are others", "detection", change("target.batchEndpoint"), "next job", "accounts are now"],
  [
    "its target is not known yet",
    "detection",
    change("target", { a: 1 }, unknown),
    "next job",
    "accounts are now",
  ],
  ["it is deleted", "detection", deleted, "interrupts", "ended"],
];

describe("the table of grades", () => {
  it.each(cases)("grades it when %s (%s)", (_what, type, facts, grade, meaning) => {
    const graded = gradeStep(step(type, facts))!;

    expect(graded.grade).toBe(grade);
    expect(graded.meaning).toContain(meaning);
    expect(graded.source).toEqual(expect.any(String));
  });

  it("has no row that none of these cases comes to", () => {
    const reached = cases.map(([, type, facts]) => {
      const { grade, meaning } = gradeStep(step(type, facts))!;
      return `${types[type]} ${grade} ${meaning}`;
    });
    const rows = table.map(({ type, grade, meaning }) => `${type} ${grade} ${meaning}`);

    expect(new Set(reached)).toEqual(new Set(rows));
  });

  it("scales a pool live only where every node that goes may finish its task", () => {
    const graded = (before: object, after: object) =>
      gradeStep(step("pool", { before: { ...before }, after: { ...after } }))!.grade;

    expect(graded(fixed(3), auto(0, 2))).toBe("live");
    expect(graded(auto(0, 4), auto(0, 2))).toBe("live");
    expect(graded(auto(0, 4), auto(0, 4, ""))).toBe("interrupts");
    expect(graded(auto(0, 4), fixed(4))).toBe("live");
    expect(graded(auto(0, 4), fixed(3))).toBe("interrupts");
    expect(graded(fixed(3), fixed(1, { nodeDeallocationOption: "TaskCompletion" }))).toBe("live");
    expect(graded(fixed(1, { targetLowPriorityNodes: 2 }), fixed(1))).toBe("interrupts");
  });

  it.each<[string, StepFacts]>([
    ["a property that nobody thought of", change("mountConfiguration")],
    ["such a property beside a harmless one", { before: { tags: 1, spot: 1 }, after: { tags: 2, spot: 2 } }],
    [
      "such a property in a pool that is replaced",
      {
        op: "replace",
        before: { ...place, poolName: "a", spot: 1 },
        after: { ...place, poolName: "b", spot: 2 },
      },
    ],
    ["an operation that nobody thought of", { op: "import", before: {}, after: {} }],
    ["an update for which the preview shows no reason", { before: { a: 1 }, after: { a: 1 } }],
  ])("does not know %s", (_what, facts) => {
    expect(gradeStep(step("pool", facts))).toMatchObject({ grade: "unknown", source: null });
  });

  it("does not know a type that nobody thought of", () => {
    const other = { ...step("pool", made), type: "azure-native:network:VirtualNetwork" };

    expect(gradeStep(other)).toMatchObject({
      grade: "unknown",
      meaning: expect.stringContaining("VirtualNetwork") as string,
    });
  });

  it("takes the worst of what lies below a change that the provider names as a whole", () => {
    const facts = { before: fixed(3), after: fixed(1), changedPaths: ["scaleSettings"] };

    expect(gradeStep(step("pool", facts))).toMatchObject({ grade: "interrupts" });
  });

  it("grades nothing of what stays, and of components", () => {
    expect(gradeStep(step("pool", { op: "same", before: {}, after: {} }))).toBeUndefined();
    expect(gradeStep({ ...step("group", made), isReal: false })).toBeUndefined();
  });
});

describe("the table and the cloud", () => {
  const azure = [...new Set(table.map(({ type }) => type))].filter((type) =>
    type.startsWith("azure-native:"),
  );
  const propertiesOf = (type: string, on: Row["on"]): string[] => [
    ...new Set(
      table.filter((row) => row.type === type && row.on === on).flatMap(({ properties }) => properties),
    ),
  ];

  it.each(azure)("agree on what replaces a %s", (type) => {
    const { path, forceNew } = typeOf(type);

    expect(propertiesOf(type, "replace")).toEqual(expect.arrayContaining([...path, ...forceNew]));
    for (const property of propertiesOf(type, "update")) {
      const { before, after } = change(property);
      expect(diff(typeOf(type), before!, after!).changes.some(({ replaces }) => replaces)).toBe(false);
    }
  });

  it("agree on what Batch lets be changed while a pool has nodes", () => {
    const pool = (more: object) =>
      dataPlanePool({
        ...{
          resourceGroupName: "g",
          accountName: "a",
          poolName: "p",
          vmSize: "Standard_D2s_v3",
          ...fixed(1),
        },
        deploymentConfiguration: {
          virtualMachineConfiguration: {
            imageReference: { publisher: "p", offer: "o", sku: "s" },
            nodeAgentSkuId: "n",
          },
        },
        ...more,
      } as Parameters<typeof dataPlanePool>[0]);
    const changes: Readonly<Record<string, object>> = {
      vmSize: { vmSize: "Standard_D4s_v3" },
      taskSlotsPerNode: { taskSlotsPerNode: 4 },
      taskSchedulingPolicy: { taskSchedulingPolicy: { nodeFillType: "Pack" } },
      targetNodeCommunicationMode: { targetNodeCommunicationMode: "Classic" },
      identity: { identity: { type: "UserAssigned", userAssignedIdentities: ["/i"] } },
      scaleSettings: fixed(3),
      startTask: { startTask: { commandLine: "true" } },
    };
    for (const [property, more] of Object.entries(changes)) {
      const graded = gradeStep(step("pool", { before: { ...fixed(1) }, after: { ...fixed(1), ...more } }))!;
      const refused = fixedChanges(pool({}), pool(more)).length > 0;
      expect([property, graded.grade]).toEqual([property, refused ? "interrupts" : "live"]);
    }
  });
});

it("knows every property that the program declares", async () => {
  const { resources } = await declareFixtureStack(defaultConfig);
  const real = resources.filter(({ type }) => !type.startsWith("detect:infra:"));

  const unknowns = real.flatMap(({ type, name, inputs }) =>
    Object.keys(inputs)
      .filter((property) => {
        const { before, after } = { before: inputs, after: { ...inputs, [property]: "another" } };
        const base = { ...step("pool", { before, after, name }), type };
        const inPlace = gradeStep(base)!.grade;
        const replacing = gradeStep({ ...base, op: "replace" })!.grade;
        return inPlace === "unknown" && replacing === "unknown";
      })
      .map((property) => `${name}.${property}`),
  );
  expect(unknowns).toEqual([]);
});
