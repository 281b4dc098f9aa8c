/** The stack with automatic scaling: nodes come for a job, do its tasks and go. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { project } from "../support/command";
import { withLocalCloud } from "../support/localCloud";

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited 60 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it(
  "a stack that scales by itself has no nodes before its job and after it, and some for it",
  () =>
    withLocalCloud(
      async (cloud) => {
        const seedFolder = join(cloud.folder, "pictures");
        mkdirSync(seedFolder);
        for (const name of ["street-01.jpg", "street-02.jpg"])
          copyFileSync(join(project, "assets/images", name), join(seedFolder, name));
        const target = await cloud.applyStack({ scaling: "auto", minNodes: 0, maxNodes: 2, seedFolder });
        const account = cloud.batchAccount();
        const [pool] = account.pools.list();
        const size = () => account.poolSize(pool!.id);
        const most: number[] = [];
        const watching = setInterval(() => most.push(size().currentDedicatedNodes), 100);

        const followed = await cloud.job(["status", "--wait", "--target", target]);
        await until("the nodes to go", () => size().currentDedicatedNodes === 0);
        clearInterval(watching);

        expect(followed).toMatchObject({ code: 0, stdout: expect.stringContaining("2 of 2") as string });
        expect(Math.max(...most)).toBe(1);
        expect(size().targetDedicatedNodes).toBe(0);
        expect(account.getPool(pool!.id)).toMatchObject({
          spec: { enableAutoScale: true },
          allocationState: "steady",
          autoScaleRun: { results: expect.stringContaining("$TargetDedicatedNodes=0;") as string },
        });
        expect(account.getPool(pool!.id)?.autoScaleRun?.error).toBeUndefined();
      },
      // 3 s between two evaluations.
      { autoscaleSpeed: 100 },
    ),
  240_000,
);
