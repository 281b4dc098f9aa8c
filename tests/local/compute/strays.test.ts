import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { endStrays } from "../../../local/compute/strays";
import { withTemporaryFolder } from "../../support/temporaryFolder";

const started: ChildProcess[] = [];

/** A process in a group of its own, as one that left its task's. */
async function processOfNode(rootDirectory: string): Promise<ChildProcess> {
  const child = spawn("/bin/sleep", ["1000"], {
    env: { FIRST: "1", AZ_BATCH_NODE_ROOT_DIR: rootDirectory, LAST: "1" },
    detached: true,
    stdio: "ignore",
  });
  started.push(child);
  await once(child, "spawn");
  return child;
}

describe("what a killed service left running", () => {
  afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

  it("is ended and gone, when it belongs to a node of the account", async () => {
    await withTemporaryFolder(async (folder) => {
      const stray = await processOfNode(join(folder, "account/pool/node/tasks"));
      const over = once(stray, "exit");

      await endStrays(join(folder, "account"));

      expect(await over).toEqual([null, "SIGKILL"]);
    });
  });

  it("is left alone when it belongs to another account, whatever its name begins with", async () => {
    await withTemporaryFolder(async (folder) => {
      const other = await processOfNode(join(folder, "account2/pool/node/tasks"));

      await endStrays(join(folder, "account"));

      expect([other.exitCode, other.signalCode]).toEqual([null, null]);
      expect(process.kill(other.pid!, 0)).toBe(true);
    });
  });
});
