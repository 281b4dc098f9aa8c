/**
 * The operator's commands against a whole local cloud, off the straight road. One cloud and one stack for all tests; each has
 * an input container, and so runs, of its own.
 */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import type { JobRecord } from "../../local/compute/state";
import { annotatedName } from "../../worker/contract/annotatedName";
import { isFailed, parseResult } from "../../worker/contract/result";
import { project } from "../support/command";
import { changedTarget, openLocalCloud, type TestCloud } from "../support/localCloud";

let cloud: TestCloud;
let stack: string;

beforeAll(async () => {
  cloud = await openLocalCloud();
  stack = await cloud.applyStack({ seedFolder: "", scaling: "fixed", poolNodes: 1 });
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

const street = (number: number): string =>
  join(project, "assets/images", `street-${String(number).padStart(2, "0")}.jpg`);

interface Stage {
  /** File of a target whose input container is the test's own. */
  readonly target: string;
  readonly values: JobTarget;
  readonly input: ContainerClient;
  readonly output: ContainerClient;
  /** Uploads pictures by name; the numbers are those of the bundled street scenes. */
  readonly upload: (pictures: Readonly<Record<string, number | string>>) => Promise<void>;
  /** `command --target …` as one JSON value. */
  readonly json: (command: string, ...args: string[]) => Promise<Record<string, unknown>>;
}

async function stage(
  name: string,
  change: (target: JobTarget) => JobTarget = (same) => same,
): Promise<Stage> {
  const target = changedTarget(stack, name, (given) =>
    change({ ...given, containers: { ...given.containers, input: `input-${name}` } }),
  );
  const values = parseJobTarget(JSON.parse(readFileSync(target, "utf8")), target);
  const input = await cloud.container(containerUrl(values, "input"));
  return {
    target,
    values,
    input,
    output: await cloud.container(containerUrl(values, "output")),
    upload: async (pictures) => {
      await Promise.all(
        Object.entries(pictures).map(([picture, content]) => {
          const body = typeof content === "number" ? readFileSync(street(content)) : Buffer.from(content);
          return input.getBlockBlobClient(picture).uploadData(body);
        }),
      );
    },
    json: async (command, ...args) => {
      const where = command === "upload" ? [] : ["--target", target];
      const { stdout } = await cloud.job([command, ...where, "--json", ...args]);
      expect(stdout).toMatch(/^[^\n]+\n$/);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}

/** Names and pictures: `count` copies of the bundled ones. */
const many = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}.jpg`, (index % 24) + 1]));

const reasonsIn = (out: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(out, "results.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => parseResult(line, "results.ndjson"))
      .flatMap((line) => (isFailed(line) ? [[line.image.name, line.error.code]] : [])),
  );

async function namesIn(container: ContainerClient, prefix?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
  return names;
}

const textIn = async (container: ContainerClient, name: string): Promise<string> =>
  (await container.getBlobClient(name).downloadToBuffer()).toString("utf8");

async function until(what: string, holds: () => boolean | Promise<boolean>, pauseMs: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 30 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

describe("submit", () => {
  it("changes nothing while the run lives or has done everything, and runs over new and changed pictures alone", async () => {
    const { upload, json, target, input, output } = await stage("again");
    await upload(many(20));

    const first = await json("submit");
    const second = await json("submit");
    const waited = await cloud.job(["status", "--wait", "--target", target]);
    const third = await json("submit");
    await upload({ "c.jpg": 3, "p1.jpg": 9 });
    await input.getBlobClient("p2.jpg").delete();
    const listed = await json("inputs");
    const fourth = await json("submit");
    await cloud.job(["status", "--wait", "--target", target]);
    const report = await json("report");
    const diff = await json("diff", String(first.jobId), String(fourth.jobId));

    expect(first).toMatchObject({ kind: "submitted", images: 20, inputs: { new: 20, done: 0 } });
    expect(second).toMatchObject({ kind: "already-running", jobId: first.jobId, images: 20 });
    expect(second.inputs).toEqual({ new: 0, held: 20, done: 0, failed: 0 });
    expect(waited).toMatchObject({ code: 0, stderr: "" });
    expect(waited.stdout).toContain("20 of 20 images done");
    expect(third).toMatchObject({ kind: "nothing-to-do", jobId: first.jobId, images: 0 });
    expect(third.inputs).toEqual({ new: 0, held: 0, done: 20, failed: 0 });
    expect(listed).toMatchObject({ images: 20, counts: { new: 2, done: 18 } });
    expect(fourth).toMatchObject({ kind: "submitted", images: 2, inputs: { new: 2, done: 18 } });
    expect(fourth.jobId).not.toBe(first.jobId);
    expect(report).toMatchObject({
      outcome: {
        images: { planned: 2, done: 2 },
        // The service answers sizes in small letters.
        machine: { vmSize: "standard_d2s_v3", location: "japaneast" },
        tasks: expect.arrayContaining([expect.objectContaining({ succeeded: true })]) as unknown,
      },
    });
    // p1.jpg was another picture before, c.jpg was not there.
    expect(diff).toMatchObject({
      counts: expect.arrayContaining([{ name: "images", before: 20, after: 2 }]) as unknown,
      results: { compared: 1, images: [{ name: "p1.jpg", otherPicture: true }] },
      onlyAfter: ["c.jpg"],
    });
    const page = await textIn(output, `runs/${String(fourth.jobId)}/report.html`);
    expect(page).toMatch(new RegExp(`Since the run before[^]*${String(first.jobId)}`));
    const index = await textIn(output, "report/index.html");
    expect(index).toContain(`<a href="../runs/${String(fourth.jobId)}/report.html">`);
    expect(index).toContain(String(first.jobId));
  });

  it("of two at once starts one run, and the other says that it runs", async () => {
    const { upload, json, target } = await stage("two");
    await upload(many(30));
    const account = cloud.batchAccount();
    const before = account.jobs.list().length;

    const both = await Promise.all([json("submit"), json("submit")]);
    const waited = await cloud.job(["status", "--wait", "--target", target]);

    expect(both.map(({ kind }) => kind).sort()).toEqual(["already-running", "submitted"]);
    expect(both[0].jobId).toBe(both[1].jobId);
    expect(account.jobs.list()).toHaveLength(before + 1);
    expect(waited.stdout).toContain("30 of 30 images done");
  });

  it("leaves a picture that failed alone until a retry asks for it", async () => {
    const { upload, json, target } = await stage("retried");
    await upload({ "a.jpg": 1, "cam-1/b.jpg": "this is not a picture", "cam-2/c.jpg": "nor is this" });
    await json("submit");
    await cloud.job(["status", "--wait", "--target", target]);

    const again = await cloud.job(["submit", "--target", target]);
    const otherCode = await json("retry", "--code", "truncated");
    const retried = await json("retry", "--code", "not-an-image", "--name", "cam-1/*");
    const waited = await cloud.job(["status", "--wait", "--target", target]);
    const mended = await json("inputs");

    expect(again.stdout).toContain(
      "Nothing to do: new: 0, done: 1, failed: 2. To try the failed ones again:",
    );
    expect(otherCode).toMatchObject({ kind: "nothing-to-do" });
    expect(retried).toMatchObject({ kind: "submitted", images: 1 });
    expect(waited.stdout).toContain("0 of 1 images done, 1 failed");
    expect(mended).toMatchObject({ counts: { new: 0, done: 1, failed: 2, held: 0 } });
  });

  it.each(["its plan is written", "its job is added", "its tasks are added"] as const)(
    "finishes a run whose submit was killed when %s",
    async (moment) => {
      const { upload, json, target, output } = await stage(moment.replaceAll(" ", "-"));
      await upload({ "a.jpg": 1, "b.jpg": 2 });
      const account = cloud.batchAccount();
      const before = new Set(account.jobs.list().map((job) => job.id));
      const blobsBefore = (await namesIn(output)).length;
      const added = (): JobRecord[] => account.jobs.list().filter((job) => !before.has(job.id));
      const reached = {
        "its plan is written": async () => (await namesIn(output)).length > blobsBefore,
        "its job is added": () => added().length > 0,
        "its tasks are added": () => added().some((job) => account.tasks.list(job.id).length > 0),
      }[moment];

      const child = spawn(process.execPath, cloud.jobCommand(["submit", "--target", target]), {
        cwd: project,
        env: { ...cloud.environment },
      });
      const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
      await until(moment, reached, 2);
      child.kill("SIGKILL");
      expect(await ended).toBe("SIGKILL");
      await json("submit");

      expect(added()).toHaveLength(1);
      const waited = await cloud.job(["status", "--wait", "--target", target, "--job", added()[0]!.id]);
      expect(waited).toMatchObject({ code: 0 });
      expect(waited.stdout).toContain("2 of 2 images done");
    },
  );
});

describe("cancel", () => {
  it("keeps and names what is done, says what was not run, and lets the next submit begin again", async () => {
    const { upload, json, target, output } = await stage("cancelled");
    await upload(many(200));
    const { jobId } = await json("submit");
    const run = ["--target", target, "--job", String(jobId)];
    await until(
      "the first results",
      async () => (await namesIn(output, `runs/${String(jobId)}/`)).some((name) => name.includes("/parts/")),
      300,
    );

    const cancelled = await json("cancel", "--job", String(jobId));
    const waited = await cloud.job(["status", "--wait", ...run]);
    const out = join(cloud.folder, "cancelled-out");
    const [results, report] = await Promise.all([
      cloud.job(["results", ...run, "--out", out]),
      cloud.job(["report", ...run, "--out", out]),
    ]);
    const again = await json("submit");
    const all = await json("cancel", "--all");

    expect(cancelled).toEqual({ cancelled: [jobId] });
    expect(waited.code).toBe(1);
    expect(waited.stderr).toBe("The run was ended early: Cancelled by the operator.\n");
    expect(waited.stdout).toMatch(/\d+ of 200 images done, \d+ not run/);
    expect(results.code).toBe(1);
    const done = readdirSync(join(out, "annotated"));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(200);
    expect(results.stderr).toContain(`${200 - done.length} of 200 images were not run.`);
    expect(results.stdout).toContain(
      `${done.length} results and ${done.length} annotated pictures in ${out}`,
    );
    expect(report.stdout).toContain("The run was ended early: Cancelled by the operator.");
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain(`${200 - done.length} not run`);
    expect(again).toMatchObject({ kind: "submitted", images: 200 - done.length });
    expect(again.inputs).toEqual({ new: 200 - done.length, done: done.length, held: 0, failed: 0 });
    expect(all).toEqual({ cancelled: [again.jobId] });
  });

  it("says so when there is nothing to cancel", async () => {
    const { json } = await stage("nothing");

    expect(await json("cancel")).toEqual({ cancelled: [] });
  });
});

describe("a run", () => {
  it("lists what it could not read with a reason and exits with 3 from every command", async () => {
    const { upload, json, target, input } = await stage("broken");
    await upload({ ...many(24), "broken.jpg": "this is not a picture" });
    await json("submit");
    await input.getBlobClient("p9.jpg").delete();
    await upload({ "p8.jpg": 1 });
    const out = join(cloud.folder, "broken-out");

    const waited = await cloud.job(["status", "--wait", "--target", target]);
    const [results, report] = await Promise.all([
      cloud.job(["results", "--target", target, "--out", out]),
      cloud.job(["report", "--target", target, "--out", out]),
    ]);

    expect([waited.code, results.code, report.code]).toEqual([3, 3, 3]);
    expect(waited.stdout).toContain("22 of 25 images done, 3 failed");
    expect(reasonsIn(out)).toEqual({
      "broken.jpg": "not-an-image",
      "p8.jpg": "changed",
      "p9.jpg": "missing",
    });
    expect(report.stdout).toContain("The blob was deleted after the run was planned.");
  });

  it("keeps what a task did that took too long, and the next submit plans the rest", async () => {
    const { upload, json, target } = await stage("late", (given) => ({
      ...given,
      limits: { maxFailedShare: 0, maxTaskMinutes: 0.25, maxJobHours: 24 },
    }));
    await upload({ ...many(300), "broken.jpg": "this is not a picture" });
    await json("submit");

    const waited = await cloud.job(["status", "--wait", "--target", target]);
    const status = (await json("status")) as { verdict: object; outcome: { images: Record<string, number> } };
    const again = await json("submit");
    await json("cancel", "--all");

    const { done, failed, notRun } = status.outcome.images;
    expect(waited.code).toBe(1);
    expect(waited.stderr).toMatch(/^Task shard-0000\d failed .*143|TaskEnded/m);
    expect(waited.stdout).toContain("The run is incomplete: the next submit plans what was not run.");
    expect(status.verdict).toEqual({ kind: "incomplete", notRun });
    expect(done).toBeGreaterThan(0);
    expect(notRun).toBeGreaterThan(0);
    expect(again).toMatchObject({ kind: "submitted", images: notRun, inputs: { done, failed } });
  });

  it("fails when more of its images failed than may, and keeps that verdict", async () => {
    const { upload, json, target } = await stage("budget", (given) => ({
      ...given,
      limits: { maxFailedShare: 0.1, maxTaskMinutes: 120, maxJobHours: 24 },
    }));
    await upload({ "a.jpg": 1, "b.jpg": 2, "broken.jpg": "this is not a picture" });
    await json("submit");

    const waited = await cloud.job(["status", "--wait", "--target", target]);
    const reported = await cloud.job(["report", "--target", target, "--json"]);

    expect([waited.code, reported.code]).toEqual([1, 1]);
    expect(waited.stdout).toContain("Failed: broken.jpg (not-an-image).");
    expect(waited.stdout).toContain("33.3 % of its images failed, and at most 10 % may (maxFailedShare)");
    expect(JSON.parse(reported.stdout)).toMatchObject({
      limits: { maxFailedShare: 0.1 },
      outcome: { verdict: { kind: "over-budget", failed: 1, planned: 3, maxFailedShare: 0.1 } },
    });
  });

  it("takes any name of a container and of a picture through to annotated pictures and report", async () => {
    const names = [
      "a b#c%20d/über + straße?.jpg",
      "日本/写真 1.jpeg",
      "100%.JPG",
      "<b>&\"'.png.jpg",
      "..dots/..x.jpg",
    ];
    const folder = join(cloud.folder, "odd");
    names.forEach((name, index) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      copyFileSync(street(index + 1), join(folder, name));
    });
    const { json, values } = await stage("odd");
    const out = join(cloud.folder, "odd out");

    const place = ["--blob-endpoint", values.blobEndpoint, "--container", values.containers.input];
    const uploaded = await json("upload", ...place, "--folder", folder);
    const listed = await json("inputs");
    const submitted = await json("submit");
    const waited = await json("status", "--wait");
    const results = await json("results", "--out", out);
    const report = await json("report", "--out", out);
    // As a download that was cut off leaves it: one picture half there, one not.
    const [half, gone] = names.map((name) => join(out, annotatedName(name, "all")!));
    const whole = readFileSync(half!);
    truncateSync(half!, 100);
    rmSync(gone!);
    const resumed = await json("results", "--out", out);

    expect(uploaded).toMatchObject({ uploaded: 5, unchanged: 0 });
    expect(listed).toMatchObject({ kind: "listed", images: 5 });
    expect(waited).toMatchObject({ job: submitted.jobId, state: "completed", problems: [] });
    expect(results).toMatchObject({ results: 5, annotated: 5, unchanged: 0, missing: [] });
    expect(resumed).toMatchObject({ results: 5, annotated: 5, unchanged: 3, missing: [] });
    expect(readFileSync(half!)).toEqual(whole);
    expect(report).toMatchObject({ outcome: { images: { planned: 5, done: 5, failed: 0, notRun: 0 } } });
    for (const name of names) expect(existsSync(join(out, annotatedName(name, "all")!))).toBe(true);
    const page = readFileSync(join(out, "report.html"), "utf8");
    expect(page).toContain("日本/写真 1.jpeg");
    expect(page).toContain(`"\\u003cb>&\\"'.png.jpg"`);
  });

  it("is listed, at first with Batch's state and once reported on with its verdict, and shows what its tasks wrote", async () => {
    const { upload, json, target } = await stage("logs");
    await upload({ "a.jpg": 1, "b.jpg": "this is not a picture" });
    const { jobId } = await json("submit");
    const mine = async () =>
      ((await json("list")).runs as Record<string, unknown>[]).find(({ job }) => job === jobId);

    expect(await mine()).toMatchObject({ images: { planned: 2 }, state: expect.any(String) as string });
    await cloud.job(["status", "--wait", "--target", target]);
    await json("report");
    const listed = await cloud.job(["list", "--target", target]);
    const logs = await json("logs", "shard-00001");
    const missing = await cloud.job(["logs", "shard-00009", "--target", target]);

    expect(await mine()).toMatchObject({
      images: { done: 1, failed: 1, notRun: 0 },
      verdict: { kind: "succeeded-with-failures", failed: 1 },
    });
    expect(listed.stdout).toMatch(
      new RegExp(`^${String(jobId)}  .* 2 +1 +1 +0 .*  succeeded with failures$`, "m"),
    );
    expect(logs).toMatchObject({ task: "shard-00001", from: "storage" });
    expect(logs.stdout).toContain("1 images done");
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toBe(
      `Run ${String(jobId)} has no task shard-00009; it has shard-00001 to shard-00002. Did you mean one of shard-00001, shard-00002?\n`,
    );
  });

  it("keeps what only Batch knew for the reports that are made when Batch has forgotten its job", async () => {
    const { upload, json, target } = await stage("forgotten");
    await upload({ "a.jpg": 1 });
    const { jobId } = await json("submit");
    await cloud.job(["status", "--wait", "--target", target]);
    const first = await json("report");
    const account = cloud.batchAccount();

    await account.jobs.delete(String(jobId));
    await until("the job to be gone", () => !account.jobs.list().some((job) => job.id === jobId), 50);
    const again = await json("report", "--job", String(jobId));

    expect(first).toMatchObject({ outcome: { nodes: 1, tasks: [{ id: "shard-00001", succeeded: true }] } });
    expect(again).toEqual(first);
  });

  it("stops with a sentence when its preparation fails on every node", async () => {
    const { upload, json, target } = await stage("unprepared", (given) => ({
      ...given,
      layers: { ...given.layers, worker: "0".repeat(64) },
    }));
    await upload({ "a.jpg": 1 });
    const { jobId } = await json("submit");

    const waited = await cloud.job(["status", "--wait", "--target", target]);
    await json("cancel", "--job", String(jobId));

    expect(waited.code).toBe(1);
    expect(waited.stderr).toContain(
      `Job ${String(jobId)} cannot start: its preparation failed on every node`,
    );
    expect(waited.stderr).toContain("BlobNotFound");
    expect(waited.stderr).toContain(`npm run job -- cancel --job ${String(jobId)}`);
  });
});

