/** `npm run smoke` against a whole local cloud with the real stack and a run in it, as it is asked of a stack on Azure. */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import { layerBlobName } from "../../worker/contract/layers";
import { project, run, type Finished } from "../support/command";
import { changedTarget, openLocalCloud, type TestCloud } from "../support/localCloud";

let cloud: TestCloud;
let stack: string;
let target: JobTarget;

beforeAll(async () => {
  cloud = await openLocalCloud();
  const pictures = join(cloud.folder, "pictures");
  mkdirSync(pictures);
  for (const name of ["street-01.jpg", "street-02.jpg", "street-03.jpg", "street-04.jpg"])
    copyFileSync(join(project, "assets/images", name), join(pictures, name));
  stack = await cloud.applyStack({ seedFolder: pictures, scaling: "fixed", poolNodes: 2 });
  target = parseJobTarget(JSON.parse(readFileSync(stack, "utf8")), stack);
  expect(await cloud.job(["status", "--wait", "--target", stack])).toMatchObject({ code: 0 });
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

interface Answer {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly measured: string;
    readonly change?: string;
    readonly see: string;
  }[];
}

const smoke = (args: readonly string[], interruptAfter?: string): Promise<Finished> =>
  run(process.execPath, ["--require", "tsx/cjs", "infra/job/smoke/main.ts", ...args], {
    environment: cloud.environment,
    interruptAfter,
  });

async function answerOf(file: string): Promise<{ code: number | null; answer: Answer }> {
  const { code, stdout } = await smoke(["--target", file, "--json"]);
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return { code, answer: JSON.parse(stdout) as Answer };
}

const idsOf = ({ checks }: Answer, verdict: string): string[] =>
  checks.filter((check) => check.verdict === verdict).map(({ id }) => id);

async function namesIn(key: "input" | "output", prefix: string): Promise<string[]> {
  const container: ContainerClient = await cloud.container(containerUrl(target, key));
  const names: string[] = [];
  for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
  return names;
}

async function expectNothingLeft(): Promise<void> {
  expect([...(await namesIn("input", "smoke/")), ...(await namesIn("output", "smoke/"))]).toEqual([]);
}

describe("npm run smoke", () => {
  it("finds nothing wrong with a healthy stack, and says what the local cloud cannot settle", async () => {
    const { code, stdout, stderr } = await smoke(["--target", stack]);

    expect(stdout).toMatch(/\n\d+ ok, 0 wrong, \d+ could not tell\.\n$/);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ok +if-match .*: 200 with the right etag, 412 with an old one/m);
    expect(stdout).toMatch(/^ok +self-test .*"highestScore"/m);
    expect(stdout).toMatch(/^ok +run-results .*results of 4 of 4 tasks, 4 images/m);
    expect(stdout).toMatch(/^ok +run-preparation .*prepared \d of \d nodes/m);
    // A service may refuse the made-up key for its signature, which does not settle whether it takes keys.
    expect(stdout).toMatch(/^(ok|could not tell) +shared-key-storage /m);
    expect(stdout).not.toContain("\u001b");
    await expectNothingLeft();
  });

  it("says which layer is missing and that there is no such pool, each once, and what to do about it", async () => {
    const blob = layerBlobName("worker", target.layers.worker);
    const client = (await cloud.container(containerUrl(target, "layers"))).getBlockBlobClient(blob);
    const archive = await client.downloadToBuffer();
    await client.delete();
    const file = changedTarget(stack, "pool", (given) => ({ ...given, poolId: "pool-of-nobody" }));

    const { code, answer } = await answerOf(file);
    await client.uploadData(archive);

    expect(idsOf(answer, "wrong")).toEqual(["layer-worker", "pool"]);
    const layer = answer.checks.find(({ id }) => id === "layer-worker");
    expect(layer).toMatchObject({ measured: `there is no ${blob}` });
    expect(layer?.change).toContain("pulumi up");
    expect(answer.checks.find(({ id }) => id === "pool")?.measured).toContain("PoolNotFound");
    expect(answer.checks.find(({ id }) => id === "nodes")?.measured).toBe("not asked, because of pool");
    expect(answer.ok).toBe(false);
    expect(code).toBe(1);
    await expectNothingLeft();
  });

  it("says which service does not answer", async () => {
    const file = changedTarget(stack, "deaf", (given) => ({
      ...given,
      batchEndpoint: "https://127.0.0.1:1",
      blobEndpoint: "https://127.0.0.1:1/account",
    }));

    const { code, stdout } = await smoke(["--target", file]);

    const wrong = stdout.split("\n").filter((line) => line.startsWith("wrong"));
    expect(wrong.map((line) => line.split(/ +/)[1])).toEqual(["reach-storage", "reach-batch"]);
    expect(stdout).toMatch(/→ .*docs\/first-azure-run\.md#network-of-this-machine/);
    expect(code).toBe(1);
  });

  it("takes its blob back when it is interrupted", async () => {
    const { code } = await smoke(["--target", stack], "clock-storage");

    expect(code).toBe(130);
    await expectNothingLeft();
  });
});
