/**
 * What `npm run review` says of an edit, and what then happens: each row of the README's table "What an edit does", through Pulumi's own
 * engine. Tasks of ours run beside the stack's jobs and tell whether anybody interrupted them. Each test goes on from the one before;
 * edits that do not get into each other's way are made at once, since every change has a grade of its own.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import type { Verdict } from "../../infra/review/grade";
import type { Review } from "../../infra/review/review";
import type { BatchAccount } from "../../local/compute/account";
import type { NodeRecord, PoolRecord, TaskRecord } from "../../local/compute/state";
import { eventually } from "../local/batch/batchCloud";
import { bash } from "../local/batch/fixtures";
import { project, type Finished } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type ProjectCopy, type Stack } from "../support/pulumi";

const watched = "watched";
const somebody = "00000000-0000-4000-8000-000000000001";
const street = (number: number): string =>
  join(project, "assets/images", `street-${String(number).padStart(2, "0")}.jpg`);

describeWithPulumi("a reviewed edit", () => {
  let cloud: TestCloud;
  let copy: ProjectCopy;
  let stack: Stack;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    copy = copyProject(cloud);
    mkdirSync(join(copy.folder, "seed"));
    cpSync(street(1), join(copy.folder, "seed/1.jpg"));
    stack = await copy.stack("review", {
      seedFolder: "seed",
      scaling: "fixed",
      poolNodes: 1,
      operators: [me()],
    });
  }, 120_000);
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(240_000);

  const me = () => ({ principalId: cloud.cloud.identity.operator.objectId, principalType: "User" });
  const target = async (): Promise<JobTarget> => parseJobTarget(await stack.outputs(), "outputs");
  const account = (): BatchAccount => cloud.batchAccount();
  const pools = (): PoolRecord[] => account().pools.list();
  const nodes = (): NodeRecord[] => account().pools.nodesOf(pools()[0]!);
  const nodeIds = (): string[] => nodes().map(({ id }) => id);
  const jobs = () =>
    account()
      .jobs.list()
      .filter(({ id }) => id !== watched);
  const container = async (name: "input" | "output"): Promise<ContainerClient> =>
    cloud.container(containerUrl(await target(), name));
  const mayUpload = (principalId: string): boolean => {
    const { storage, access } = cloud.cloud;
    const scope = `${storage.options.records.list()[0]!.standing.id}/blobServices/default/containers/input`;
    const name = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write";
    return access.allows(principalId, { kind: "dataAction", name }, scope);
  };

  /** Through a file, as in a pipeline. */
  const reviewed = async (settings: object): Promise<Review> => {
    stack.set({ ...settings });
    const previewed = await stack.pulumi(["preview", "--json", "--show-sames"]);
    expect(previewed).toMatchObject({ code: 0 });
    writeFileSync(previewFile(), previewed.stdout);
    const { stdout, stderr } = await reviewAgain(["--json"]);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Review;
  };
  const previewFile = (): string => join(copy.folder, "preview.json");
  const reviewAgain = (options: readonly string[]): Promise<Finished> =>
    copy.node("infra/review/main.ts", [previewFile(), ...options]);
  const gradesIn = ({ changes }: Review): Record<string, Verdict> =>
    Object.fromEntries(changes.map(({ resource, grade }) => [resource, grade]));

  /** As many tasks as there are nodes, each with a node of its own for as long as it is let. */
  const watch = async (): Promise<void> => {
    const poolId = pools()[0]!.id;
    if (
      !account()
        .jobs.list()
        .some(({ id }) => id === watched)
    )
      account().jobs.add({ id: watched, poolInfo: { poolId } });
    for (let number = tasks().length; number < pools()[0]!.spec.targetDedicatedNodes!; number++)
      account().tasks.add(watched, {
        id: `task-${number}`,
        commandLine: bash("sleep 3000"),
        requiredSlots: 2,
      });
    await eventually(
      "the watched tasks to run",
      () => Promise.resolve(tasks().every(({ state }) => state === "running")),
      120_000,
    );
  };
  const tasks = (): TaskRecord[] => account().tasks.list(watched);
  const running = (): readonly unknown[] =>
    tasks()
      .filter(({ state }) => state === "running")
      .map(({ id, run, requeueCount, place }) => [id, run.startTime, requeueCount, place?.nodeId]);

  it("is a new job where nothing was before, and nothing when it is made", async () => {
    const first = await reviewed({});
    await stack.up();

    expect(first.highest).toBe("next job");
    expect(first.estimate.after).toMatchObject({
      nodes: { idle: 1, ceiling: 1 },
      cost: { ceilingPerHour: 0.129 },
    });
    expect(jobs()).toHaveLength(1);
    const again = await reviewed({});
    expect([again.highest, again.changes]).toEqual([null, []]);
    expect(again.estimate.after).toMatchObject({ nodes: { idle: 1, ceiling: 1 } });
  });

  it("that is live touches neither nodes nor tasks: more nodes, tags, another operator, results kept longer", async () => {
    await watch();
    const [poolId, nodesBefore, runsBefore] = [pools()[0]!.id, nodeIds(), running()];

    const review = await reviewed({
      poolNodes: 2,
      tags: { owner: "vision" },
      retainRunsDays: 120,
      operators: [me(), { principalId: somebody, principalType: "User" }],
    });
    await stack.up();

    const places = ["input", "output", "layers", "batch"].map((place) => `operator-${somebody}-${place}`);
    const changed = ["group", "storage", "batch", "nodes", "pool", "storage-lifecycle", ...places];
    expect(gradesIn(review)).toEqual(Object.fromEntries(changed.map((name) => [name, "live"])));
    await eventually("two nodes", () => Promise.resolve(nodes().length === 2));
    expect([pools()[0]!.id, nodeIds()]).toEqual([poolId, expect.arrayContaining(nodesBefore)]);
    expect(running()).toEqual(expect.arrayContaining([...runsBefore]));
    expect(runsBefore).toHaveLength(1);
    expect(jobs()).toHaveLength(1);
    expect(mayUpload(somebody)).toBe(true);
  });

  it("that interrupts does so: fewer nodes, an operator less; and results kept for a shorter time are lost", async () => {
    await watch();

    const review = await reviewed({ poolNodes: 1, retainRunsDays: 30, operators: [me()] });
    const stopped = await reviewAgain(["--fail-at", "interrupts"]);
    const file = join(copy.folder, ".review-consent");
    const names = [...new Set(review.changes.map(({ resource }) => resource))];
    writeFileSync(
      file,
      JSON.stringify(names.map((resource) => ({ resource, grade: "loses data", reason: "it is a test" }))),
    );
    const passed = await reviewAgain(["--fail-at", "interrupts"]);
    await stack.up();

    expect(gradesIn(review)).toMatchObject({ pool: "interrupts", "storage-lifecycle": "loses data" });
    expect(gradesIn(review)[`operator-${somebody}-input`]).toBe("interrupts");
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("pool is graded interrupts, and no consent lets it through");
    expect([passed.code, passed.stdout]).toEqual([0, expect.stringContaining("consent: it is a test")]);
    await eventually("one node to be left", () => Promise.resolve(nodes().length === 1));
    expect(
      tasks()
        .map(({ requeueCount }) => requeueCount)
        .sort(),
    ).toEqual([0, 1]);
    expect(mayUpload(somebody)).toBe(false);
  });

  it("that is for the next job makes one and leaves what runs: model, settings, pictures, a formula beside", async () => {
    const [poolId, nodesBefore, runsBefore] = [pools()[0]!.id, nodeIds(), running()];
    const input = await container("input");
    await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        input.getBlockBlobClient(`many/${index}.jpg`).uploadFile(street((index % 24) + 1)),
      ),
    );
    cpSync(street(2), join(copy.folder, "seed/2.jpg"));
    // The same graph with a remark: protobuf takes a field that comes again from its last place.
    const model = readFileSync(join(project, "assets/model/street.onnx"));
    const remark = Buffer.from([0x32, 5, ...Buffer.from("again")]); // ModelProto.doc_string = 6
    writeFileSync(join(copy.folder, "other.onnx"), Buffer.concat([model, remark]));

    const review = await reviewed({
      confidence: "0.5",
      modelFile: "other.onnx",
      scaling: "auto",
      minNodes: 1,
      maxNodes: 2,
    });
    await stack.up();

    expect(gradesIn(review)).toEqual({
      "layer-model": "next job",
      pool: "live",
      "seed-images": "next job",
      detection: "next job",
    });
    expect(review.estimate.after).toMatchObject({
      nodes: { idle: 1, ceiling: 2 },
      cost: { ceilingPerHour: 0.258 },
    });
    const causes = review.changes.find(({ resource }) => resource === "detection")!.causes;
    expect(causes.map(({ property }) => property)).toEqual(
      expect.arrayContaining(["target.lineage", "inputsDigest", "seedDigest"]),
    );
    expect([pools()[0]!.id, nodeIds()]).toEqual([poolId, expect.arrayContaining(nodesBefore)]);
    expect(running()).toEqual(expect.arrayContaining([...runsBefore]));
    expect(runsBefore).toHaveLength(1);
    expect(jobs()).toHaveLength(2);
  });

  it("that is a new pool makes it first, moves the live job there, and removes the old one", async () => {
    const [{ id: old, spec }] = [pools()[0]!];
    const live = jobs().sort((a, b) => b.creationTime.localeCompare(a.creationTime))[0]!;
    // Nobody is left to end the job before it can move.
    const { autoScaleFormula, autoScaleEvaluationInterval, ...fixed } = spec;
    expect([autoScaleFormula, autoScaleEvaluationInterval]).toEqual([expect.any(String), "PT5M"]);
    account().updatePool({ ...fixed, enableAutoScale: false, targetDedicatedNodes: 0 });

    const review = await reviewed({ vmSize: "Standard_D4s_v3", scaling: "fixed" });
    await stack.up();

    expect(gradesIn(review)).toEqual({ pool: "new pool", detection: "new pool" });
    expect(pools().map(({ id }) => id)).not.toContain(old);
    expect(pools()).toHaveLength(1);
    expect(account().jobs.get(live.id)).toMatchObject({ poolId: pools()[0]!.id });
  });

  it("that loses data leaves none: another region", async () => {
    const kept = async (): Promise<boolean> =>
      (await container("output")).getBlobClient("of-ours.txt").exists();
    await (await container("output")).getBlockBlobClient("of-ours.txt").upload("a", 1);
    expect(await kept()).toBe(true);

    const review = await reviewed({ "azure-native:location": "eastus" });
    await stack.up();

    expect(gradesIn(review)).toMatchObject({
      group: "loses data",
      storage: "loses data",
      "storage-output": "loses data",
      "storage-input": "loses data",
      "storage-layers": "interrupts",
      batch: "interrupts",
      nodes: "interrupts",
      pool: "interrupts",
    });
    expect(review.highest).toBe("loses data");
    expect(review.changes.filter(({ grade }) => grade === "unknown")).toEqual([]);
    expect(review.estimate).toMatchObject({
      before: { cost: { ceilingPerHour: 0.258 } },
      after: { cost: { ceilingPerHour: 0.192 } },
      gaps: [],
    });
    expect(await kept()).toBe(false);
    expect(
      account()
        .jobs.list()
        .map(({ id }) => id),
    ).not.toContain(watched);
  });
});
