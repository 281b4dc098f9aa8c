import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { containerUrl, parseJobTarget } from "../../infra/job/target";
import { parseResult } from "../../worker/contract/result";
import { project } from "../support/command";
import { changedTarget, openLocalCloud, type TestCloud } from "../support/localCloud";

let cloud: TestCloud;
let target: string;

beforeAll(async () => {
  cloud = await openLocalCloud();
  target = await cloud.applyStack({ seedFolder: "", scaling: "fixed", poolNodes: 1 });
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

const pictures = 200;
const street = (number: number): string =>
  join(project, "assets/images", `street-${String(number).padStart(2, "0")}.jpg`);

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 60 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cloud.job([...args, "--json"]);
  if (stdout === "") throw new Error(`${args[0] ?? ""} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("a stack whose pool is replaced while its job runs", () => {
  it("moves the job in the middle of a shard, even past a killed submit, and every image is done once", async () => {
    const account = cloud.batchAccount();
    const old = parseJobTarget(JSON.parse(readFileSync(target, "utf8")), target);
    const input = await cloud.container(containerUrl(old, "input"));
    const output = await cloud.container(containerUrl(old, "output"));
    await Promise.all(
      Array.from({ length: pictures }, (_, index) =>
        input.getBlockBlobClient(`p${index}.jpg`).uploadData(readFileSync(street((index % 24) + 1))),
      ),
    );
    const { jobId } = await json(["submit", "--target", target]);
    const job = String(jobId);
    const partsOf = async (): Promise<string[]> => {
      const names: string[] = [];
      for await (const blob of output.listBlobsFlat({ prefix: `runs/${job}/` }))
        if (blob.name.includes("/parts/")) names.push(blob.name);
      return names;
    };
    await until("the first results", async () => (await partsOf()).length > 0);

    // As the engine does it: the new pool first, then the detection, then the old pool goes.
    account.createPool({ ...account.pools.get(old.poolId).spec, id: "pool-b" });
    const next = changedTarget(target, "pool-b", (given) => ({ ...given, poolId: "pool-b" }));
    const killed = spawn(process.execPath, cloud.jobCommand(["submit", "--target", next]), {
      cwd: project,
      env: { ...cloud.environment },
    });
    const ended = new Promise((resolve) => killed.once("exit", resolve));
    await until("the move to begin", () => account.jobs.get(job).state !== "active");
    killed.kill("SIGKILL");
    await ended;
    const submitted = await json(["submit", "--target", next]);
    await account.deletePool(old.poolId);
    const waited = await cloud.job(["status", "--wait", "--target", next, "--job", job]);

    expect(submitted).toMatchObject({ kind: "already-running", jobId, images: pictures });
    expect(waited).toMatchObject({ code: 0 });
    expect(waited.stdout).toContain(`${pictures} of ${pictures} images done`);
    expect(account.jobs.get(job).poolId).toBe("pool-b");
    expect(account.getPool(old.poolId)).toBeUndefined();
    const tasks = account.tasks.list(job);
    expect(tasks.some((task) => task.requeueCount > 0)).toBe(true);
    const out = join(cloud.folder, "out");
    mkdirSync(out);
    await json(["results", "--target", next, "--job", job, "--out", out]);
    const lines = readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n");
    const names = lines.map((line) => parseResult(line, "results.ndjson").image.name);
    expect(names).toHaveLength(pictures);
    expect(new Set(names).size).toBe(pictures);
    expect(await partsOf()).toEqual([]);
    const logs = await Promise.all(
      tasks.map((task) => output.getBlobClient(`runs/${job}/${task.id}/stdout.txt`).downloadToBuffer()),
    );
    expect(Buffer.concat(logs).toString()).toMatch(/\d+ images are done already\./);
  }, 180_000);

  it("says that a disabled job is disabled, and lets it go on with the next submit", async () => {
    const account = cloud.batchAccount();
    const next = target.replace(/\.json$/, "-pool-b.json");
    const values = parseJobTarget(JSON.parse(readFileSync(next, "utf8")), next);
    const input = await cloud.container(containerUrl(values, "input"));
    await input.getBlockBlobClient("one-more.jpg").uploadData(readFileSync(street(1)));
    const { jobId } = await json(["submit", "--target", next]);
    const job = account.jobs.get(String(jobId));
    account.jobDisabling.disable(job, "requeue");
    await until("the job to be disabled", () => account.jobs.get(job.id).state === "disabled");

    const status = await cloud.job(["status", "--target", next, "--job", job.id]);
    const again = await cloud.job(["submit", "--target", next]);
    const waited = await cloud.job(["status", "--wait", "--target", next, "--job", job.id]);

    expect(status.stdout).toContain("job disabled: the next submit enables it again");
    expect(again.stderr).toContain(
      `Job ${job.id} is disabled, as a move that was interrupted leaves it; it is enabled again.`,
    );
    expect(waited).toMatchObject({ code: 0 });
  });
});

describe("cancel --all", () => {
  it("ends well and says so when the account is gone, and only then", async () => {
    const gone = changedTarget(target, "gone", (given) => ({
      ...given,
      batchEndpoint: "https://127.0.0.1:1",
    }));
    const unknown = changedTarget(target, "unknown", (given) => ({
      ...given,
      batchEndpoint: "https://no-account.invalid",
    }));
    const elsewhere = changedTarget(target, "elsewhere", (given) => ({
      ...given,
      batchEndpoint: given.blobEndpoint.replace(/\/[^/]*$/, ""),
    }));

    const [refused, unresolved, asJson, answered] = await Promise.all([
      cloud.job(["cancel", "--all", "--target", gone]),
      cloud.job(["cancel", "--all", "--target", unknown]),
      cloud.job(["cancel", "--all", "--target", gone, "--json"]),
      cloud.job(["cancel", "--all", "--target", elsewhere]),
    ]);

    expect(refused).toMatchObject({
      code: 0,
      stdout: "There is no Batch account at https://127.0.0.1:1 any more, and no job outlives its account.\n",
    });
    expect(unresolved).toMatchObject({ code: 0 });
    expect(asJson).toMatchObject({ code: 0, stdout: '{"cancelled":[]}\n' });
    expect(answered).toMatchObject({ code: 1, stdout: "" });
  });
});
