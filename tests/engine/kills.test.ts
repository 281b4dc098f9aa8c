/** Deploys that are killed in the middle: the engine gets a SIGKILL at one point after the other, and the next `up` goes on. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { endProcessesIn, project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type Stack } from "../support/pulumi";

describeWithPulumi("a deploy that is killed", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    const copy = copyProject(cloud);
    mkdirSync(join(copy.folder, "seed"));
    for (const number of ["01", "02"])
      cpSync(join(project, `assets/images/street-${number}.jpg`), join(copy.folder, `seed/${number}.jpg`));
    stack = await copy.stack("killed", { seedFolder: "seed", scaling: "fixed", poolNodes: 1 });
  }, 120_000);
  afterAll(async () => {
    // The host of dynamic resources, Pulumi's own, does not notice that its engine is gone.
    await endProcessesIn(cloud.folder, "pulumi-resource-pulumi-nodejs");
    await cloud.stop();
  }, 60_000);
  jest.setTimeout(240_000);

  /** Kills the engine once it said this, and frees the stack as its message asks for. */
  const killedAt = async (command: "up" | "destroy", said: string): Promise<void> => {
    const { code, stdout } = await stack.pulumi([command, "--yes", "--skip-preview"], { killAfter: said });
    expect(code).toBeNull();
    expect(stdout).toContain(said);
    const cancel = () => stack.pulumi(["cancel", "--yes"]);
    let cancelled = await cancel();
    if (cancelled.stderr.includes("failed to load checkpoint")) {
      // The kill hit Pulumi itself while it wrote its state into a file, or that file's attributes into another.
      stack.restoreState();
      cancelled = await cancel();
    }
    expect(cancelled).toMatchObject({ code: 0 });
  };
  const jobs = () => cloud.batchAccount().jobs.list();

  it.each(["group creating", "storage creating", "storage-input creating", "layer-runtime creating"])(
    "at «%s» leaves the stack free to go on",
    (said) => killedAt("up", said),
  );

  it.each(["pool creating", "seed-images creating", "detection creating"])(
    "at «%s» is gone on with, too",
    (said) => killedAt("up", said),
  );

  it("is made whole by the next up, with each picture processed once", async () => {
    await stack.up();

    expect(await stack.job(["status", "--wait"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 of 2") as string,
    });
    expect(jobs()).toHaveLength(1);
    expect((await stack.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
  });

  it("while the pool is replaced leaves one pool and a job that ends", async () => {
    stack.set({ vmSize: "Standard_D4s_v3", confidence: "0.3" });
    await killedAt("up", "pool created replacement");
    await killedAt("up", "detection updating");

    await stack.up();

    expect(cloud.batchAccount().pools.list()).toHaveLength(1);
    expect(await stack.job(["status", "--wait"])).toMatchObject({ code: 0 });
    expect(jobs().map((job) => job.state)).toEqual(["completed", "completed"]);
  });

  it("while it is destroyed can be destroyed again", async () => {
    await killedAt("destroy", "pool deleting");

    expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
    expect(cloud.cloud.store.table("resources").list()).toEqual([]);
  });

  it("interrupted by Ctrl-C ends in order, and needs no cancel", async () => {
    const { code, stdout } = await stack.pulumi(["up", "--yes", "--skip-preview"], {
      interruptAfter: "storage creating",
    });
    expect(code).not.toBe(0);
    expect(stdout).toContain("storage created");

    await stack.up();
    expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
  });
});
