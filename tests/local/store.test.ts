import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openStore } from "../../local/store";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the store", () => {
  it("finds after reopening what was put before", async () => {
    await withTemporaryFolder(async (folder) => {
      const first = openStore(folder);
      first.table<{ n: number }>("things").put("a", { n: 1 });
      await first.close();

      const second = openStore(folder);
      expect(second.table<{ n: number }>("things").get("a")).toEqual({ n: 1 });
      await second.close();
    });
  });

  it("lists the records of a prefix in key order, and of no other table", async () => {
    await withTemporaryFolder(async (folder) => {
      const store = openStore(folder);
      const things = store.table<number>("things");
      things.put("a/2", 2);
      things.put("a/1", 1);
      things.put("b/1", 3);
      store.table<number>("others").put("a/9", 9);

      expect(things.list("a/")).toEqual([1, 2]);
      expect(things.list()).toEqual([1, 2, 3]);
      things.delete("a/1");
      expect(things.list("a/")).toEqual([2]);
      await store.close();
    });
  });

  it("has on disk what was written behind once it says so, even when the process is killed outright", async () => {
    await withTemporaryFolder(async (folder) => {
      const program = `
        const store = require(${JSON.stringify(join(__dirname, "../../local/store"))}).openStore(${JSON.stringify(folder)});
        const things = store.table("things");
        things.putBehind("a", 1);
        things.putBehind("b", 2);
        things.putBehind("a", 3);
        things.deleteBehind("b");
        things.putBehind("c", 4);
        store.written().then(() => process.kill(process.pid, "SIGKILL"));`;
      const killed = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", program], {
        stdio: "inherit",
      });
      expect(killed.signal).toBe("SIGKILL");

      const store = openStore(folder);
      const things = store.table<number>("things");
      expect(["a", "b", "c"].map((key) => things.get(key))).toEqual([3, undefined, 4]);
      await store.close();
    });
  });
});
