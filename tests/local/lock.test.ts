import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "../../local/lock";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the lock of a state folder", () => {
  it("refuses while its process lives, naming it and what to do", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      const release = takeLock(file, "the cloud", "end it first");

      expect(() => takeLock(file, "the cloud", "end it first")).toThrow(
        `the cloud is running already (process ${process.pid}); end it first`,
      );
      release();
      return Promise.resolve();
    }));

  it("is taken from a process that is gone, though another has its number now, and given back", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "lock");
      writeFileSync(file, `${process.ppid} 1`);

      const release = takeLock(file, "the cloud", "end it first");

      expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} \\d+$`));
      release();
      expect(existsSync(file)).toBe(false);
      return Promise.resolve();
    }));
});
