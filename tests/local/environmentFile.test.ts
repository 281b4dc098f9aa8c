import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { writeEnvironmentFile } from "../../local/environmentFile";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the environment file", () => {
  it.each(["sh", "bash"])("gives %s the local cloud in place of the subscription that it knew", (shell) =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "env.sh");
      writeEnvironmentFile(file, { AZURE_BATCH_ACCOUNT: "it's local", OTHER: "$HOME" }, "/programs");
      const before = {
        SHLVL: "1",
        PATH: process.env.PATH,
        AZURE_CLIENT_SECRET: "real",
        ARM_CLIENT_ID: "real",
        KEPT: "yes",
      };
      const shown = execFileSync(shell, ["-c", `. ${file}; env`], { env: before, encoding: "utf8" });
      const lines = shown.trimEnd().split("\n");
      const after: Record<string, string> = Object.fromEntries(
        lines.map((line): [string, string] => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]),
      );

      expect(after).toMatchObject({ AZURE_BATCH_ACCOUNT: "it's local", OTHER: "$HOME", KEPT: "yes" });
      expect(after.PATH).toBe(`/programs:${process.env.PATH ?? ""}`);
      expect(shown).not.toContain("real");
      return Promise.resolve();
    }),
  );

  it("is for its owner alone", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "env.sh");
      writeEnvironmentFile(file, {}, "/programs");

      expect(statSync(file).mode & 0o777).toBe(0o600);
      return Promise.resolve();
    }));
});