describe("clean", () => {
  it("asks first, takes what is old, forgets no picture, and no run gets the id of one that is gone", async () => {
    const { upload, json, target } = await stage("cleaned");
    await upload({ "a.jpg": 1, "broken.jpg": "this is not a picture" });
    const ran = async (command: string): Promise<unknown> => {
      const { jobId } = await json(command);
      await cloud.job(["status", "--wait", "--target", target]);
      return jobId;
    };
    await ran("submit");
    const retried = await ran("retry");
    const refused = await cloud.job(["clean", "--keep", "0", "--target", target]);
    const kept = (await json("list")).runs as unknown[];

    const cleaned = await json("clean", "--keep", "0", "--yes");
    const left = (await json("list")).runs as { job: string }[];
    const counts = (await json("inputs")).counts;
    const nothing = await json("submit");
    const again = await ran("retry");

    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain(String(retried));
    expect(refused.stderr).toBe("Nothing was deleted: without a terminal to ask at, say --yes.\n");
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect((cleaned.runs as { job: string }[]).map(({ job }) => job)).toContain(retried);
    expect(left.map(({ job }) => job)).not.toContain(retried);
    expect(cleaned.layers).toEqual([]);
    expect(counts).toEqual({ new: 0, held: 0, done: 1, failed: 1 });
    expect(nothing).toMatchObject({ kind: "nothing-to-do" });
    expect(again).not.toBe(retried);
    expect((await json("inputs")).counts).toEqual(counts);
  });
});

