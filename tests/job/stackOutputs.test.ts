import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type Finished } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

/** `npm run job -- inputs --stack NAME` where `pulumi` is this shell script; nowhere when undefined. */
function inputsOf(stack: string, pulumi: string | undefined): Promise<Finished> {
  return withTemporaryFolder((folder) => {
    if (pulumi !== undefined) {
      writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${pulumi}\n`);
      chmodSync(join(folder, "pulumi"), 0o755);
    }
    const args = ["--require", "tsx/cjs", "infra/job/cli.ts", "inputs", "--stack", stack];
    return run(process.execPath, args, { environment: { PATH: folder } });
  });
}

describe("a stack by its name", () => {
  it("is asked of Pulumi, and what its outputs lack is named", async () => {
    const asked = `[ "$*" = "stack output --json --stack dev --non-interactive" ] && echo '{"poolId":"p"}'`;

    const finished = await inputsOf("dev", asked);

    expect(finished).toMatchObject({ code: 1, stdout: "" });
    expect(finished.stderr).toMatch(/the outputs of stack dev: .*batchEndpoint, .* are missing/);
    expect(finished.stderr).not.toContain("poolId");
  });

  it("cannot be had without Pulumi, and the sentence names the other way", async () => {
    expect((await inputsOf("dev", undefined)).stderr).toContain(
      "Cannot read the outputs of stack dev: there is no pulumi on PATH. Give the outputs by --target FILE.",
    );
  });

  it("fails with Pulumi's own words", async () => {
    const finished = await inputsOf("prod", "echo \"error: no stack named 'prod' found\" >&2; exit 255");

    expect(finished.stderr).toContain("Cannot read the outputs of stack prod: no stack named 'prod' found");
  });
});
