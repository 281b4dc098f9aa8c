import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "../../local/removal";

/** Permissions do not bind root; tests of them run as nobody then. */
async function asOrdinaryUser(act: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.("nobody");
  try {
    await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("removing a folder", () => {
  it("removes what a task has closed", () =>
    asOrdinaryUser(async () => {
      const folder = mkdtempSync(join(tmpdir(), "detect-test-"));
      const closed = join(folder, "a", "closed");
      mkdirSync(join(closed, "deep"), { recursive: true });
      writeFileSync(join(closed, "deep", "file"), "");
      chmodSync(join(closed, "deep"), 0o500);
      chmodSync(closed, 0o000);
      expect(() => rmSync(folder, { recursive: true })).toThrow("EACCES");

      await removeFolder(folder);

      expect(existsSync(folder)).toBe(false);
    }));

  it("finds nothing to do where there is no folder", async () => {
    await expect(removeFolder(join(tmpdir(), "detect-test-not-there"))).resolves.toBeUndefined();
  });
});
