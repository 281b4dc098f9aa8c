/** What becomes of a run when the native libraries of an inference process crash, or everything is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultDetectionSettings } from "../../worker/contract/settings";
import { detect } from "../../worker/detect";
import { project } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

const model = join(project, "assets/model/street.onnx");

/** Process ids of a process' inference processes. */
function inferenceOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => fileOf(pid, "status").includes(`\nPPid:\t${parent}\n`))
    .filter((pid) => fileOf(pid, "cmdline").includes("worker/inference.ts"))
    .map(Number);
}

/** A process may end while it is looked at. */
function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

describe("a run whose inference processes crash", () => {
  it("does every picture all the same, in order, when none of them is to blame", async () => {
    await withTemporaryFolder(async (out) => {
      const options = {
        model,
        out,
        images: [join(project, "assets/images")],
        settings: { ...defaultDetectionSettings, annotate: "none" as const },
        namesFile: undefined,
        formats: {},
        threads: 2,
      };
      let killed = 0;

      const summary = await detect(options, new AbortController().signal, ({ done }) => {
        if (done !== 3 && done !== 12) return;
        for (const pid of inferenceOf(process.pid)) {
          process.kill(pid, "SIGSEGV");
          killed += 1;
        }
      });

      expect(killed).toBeGreaterThanOrEqual(3);
      expect(summary).toMatchObject({ images: 24, done: 24, failed: 0, detections: 241 });
      const lines = readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n");
      const names = lines.map((line) => (JSON.parse(line) as { image: { name: string } }).image.name);
      expect(names).toEqual([...names].sort());
    });
  });
});

describe("a worker that is killed", () => {
  it("leaves no inference process", async () => {
    await withTemporaryFolder(async (folder) => {
      const images = join(folder, "images");
      mkdirSync(images);
      const picture = join(project, "assets/images/street-01.jpg");
      for (let index = 0; index < 300; index++) copyFileSync(picture, join(images, `${index}.jpg`));
      const worker = spawn(
        process.execPath,
        [
          ...["--require", "tsx/cjs", "worker/main.ts", "detect", "--model", model],
          ...["--out", join(folder, "out"), "--threads", "2", images],
        ],
        { cwd: project, stdio: ["ignore", "ignore", "pipe"] },
      );
      await once(worker.stderr, "data");
      const processes = inferenceOf(worker.pid!);
      expect(processes).toHaveLength(2);

      worker.kill("SIGKILL");
      await once(worker, "exit");

      const deadlineMs = Date.now() + 10_000;
      const alive = (): number[] =>
        processes.filter((pid) => fileOf(String(pid), "cmdline").includes("worker/inference.ts"));
      while (alive().length > 0 && Date.now() < deadlineMs) await sleep(50);
      expect(alive()).toEqual([]);
    });
  });
});
