/** Raw inference: as many processes as threads, each running one session on a ready tensor. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { timed, type Measurement } from "./measure";

export class Raw {
  private constructor(readonly children: readonly ChildProcess[]) {}

  static async open(modelFile: string, graph: "as-exported" | "turned", threads: number): Promise<Raw> {
    const children = Array.from({ length: threads }, () =>
      fork(join(__dirname, "rawProcess.ts"), [modelFile, graph], { execArgv: ["--require", "tsx/cjs"] }),
    );
    await Promise.all(children.map((child) => heard(child)));
    return new Raw(children);
  }

  /** At least `images` runs, the same number in each process. */
  measure(images: number): Promise<Measurement> {
    const each = Math.ceil(images / this.children.length);
    return timed(each * this.children.length, () =>
      Promise.all(
        this.children.map((child) => {
          child.send(each);
          return heard(child);
        }),
      ),
    );
  }

  close(): void {
    for (const child of this.children) child.disconnect();
  }
}

async function heard(child: ChildProcess): Promise<void> {
  const died = once(child, "exit").then(() => Promise.reject(new Error("a raw process died")));
  await Promise.race([once(child, "message"), died]);
}
