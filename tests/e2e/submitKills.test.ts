/** Submits that are killed at random moments, one after the other: no picture is lost, and none is done twice. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerClient } from "@azure/storage-blob";
import { containerUrl, parseJobTarget } from "../../infra/job/target";
import { parseManifest } from "../../worker/contract/manifest";
import { parseResult } from "../../worker/contract/result";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { seededRandom } from "../support/seededRandom";

const kills = 30;
const seed = Number(process.env.KILL_SEED ?? 8);

let cloud: TestCloud;
let target: string;
let input: ContainerClient;
let output: ContainerClient;

beforeAll(async () => {
  cloud = await openLocalCloud();
  target = await cloud.applyStack({ seedFolder: "", scaling: "fixed", poolNodes: 1 });
  const values = parseJobTarget(JSON.parse(readFileSync(target, "utf8")), target);
  input = await cloud.container(containerUrl(values, "input"));
  output = await cloud.container(containerUrl(values, "output"));
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

async function upload(names: readonly string[]): Promise<void> {
  const picture = readFileSync(join(project, "assets/images/street-01.jpg"));
  await Promise.all(names.map((name) => input.getBlockBlobClient(name).uploadData(picture)));
}

/** Whether it was killed before it had come to its end. */
async function submitFor(ms: number): Promise<boolean> {
  const child = spawn(process.execPath, cloud.jobCommand(["submit", "--target", target]), {
    cwd: project,
    env: { ...cloud.environment },
    stdio: "ignore",
  });
  const ended = new Promise<boolean>((resolve) =>
    child.once("exit", (_, signal) => resolve(signal !== null)),
  );
  await Promise.race([ended, sleep(ms)]);
  child.kill("SIGKILL");
  return ended;
}

/** Texts of the blobs with this ending, by name. */
async function texts(ending: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of output.listBlobsFlat({ prefix: "runs/" }))
    if (name.endsWith(ending)) found.push((await output.getBlobClient(name).downloadToBuffer()).toString());
  return found;
}

it(`does each picture once, after ${kills} submits that were killed (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const uploaded: string[] = [];
  const startedMs = Date.now();
  expect(await cloud.job(["submit", "--target", target])).toMatchObject({ code: 0 });
  // A submit with something to do takes longer than this one, and Node's start takes a third of it.
  const longestMs = (Date.now() - startedMs) * 2;

  let killed = 0;
  for (let tries = 0; killed < kills && tries < 3 * kills; tries += 1) {
    const names = [0, 1].map((index) => `${tries}-${index}.jpg`);
    await upload(names);
    uploaded.push(...names);
    if (await submitFor(random() * longestMs)) killed += 1;
  }
  const last = await cloud.job(["submit", "--target", target]);
  await cloud.job(["status", "--wait", "--target", target]);
  const account = cloud.batchAccount();
  const deadline = Date.now() + 120_000;
  while (account.jobs.list().some(({ state }) => state !== "completed")) {
    if (Date.now() > deadline) throw new Error("waited 120 s for the jobs to end");
    await sleep(200);
  }
  const after = await cloud.job(["submit", "--target", target, "--json"]);

  expect(killed).toBe(kills);
  expect(last).toMatchObject({ code: 0 });
  expect(JSON.parse(after.stdout)).toMatchObject({
    kind: "nothing-to-do",
    inputs: { new: 0, held: 0, done: uploaded.length, failed: 0 },
  });
  const planned = (await texts("/manifest.ndjson")).flatMap((text) => parseManifest(text).images);
  const results = (await texts("/results.ndjson")).flatMap((text) => text.trimEnd().split("\n"));
  expect(planned.map(({ name }) => name).sort()).toEqual(uploaded.toSorted());
  expect(results.map((line) => parseResult(line, "results").image.name).sort()).toEqual(uploaded.toSorted());
}, 600_000);