describe("a command that cannot be done", () => {
  const unreadable: [string, string, string][] = [
    ["is not there", "", "Cannot read the target"],
    ["is not JSON", "pulumi:", "not JSON"],
    [
      "lacks fields",
      '{"batchEndpoint":"https://x","poolId":"p","blobEndpoint":"https://y","lineage":"l"}',
      "containers, identityClientId, identityResourceId, layers, detection are missing",
    ],
  ];
  it.each(unreadable)("names what is wrong with a target that %s", async (_, text, sentence) => {
    const file = join(cloud.folder, "wrong.json");
    rmSync(file, { force: true });
    if (text !== "") writeFileSync(file, text);

    const finished = await cloud.job(["status", "--target", file]);

    expect(finished).toMatchObject({ code: 1, stdout: "" });
    expect(finished.stderr).toContain(sentence);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
  });

  it("exits with 2 when it is used wrongly", async () => {
    const wrong: [string[], string][] = [
      [["status"], "--target"],
      [["results", "--target", "{}"], "--out"],
      [["upload", "--blob-endpoint", "nowhere", "--container", "c"], "expected a URL"],
      [["cancel", "--target", "{}", "--all", "--job", "j"], "either --job or --all"],
    ];
    const finished = await Promise.all(wrong.map(([args]) => cloud.job(args)));

    expect(finished).toEqual(
      wrong.map(([, words]) => ({ code: 2, stdout: "", stderr: expect.stringContaining(words) as string })),
    );
  });

  it("says that it knows no such run", async () => {
    for (const command of ["status", "cancel"]) {
      const finished = await cloud.job([command, "--target", stack, "--job", "detect-unknown", "--json"]);

      expect(finished).toMatchObject({ code: 1, stdout: "" });
      expect(finished.stderr).toMatch(/^(There is no run|Batch knows no job) detect-unknown/);
    }
  });

  it("tells within seconds that it waits for a Batch service that does not answer", async () => {
    const target = changedTarget(stack, "no-batch", (given) => ({
      ...given,
      batchEndpoint: "https://127.0.0.1:1",
    }));

    const finished = await cloud.job(["status", "--target", target], { interruptAfter: "trying for" });

    expect(finished.code).toBe(130);
    expect(finished.stderr).toMatch(/Could not list the jobs: no answer from Batch .* trying for 120 s/);
  });

  it("says that the storage account does not answer", async () => {
    const target = changedTarget(stack, "no-storage", (given) => ({
      ...given,
      blobEndpoint: "https://127.0.0.1:1/account",
    }));

    const finished = await cloud.job(["submit", "--target", target]);

    expect(finished).toMatchObject({ code: 1, stdout: "" });
    expect(finished.stderr).toMatch(/^Could not read ledger\/.* in https:.*ECONNREFUSED/);
  });

  it("asks a person who is not signed in to sign in", async () => {
    const environment = { ...cloud.environment, IDENTITY_ENDPOINT: undefined, IDENTITY_HEADER: undefined };

    const finished = await cloud.job(["status", "--target", stack], { environment });

    expect(finished).toMatchObject({ code: 1, stdout: "" });
    expect(finished.stderr).toMatch(/^Could not list the jobs: no Azure credential works here\. .*az login/);
    expect(finished.stderr.trimEnd()).not.toContain("\n");
  });
});
