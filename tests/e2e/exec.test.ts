/** The local cloud around somebody's own script with the real SDKs. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { principals, type PrincipalName } from "../../local/principals";
import { local, processesIn, project } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

afterAll(() => expect(processesIn(join(project, ".local/serve"))).toEqual([]));

describe("npm run local -- exec", () => {
  it("lets a script reach Batch with @azure/batch and blobs with DefaultAzureCredential", async () => {
    const script = join(project, "tests/fixtures/sdkScript.js");

    const finished = await local(["exec", "--", process.execPath, script]);

    expect(finished).toMatchObject({ code: 0 });
    expect(finished.stdout).toContain("task said: hello from a task");
    expect(finished.stdout).toContain("blob says: hello from a blob");
    expect(processesIn(join(project, ".local/serve"))).toEqual([]);
  }, 120_000);

  it("exits with the command's own code", async () => {
    const finished = await local(["exec", "--", process.execPath, "-e", "process.exit(7)"]);

    expect(finished).toEqual({ code: 7, stdout: "", stderr: "" });
  }, 60_000);

  it("runs the command in somebody's name, with no key for who may list none", async () => {
    const program = `
      const { DefaultAzureCredential } = require("@azure/identity");
      new DefaultAzureCredential().getToken("https://storage.azure.com/.default").then(({ token }) => {
        const { oid } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
        const keys = Object.keys(process.env).filter((name) => /KEY|CONNECTION/.test(name) && name.startsWith("AZURE_"));
        console.log(JSON.stringify({ oid, keys }));
      });`;
    const told = async (name: PrincipalName): Promise<unknown> => {
      const { stdout } = await local(["exec", "--as", name, "--", process.execPath, "-e", program]);
      return JSON.parse(stdout);
    };

    expect(await told("reader")).toEqual({ oid: principals.reader.objectId, keys: [] });
    expect(await told("contributor")).toEqual({
      oid: principals.contributor.objectId,
      keys: ["AZURE_BATCH_ACCESS_KEY", "AZURE_STORAGE_CONNECTION_STRING"],
    });
  }, 120_000);

  it("names who there is when it is asked for somebody else", async () => {
    const finished = await local(["exec", "--as", "nobody", "--", "true"]);

    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain("operator, pipeline, contributor, reader");
  });
});

describe("faults of the cloud that runs", () => {
  const told = (stdout: string): unknown[] =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  const command = `${process.execPath} --require tsx/cjs local/main.ts faults`;

  it(
    "are those it was started with, until others are set, or none",
    () =>
      withTemporaryFolder(async (folder) => {
        const file = join(folder, "faults.json");
        writeFileSync(file, JSON.stringify({ seed: 5, startTasks: { rate: 0.5 } }));
        const script = [
          `${command} --json`,
          `echo '{"nodeBoot":{"extraSeconds":2}}' | ${command} - --json`,
          `! ${command} tests/fixtures/sdkScript.js 2>/dev/null`,
          `${command} --none --json`,
        ].join(" && ");

        const finished = await local(["exec", "--faults", file, "--", "bash", "-c", script]);

        expect(finished).toMatchObject({ code: 0, stderr: "" });
        expect(told(finished.stdout)).toEqual([
          expect.objectContaining({ settings: { seed: 5, startTasks: { rate: 0.5 } } }),
          expect.objectContaining({ settings: { seed: 1, nodeBoot: { extraSeconds: 2 } } }),
          expect.objectContaining({ settings: { seed: 1 } }),
        ]);
      }),
    120_000,
  );

  it("are refused with a sentence for each mistake, before anything starts", () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "faults.json");
      writeFileSync(file, '{"seed":-1,"nodeboot":{}}');

      const finished = await local(["serve", "--faults", file]);

      expect(finished).toMatchObject({ code: 2, stdout: "" });
      const lines = finished.stderr.trim().split("\n");
      expect(lines.map((line) => line.slice(0, `error: ${file}: `.length))).toEqual(
        lines.map(() => `error: ${file}: `),
      );
      expect(lines.length).toBe(2);
    }));

  it("cannot be asked for where no cloud runs", async () => {
    const finished = await local(["faults"]);

    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain("npm run local -- serve");
  });
});

describe("npm run local -- serve", () => {
  it("leaves a file for each principal while it is up", async () => {
    const file = (name: string): string => join(project, ".local", name);

    const finished = await local(["serve", "--role-delay", "1"], { interruptAfter: "Ctrl-C stops it" });

    expect(finished.code).toBe(130);
    for (const name of ["env.sh", "env.pipeline.sh", "env.contributor.sh", "env.reader.sh"]) {
      expect(finished.stdout).toContain(`. ${file(name)}`);
      expect(existsSync(file(name))).toBe(false);
    }
  }, 60_000);
});
