/** The local cloud around somebody's own script with the real SDKs. */
import { join } from "node:path";
import { local, processesIn, project } from "../support/command";

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

    expect(finished).toMatchObject({ code: 7 });
  }, 60_000);
});
