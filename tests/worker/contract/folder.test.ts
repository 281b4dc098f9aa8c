import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileIn, makeFolder } from "../../../worker/contract/folder";
import { withTemporaryFolder } from "../../support/temporaryFolder";

describe("making a folder that a person named", () => {
  it("makes those above it too, and leaves one that is there as it is", () =>
    withTemporaryFolder((folder) => {
      makeFolder(join(folder, "a/b/c"));
      makeFolder(join(folder, "a/b/c"));

      expect(existsSync(join(folder, "a/b/c"))).toBe(true);
      return Promise.resolve();
    }));

  it("says a sentence when a file is in the way, or when there can be none, instead of trying for ever", () =>
    withTemporaryFolder((folder) => {
      writeFileSync(join(folder, "file"), "");

      expect(() => makeFolder(join(folder, "file"))).toThrow(
        `The folder ${join(folder, "file")} cannot be made: a file is in its place.`,
      );
      expect(() => makeFolder(join(folder, "file/below"))).toThrow(
        `The folder ${join(folder, "file")} cannot be made: a file is in its place.`,
      );
      expect(() => makeFolder("/proc/nowhere/below")).toThrow(
        "The folder /proc/nowhere cannot be made (ENOENT).",
      );
      return Promise.resolve();
    }));
});

describe("a file in a folder", () => {
  it("is refused where a blob's name leads out of the folder", () => {
    expect(fileIn("out", "annotated/a/b.jpg")).toBe("out/annotated/a/b.jpg");
    expect(fileIn("out", "annotated/../../b.jpg")).toBeNull();
  });
});
