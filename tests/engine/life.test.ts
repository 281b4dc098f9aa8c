/**
 * The life of one stack through Pulumi's own CLI, from its first preview to its end: every row of the README's table "What an edit
 * does" is an edit here. Each test goes on from the one before.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import type { BatchAccount } from "../../local/compute/account";
import type { JobRecord, PoolRecord } from "../../local/compute/state";
import { principals } from "../../local/principals";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type ProjectCopy, type Stack, type Steps } from "../support/pulumi";

const street = (number: number): string =>
  join(project, "assets/images", `street-${String(number).padStart(2, "0")}.jpg`);

describeWithPulumi("a stack in the hands of Pulumi's engine", () => {
  let cloud: TestCloud;
  let copy: ProjectCopy;
  let stack: Stack;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    copy = copyProject(cloud);
    mkdirSync(join(copy.folder, "seed"));
    for (const number of [1, 2, 3]) cpSync(street(number), join(copy.folder, `seed/${number}.jpg`));
    stack = await copy.stack("life", { seedFolder: "seed", scaling: "fixed", poolNodes: 1 });
  }, 120_000);
  afterAll(() => cloud.stop(), 60_000);
  // A first compilation of the program on a busy machine takes its time; each command has a deadline of its own.
  jest.setTimeout(240_000);

  const target = async (): Promise<JobTarget> => parseJobTarget(await stack.outputs(), "outputs");
  const account = (): BatchAccount => cloud.batchAccount();
  const pools = (): PoolRecord[] => account().pools.list();
  const jobs = (): JobRecord[] =>
    account()
      .jobs.list()
      .sort((a, b) => a.creationTime.localeCompare(b.creationTime));
  const newestJob = (): string => jobs().at(-1)!.id;
  const container = async (name: "input" | "output"): Promise<ContainerClient> =>
    cloud.container(containerUrl(await target(), name));
  const edited = (settings: object): Promise<Steps> => {
    stack.set({ ...settings });
    return stack.up();
  };
  const finished = async (): Promise<{ code: number | null; stdout: string }> =>
    stack.job(["status", "--wait"]);
  const expectNothingToDo = async (): Promise<void> => {
    const again = await stack.pulumi(["preview", "--expect-no-changes"]);
    expect(again.stderr + again.stdout).toContain("unchanged");
    expect(again.code).toBe(0);
  };

  describe("from nothing", () => {
    it("is previewed as a whole before anything exists", async () => {
      const { ops } = await stack.preview();

      expect(new Set(Object.values(ops).flat())).toEqual(new Set(["create"]));
      expect(Object.keys(ops)).toEqual(
        expect.arrayContaining(["storage", "pool", "layer-worker", "detection"]),
      );
      expect(cloud.cloud.batch.options.records.list()).toEqual([]);
    });

    it("comes up, submits its job, and finds what there is to find", async () => {
      await stack.up();

      expect(await finished()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("3 of 3") as string,
      });
      expect((await target()).poolId).toBe(pools()[0]!.id);
    });

    it("has nothing to do when nothing changed", async () => {
      await expectNothingToDo();

      expect((await stack.up()).ops).toEqual({});
      expect(jobs()).toHaveLength(1);
    });
  });

  describe("is changed in place, with no new job,", () => {
    afterEach(() => expect(jobs()).toHaveLength(1));

    it("by its number of nodes", async () => {
      const before = pools()[0]!.id;
      const { ops, changed } = await edited({ poolNodes: 2 });

      expect(ops).toEqual({ pool: ["update"] });
      expect(changed.pool).toEqual(["scaleSettings.fixedScale.targetDedicatedNodes"]);
      expect(pools()).toMatchObject([{ id: before, spec: { targetDedicatedNodes: 2 } }]);
    });

    it("by a formula, by another formula, and back", async () => {
      expect((await edited({ scaling: "auto", maxNodes: 2 })).ops).toEqual({ pool: ["update"] });
      expect(pools()[0]!.spec.autoScaleFormula).toContain("maxNodes = 2;");
      expect((await edited({ minNodes: 1, maxNodes: 3 })).changed).toEqual({
        pool: ["scaleSettings.autoScale.formula"],
      });
      expect(pools()[0]!.spec.autoScaleFormula).toContain("maxNodes = 3;");
      await edited({ scaling: "fixed", poolNodes: 1 });
      expect(pools()[0]!.spec).toMatchObject({ enableAutoScale: false, targetDedicatedNodes: 1 });
    });

    it("by tags", async () => {
      const { ops } = await edited({ tags: { owner: "vision" } });

      expect(ops).toEqual({
        group: ["update"],
        storage: ["update"],
        batch: ["update"],
        nodes: ["update"],
        pool: ["update"],
      });
    });
  });

  describe("gives roles, with no new job,", () => {
    const { operator, reader } = principals;
    const operators = [operator, reader].map(({ objectId, type }) => ({
      principalId: objectId,
      principalType: type,
    }));
    const ofReader = ["input", "output", "layers", "batch"].map(
      (where) => `operator-${reader.objectId}-${where}`,
    );
    const all = (op: "create" | "delete") => Object.fromEntries(ofReader.map((name) => [name, [op]]));

    it("to a second operator beside who deployed it first, whose own stay as they are", async () => {
      const { ops } = await edited({ operators });

      expect(ops).toEqual(all("create"));
      expect(jobs()).toHaveLength(1);
    });

    it("and takes them away again, with a shorter time to keep runs", async () => {
      const { ops, changed } = await edited({ operators: undefined, retainRunsDays: 30 });

      expect(ops).toEqual({ ...all("delete"), "storage-lifecycle": ["update"] });
      expect(changed["storage-lifecycle"]).toEqual([
        "policy.rules[0].definition.actions.baseBlob.delete.daysAfterModificationGreaterThan",
      ]);
      expect(jobs()).toHaveLength(1);
    });
  });

  describe("gets a new job, on the nodes that are there,", () => {
    let jobsBefore: number;
    let nodesBefore: readonly string[];
    const nodeIds = (): string[] =>
      account()
        .pools.nodesOf(pools()[0]!)
        .map((node) => node.id);
    beforeEach(() => {
      jobsBefore = jobs().length;
      nodesBefore = nodeIds();
    });
    afterEach(async () => {
      expect(jobs()).toHaveLength(jobsBefore + 1);
      expect(await finished()).toMatchObject({ code: 0 });
      expect(nodeIds()).toEqual(nodesBefore);
    });

    it("by a new picture in its container", async () => {
      await (await container("input")).getBlockBlobClient("new/4.jpg").uploadFile(street(4));
      const { ops } = await edited({});

      expect(ops).toEqual({ detection: ["update"] });
    });

    it("by a setting of the detection, in a lineage of its own", async () => {
      const before = (await target()).lineage;
      const { ops } = await edited({ confidence: "0.5" });

      expect(ops).toEqual({ detection: ["update"] });
      expect((await target()).lineage).not.toBe(before);
    });

    it("by another model, which running nodes get with the job and new ones with the start task", async () => {
      // The same graph with a remark: protobuf takes a field that comes again from its last place.
      const model = readFileSync(join(project, "assets/model/street.onnx"));
      const remark = Buffer.from([0x32, 5, ...Buffer.from("again")]); // ModelProto.doc_string = 6
      writeFileSync(join(copy.folder, "other.onnx"), Buffer.concat([model, remark]));
      const { ops, changed } = await edited({ modelFile: "other.onnx" });

      expect(ops).toEqual({ "layer-model": ["update"], pool: ["update"], detection: ["update"] });
      expect(changed.pool).toEqual(expect.arrayContaining(["startTask.commandLine"]));
      expect(changed.pool!.every((path) => path.startsWith("startTask."))).toBe(true);
    });

    it("by another worker", async () => {
      copy.edit(
        "worker/selfTest.ts",
        "finds nothing in its own test picture.",
        "does not know its own test picture.",
      );
      const { ops } = await edited({});

      expect(ops).toEqual({ "layer-worker": ["update"], pool: ["update"], detection: ["update"] });
    });
  });

  describe("gets a new pool first, and its live job moves there,", () => {
    const many = 40;
    const results = async (): Promise<string[]> => {
      const out = join(cloud.folder, "out");
      rmSync(out, { recursive: true, force: true });
      expect(await stack.job(["results", "--out", out])).toMatchObject({ code: 0 });
      const lines = readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n");
      return lines.map((line) => (JSON.parse(line) as { image: { name: string } }).image.name);
    };

    it("by another VM size, whose slots come with it, and a reviewer sees it before", async () => {
      const input = await container("input");
      const names = Array.from({ length: many }, (_, index) => `many/${index}.jpg`);
      await Promise.all(
        names.map((name, index) => input.getBlockBlobClient(name).uploadFile(street((index % 24) + 1))),
      );
      await edited({});
      const job = newestJob();
      const { id: old, spec } = pools()[0]!;
      // Nobody is left to end the job before it can move.
      account().updatePool({ ...spec, targetDedicatedNodes: 0 });

      stack.set({ vmSize: "Standard_D4s_v3" });
      const previewed = await stack.preview();
      const { ops } = await stack.up();

      expect(ops).toEqual(previewed.ops);

      expect(ops).toEqual({ pool: ["replace"], detection: ["update"] });
      expect(pools()).toMatchObject([{ spec: { taskSlotsPerNode: 4 } }]);
      expect(pools()[0]!.id).not.toBe(old);
      expect(newestJob()).toBe(job);
      expect(await finished()).toMatchObject({ code: 0 });
      expect(jobs().at(-1)!.poolId).toBe(pools()[0]!.id);
      // Those alone: the others were done before.
      expect((await results()).sort()).toEqual(names.toSorted());
    });

    it("by another image of the operating system, an edit of the program", async () => {
      copy.edit("infra/nodeImage.ts", 'sku: "server",', 'sku: "server-gen1",');
      const { ops } = await edited({});

      expect(ops).toEqual({ pool: ["replace"], detection: ["update"] });
      await expectNothingToDo();
    });
  });

  describe("is held against the cloud", () => {
    it("and shows no drift while nobody touched it", async () => {
      const refreshed = await stack.pulumi(["refresh", "--preview-only", "--expect-no-changes"]);

      expect(refreshed.code).toBe(0);
    });

    it("and shows what somebody resized, and puts it back", async () => {
      const { spec } = pools()[0]!;
      account().updatePool({ ...spec, targetDedicatedNodes: 2 });

      expect((await stack.pulumi(["refresh", "--preview-only", "--expect-no-changes"])).code).not.toBe(0);
      expect((await stack.pulumi(["refresh", "--yes", "--skip-preview"])).code).toBe(0);
      expect((await edited({})).ops).toEqual({ pool: ["update"] });
      expect(pools()[0]!.spec.targetDedicatedNodes).toBe(1);
    });

    it("and comes back whole after somebody deleted the pool behind its back", async () => {
      await account().deletePool(pools()[0]!.id);

      expect((await stack.pulumi(["refresh", "--yes", "--skip-preview"])).code).toBe(0);
      expect((await edited({})).ops).toEqual({ pool: ["create"] });
      expect(pools()).toHaveLength(1);
    });
  });

  it("tries again what its job step could not do", async () => {
    stack.set({ poolNodes: 0, iou: "0.6" });
    const failed = await stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(failed.code).not.toBe(0);
    expect(failed.stdout + failed.stderr).toContain(
      "is meant to have no nodes. Set poolNodes, or scaling to auto, and run pulumi up.",
    );
    const before = jobs().length;

    expect((await edited({ poolNodes: 1 })).ops).toEqual({ pool: ["update"], detection: ["update"] });
    expect(jobs()).toHaveLength(before + 1);
  });

  it("moves to another region by making everything anew, results lost", async () => {
    const { ops } = await edited({ "azure-native:location": "westeurope" });

    for (const name of ["group", "storage", "storage-output", "batch", "nodes", "pool"])
      expect(ops[name]).toEqual(["replace"]);
    expect(ops.detection).toEqual(["update"]);
    expect(await finished()).toMatchObject({ code: 0, stdout: expect.stringContaining("3 of 3") as string });
  });

  it("leaves nothing behind when it is destroyed", async () => {
    expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);

    const { storage, batch, identity, store } = cloud.cloud;
    expect(storage.options.records.list()).toEqual([]);
    expect(batch.options.records.list()).toEqual([]);
    expect(identity.identities.list()).toEqual([]);
    expect(store.table("resources").list()).toEqual([]);
  });
});
