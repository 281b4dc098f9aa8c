/**
 * The workflows' own command lines, run as GitHub would: signed in by OIDC to the local cloud, writing to a GitHub on loopback. `npm run
 * lint`, `types`, `npm test` and `npm start` of the workflow check are other tests' business, and are only known to exist.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchAccount } from "../../local/compute/account";
import { processesIn, project, type Finished } from "../support/command";
import { startFakeGitHub, type FakeGitHub } from "../support/fakeGitHub";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type ProjectCopy, type Stack } from "../support/pulumi";
import { scriptLines, scriptOf } from "../support/workflows";

interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: object;
  readonly outputs?: object;
}

describeWithPulumi("the workflows in the local cloud", () => {
  let cloud: TestCloud;
  let github: FakeGitHub;
  let job: ProjectCopy;
  let stack: Stack;
  beforeAll(async () => {
    [cloud, github] = await Promise.all([openLocalCloud(), startFakeGitHub()]);
    job = copyProject(cloud, "pipelineJob");
    mkdirSync(join(job.folder, "seed"));
    cpSync(join(project, "assets/images/street-01.jpg"), join(job.folder, "seed/1.jpg"));
    stack = await job.stack("dev", { seedFolder: "seed", scaling: "fixed", poolNodes: 1 });
  }, 120_000);
  afterAll(() => Promise.all([cloud.stop(), github.stop()]), 60_000);
  jest.setTimeout(240_000);

  const account = (): BatchAccount => cloud.batchAccount();
  const file = (name: string): string => join(cloud.folder, name);
  /** Runs a workflow's line for one of our scripts, as it stands in the file. */
  const runLine = (workflow: string, script: string, copy = job): Promise<Finished> => {
    const line = scriptLines(workflow).find((each) => scriptOf(each) === script)!;
    return copy.shell(line, {
      ...github.environment,
      STACK: "dev",
      GITHUB_STEP_SUMMARY: file("summary.md"),
      GITHUB_OUTPUT: file("output"),
    });
  };
  const summary = (): string => readFileSync(file("summary.md"), "utf8");
  afterEach(() => rmSync(file("summary.md"), { force: true }));
  /** What the state says of each resource; its lists of dependencies have another order after every deploy. */
  const resources = async (): Promise<object> => {
    const { stdout } = await stack.pulumi(["stack", "export"]);
    expect(stdout).not.toContain("ciphertext");
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: readonly StateResource[] } };
    return Object.fromEntries(
      deployment.resources.map(({ urn, id, inputs, outputs }) => [urn, { id, inputs, outputs }]),
    );
  };

  describe("a pull request", () => {
    it("gets the review of its preview as a comment, before there is a stack", async () => {
      expect(await runLine("preview", "preview")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("24 changes") as string,
      });
      await runLine("preview", "review");
      expect(await runLine("preview", "comment")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Comment added") as string,
      });

      expect(github.comments.map(({ body }) => body)).toEqual([
        expect.stringMatching(/^<!-- review -->\n\S/),
      ]);
    });

    it("whose settings are wrong fails with their own words", async () => {
      stack.set({ poolNodes: 500 });
      const { code, stderr } = await runLine("preview", "preview");
      stack.set({ poolNodes: 1 });

      expect(code).toBe(1);
      expect(stderr).toContain(
        "Could not preview stack dev: Pulumi.dev.yaml needs your attention:\n  poolNodes: expected 0–100, got 500",
      );
    });
  });

  describe("main", () => {
    it("is not half deployed by a Ctrl-C: what was begun is finished, and the stack is free", async () => {
      const { code, stderr } = await job.node("infra/pipeline/main.ts", ["deploy", "--stack", "dev"], {
        interruptAfter: "group (azure-native:resources:ResourceGroup): created",
      });

      expect({ code, stderr }).toEqual({
        code: 130,
        stderr: expect.stringContaining("stopping: Pulumi finishes what it has begun") as string,
      });
      expect(processesIn(job.folder).filter((each) => each.includes("pulumi"))).toEqual([]);
    });

    it("is deployed, and the run's page says what that did", async () => {
      const { code, stdout, stderr } = await runLine("deploy", "deploy");

      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("pool (azure-native:batch:Pool): created") as string,
      });
      expect(stdout).toMatch(/^Stack dev: \d+ created\.$/m);
      expect(summary()).toMatch(/^Stack dev: \d+ created\.\n$/);
      expect(account().jobs.list()).toHaveLength(1);
      expect((await stack.job(["status", "--wait"])).code).toBe(0);
    });

    it("is reviewed in the same comment from then on", async () => {
      stack.set({ poolNodes: 2 });
      await runLine("preview", "preview");
      await runLine("preview", "review");
      const { stdout } = await runLine("preview", "comment");
      stack.set({ poolNodes: 1 });

      expect(stdout).toContain("Comment edited");
      expect(github.comments).toHaveLength(1);
    });
  });

  describe("the night", () => {
    it("finds the commit that runs", async () => {
      github.deployments.push({ id: 1, sha: "0123abc", environment: "dev", state: "success" });

      expect((await runLine("redeploy", "deployed")).code).toBe(0);
      expect(readFileSync(file("output"), "utf8")).toBe("commit=0123abc\n");
    });

    it("redeploys ten times in a row: ten times nothing", async () => {
      const before = await resources();
      for (let night = 1; night <= 10; night++) {
        const { code, stdout } = await runLine("redeploy", "deploy");

        expect(stdout).toContain("Stack dev: nothing new, 24 resources are as they were.");
        expect(code).toBe(0);
      }

      expect(summary().match(/nothing new/g)).toHaveLength(10);
      expect(withoutCounts(await resources())).toEqual(withoutCounts(before));
      expect(account().jobs.list()).toHaveLength(1);
      // Ten deploys, each with the time of one test.
    }, 2_400_000);

    it("finds no drift where there is none, with what a reader may", async () => {
      const { code, stdout } = await runLine("drift", "drift", copyProject(cloud, "reader"));

      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining("Stack dev is as it was deployed.") as string,
      });
      expect(github.issues).toEqual([]);
    });

    it("opens an issue for a pool that somebody resized, keeps it, and closes it when the pool is as it was", async () => {
      const { spec } = account().pools.list()[0]!;
      account().updatePool({ ...spec, targetDedicatedNodes: 2 });
      const found = await runLine("drift", "drift");
      const again = await runLine("drift", "drift");
      account().updatePool(spec);
      const gone = await runLine("drift", "drift");

      expect([found.code, again.code, gone.code]).toEqual([1, 1, 0]);
      expect(found.stdout).toContain(
        "pool (azure-native:batch:Pool) was changed: scaleSettings.fixedScale.targetDedicatedNodes",
      );
      expect([found, again, gone].map(({ stdout }) => /Issue (\w+)/.exec(stdout)?.[1])).toEqual([
        "opened",
        "unchanged",
        "closed",
      ]);
      expect(github.issues.map(({ title, state }) => [title, state])).toEqual([
        ["Stack dev is not as it was deployed", "closed"],
      ]);
    });

    it("takes a new picture for something new, and says so", async () => {
      cpSync(join(project, "assets/images/street-02.jpg"), join(job.folder, "seed/2.jpg"));
      const { code, stdout } = await runLine("redeploy", "deploy");

      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(/Stack dev: \d updated\./) as string,
      });
      expect(account().jobs.list()).toHaveLength(2);
    });
  });

  it("neither deploys nor opens an issue when the identity does not match, and says what does not", async () => {
    const line = (script: string) =>
      scriptLines(script === "deploy" ? "deploy" : "drift").find((each) => scriptOf(each) === script)!;
    const stranger = { ...github.environment, STACK: "dev", ARM_OIDC_AUDIENCE: "api://somebody-else" };
    const deploy = await job.shell(line("deploy"), stranger);
    const drift = await job.shell(line("drift"), stranger);

    for (const { code, stderr } of [deploy, drift]) {
      expect(code).toBe(1);
      expect(stderr).toContain("AADSTS700212");
    }
    expect(github.issues).toHaveLength(1);
  });

  it("say which stack there is not, and what usage is wrong", async () => {
    const missing = await job.shell("npm run deploy -- --stack nowhere", {});
    const wrong = await job.shell("npm run comment -- review.md", {});
    writeFileSync(join(job.folder, "empty.md"), "");
    const empty = await job.shell("npm run comment -- empty.md", github.environment);

    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no stack named 'nowhere' found") as string,
    });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Give --pull-request") as string,
    });
    expect(empty).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is empty: there is nothing to say") as string,
    });
  });
});

/** What was new at the deploy is done by the night: a remark for readers of previews, which the state keeps up with. */
function withoutCounts(resources: object): unknown {
  return JSON.parse(JSON.stringify(resources).replace(/"images":\{"[^}]*\}/g, '"images":{}'));
}
