import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "../../local/lock";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the lock of a state folder", () => {
  it("refuses, naming the process that has it and what to do", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      writeFileSync(file, String(process.ppid));

      expect(() => takeLock(file, "the cloud", "end it first")).toThrow(
        `the cloud is running already (process ${process.ppid}); end it first`,
      );
      return Promise.resolve();
    }));

  it("is taken from a process that is gone, and given back", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      const gone = spawnSync(process.execPath, ["-e", ""]).pid;
      writeFileSync(file, String(gone));

      const release = takeLock(file, "the cloud", "end it first");

      expect(existsSync(file)).toBe(true);
      release();
      expect(existsSync(file)).toBe(false);
      return Promise.resolve();
    }));
});
