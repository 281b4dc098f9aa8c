import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProcessGroups, type ProcessSpec } from "../../../local/compute/taskProcess";
import { withTemporaryFolder } from "../../support/temporaryFolder";

const spec = (folder: string, ...argv: string[]): ProcessSpec => ({
  argv,
  workingDirectory: folder,
  environment: { PATH: "/usr/bin:/bin", GREETING: "hello" },
  stdoutFile: join(folder, "stdout.txt"),
  stderrFile: join(folder, "stderr.txt"),
});

/** A process that has ended and waits for its parent to notice (state Z) is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

const pidIn = async (file: string): Promise<number> => {
  await until("a process id", async () => /\d+\n/.test(await readFile(file, "utf8").catch(() => "")));
  return Number(await readFile(file, "utf8"));
};

describe("a task process", () => {
  const groups = new ProcessGroups();
  afterAll(() => groups.stop());

  it("has the environment it is given and no other, and writes to its files", async () => {
    await withTemporaryFolder(async (folder) => {
      const ended = await groups.start(spec(folder, "env")).ended;

      expect(ended).toEqual({ kind: "exited", exitCode: 0 });
      expect((await readFile(join(folder, "stdout.txt"), "utf8")).split("\n").sort()).toEqual([
        "",
        "GREETING=hello",
        "PATH=/usr/bin:/bin",
      ]);
    });
  });

  it("that has no program says so", async () => {
    await withTemporaryFolder(async (folder) => {
      expect(await groups.start(spec(folder, "no-such-program")).ended).toEqual({
        kind: "program-not-found",
      });
      expect(await groups.start(spec(folder, folder)).ended).toMatchObject({ kind: "launch-failed" });
    });
  });

  it("takes its whole group with it when it is stopped, even those who ignore SIGTERM", async () => {
    await withTemporaryFolder(async (folder) => {
      const script = `(trap "" TERM; echo $BASHPID; while :; do sleep 0.1; done) & wait`;
      const running = groups.start(spec(folder, "/bin/bash", "-c", script));
      const descendant = await pidIn(join(folder, "stdout.txt"));

      running.stop();
      const ended = await running.ended;

      expect(ended).toEqual({ kind: "exited", exitCode: 143 });
      await until("the descendant to die", () => !isAlive(descendant));
    });
  });

  it("leaves nobody behind when it ends by itself", async () => {
    await withTemporaryFolder(async (folder) => {
      const running = groups.start(spec(folder, "/bin/bash", "-c", "sleep 1000 & echo $!"));

      await running.ended;

      const descendant = await pidIn(join(folder, "stdout.txt"));
      await until("the descendant to die", () => !isAlive(descendant));
    });
  });

  it("counts as killed when the launcher is killed, and the next one gets a new launcher", async () => {
    await withTemporaryFolder(async (folder) => {
      const own = new ProcessGroups();
      const script = "echo $PPID; echo $$ > pid; sleep 1000";
      const running = own.start(spec(folder, "/bin/bash", "-c", script));
      const launcher = await pidIn(join(folder, "stdout.txt"));
      const task = await pidIn(join(folder, "pid"));

      process.kill(launcher, "SIGKILL");

      expect(await running.ended).toEqual({ kind: "exited", exitCode: 137 });
      await until("the task to die", () => !isAlive(task));
      expect(await own.start(spec(folder, "true")).ended).toEqual({ kind: "exited", exitCode: 0 });
      await own.stop();
    });
  });

  it("that is to be stopped before it began is stopped", async () => {
    await withTemporaryFolder(async (folder) => {
      const running = groups.start(spec(folder, "sleep", "1000"));

      running.stop();

      expect(await running.ended).toEqual({ kind: "exited", exitCode: 143 });
    });
  });

  it("dies with the local cloud, even when that is killed outright", async () => {
    await withTemporaryFolder(async (folder) => {
      const program = `
        const { ProcessGroups } = require(${JSON.stringify(join(__dirname, "../../../local/compute/taskProcess"))});
        new ProcessGroups().start(${JSON.stringify(spec(folder, "/bin/bash", "-c", "echo $$; sleep 1000"))});
        setInterval(() => {}, 1000);`;
      const cloud = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program], { stdio: "inherit" });
      const task = await pidIn(join(folder, "stdout.txt"));
      expect(isAlive(task)).toBe(true);

      cloud.kill("SIGKILL");

      await until("the task to die", () => !isAlive(task));
    });
  });
});
