import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { uploadsOf, uploadWanted } from "../../../local/compute/outputFiles";
import { withTemporaryFolder } from "../../support/temporaryFolder";

/** Blob names that a pattern gives in a task's directory with these files. */
async function blobs(
  filePattern: string,
  path: string | undefined,
  files: readonly string[],
  environment: Record<string, string> = {},
): Promise<string[]> {
  return withTemporaryFolder(async (task) => {
    for (const file of files) {
      await mkdir(dirname(join(task, file)), { recursive: true });
      await writeFile(join(task, file), file);
    }
    const variables = { AZ_BATCH_TASK_DIR: task, ...environment };
    const uploads = await uploadsOf(filePattern, path, join(task, "wd"), variables);
    return uploads.map((upload) => upload.blobName);
  });
}

describe("output files", () => {
  const streams = ["stdout.txt", "stderr.txt", "wd/a.txt"];

  it("without a wildcard get the path as their whole name", async () => {
    expect(await blobs("../stdout.txt", "runs/1/stdout.txt", streams)).toEqual(["runs/1/stdout.txt"]);
  });

  it("without a path keep their own name", async () => {
    expect(await blobs("../stdout.txt", undefined, streams)).toEqual(["stdout.txt"]);
  });

  it("with a wildcard go below the path", async () => {
    expect(await blobs("../std*.txt", "t1", streams)).toEqual(["t1/stderr.txt", "t1/stdout.txt"]);
  });

  it("keep their folders below the fixed part of the pattern", async () => {
    const files = ["wd/out/a.json", "wd/out/b/c.json", "wd/out/.hidden.json", "wd/other.json"];

    expect(await blobs("out/**/*.json", "r", files)).toEqual(["r/a.json", "r/b/c.json"]);
  });

  it("may be named by a variable of the task", async () => {
    expect(await blobs("$AZ_BATCH_TASK_DIR/wd/[!b].txt", undefined, ["wd/a.txt", "wd/b.txt"])).toEqual([
      "a.txt",
    ]);
  });

  it("may be none", async () => {
    expect(await blobs("nothing*", "r", streams)).toEqual([]);
    expect(await blobs("nothing", "r", streams)).toEqual([]);
  });

  it.each([
    ["tasksuccess", true, true],
    ["tasksuccess", false, false],
    ["taskfailure", true, false],
    ["taskfailure", false, true],
    ["taskcompletion", true, true],
    ["taskcompletion", false, true],
  ])("with condition %s after success %s are uploaded: %s", (condition, succeeded, wanted) => {
    expect(uploadWanted(condition, succeeded)).toBe(wanted);
  });
});
