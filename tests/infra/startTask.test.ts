import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { layerResourceFiles, startTaskCommandLine } from "../../infra/startTask";
import { splitCommandLine } from "../../local/compute/commandLine";
import { layerNames, type LayerDigests } from "../../worker/contract/layers";
import { bashCommandLine, unpackScript } from "../../worker/contract/node";

const layers: LayerDigests = { runtime: "a".repeat(64), worker: "b".repeat(64), model: "c".repeat(64) };

describe("the start task", () => {
  it("unpacks the layers and runs the worker's self-test", () => {
    const [a, b, c] = [layers.runtime, layers.worker, layers.model];
    expect(startTaskCommandLine(layers)).toBe(
      `/bin/bash -c 'set -euo pipefail
layers="$AZ_BATCH_NODE_SHARED_DIR/layers"; mkdir -p "$layers"
discard() { rm -rf "$fresh" "$fresh.tar"; }
unpack() {
  if [ ! -d "$layers/$2" ]; then
    fresh=$(mktemp -d "$layers/.$2.XXXXXX"); trap discard EXIT
    gzip -dc "$1" >"$fresh.tar"
    echo "$2  $fresh.tar" | sha256sum --check --status || { echo "layer $1 does not have the digest $2" >&2; exit 1; }
    tar -xf "$fresh.tar" -C "$fresh" --no-same-owner; rm "$fresh.tar"; chmod 755 "$fresh"
    mv -T "$fresh" "$layers/$2" 2>/dev/null || [ -d "$layers/$2" ]
    discard; trap - EXIT
  fi
  rm -f "$1"
}
unpack runtime.tar.gz ${a}
unpack worker.tar.gz ${b}
unpack model.tar.gz ${c}
NODE_PATH="$AZ_BATCH_NODE_SHARED_DIR/layers/${a}/node_modules" exec "$AZ_BATCH_NODE_SHARED_DIR/layers/${a}/bin/node" "$AZ_BATCH_NODE_SHARED_DIR/layers/${b}/main.js" self-test --model "$AZ_BATCH_NODE_SHARED_DIR/layers/${c}/model.onnx"'`,
    );
  });

  it("is split by Batch into bash and one script", () => {
    expect(splitCommandLine(startTaskCommandLine(layers))).toEqual([
      "/bin/bash",
      "-c",
      expect.stringMatching(/^set -euo/),
    ]);
  });

  it("cannot hold a single quote, which would end the script early", () => {
    expect(() => bashCommandLine("echo 'hello'")).toThrow("may not hold a single quote: echo 'hello'");
  });

  it("fetches each layer with the pool's identity, without a key or SAS in the address", () => {
    const identityReference = { resourceId: "/subscriptions/s/identity" };

    expect(layerResourceFiles(layers, "https://account.blob/layers", "/subscriptions/s/identity")).toEqual([
      {
        httpUrl: `https://account.blob/layers/runtime/${layers.runtime}.tar.gz`,
        filePath: "runtime.tar.gz",
        identityReference,
      },
      {
        httpUrl: `https://account.blob/layers/worker/${layers.worker}.tar.gz`,
        filePath: "worker.tar.gz",
        identityReference,
      },
      {
        httpUrl: `https://account.blob/layers/model/${layers.model}.tar.gz`,
        filePath: "model.tar.gz",
        identityReference,
      },
    ]);
  });
});

describe("unpacking on a node", () => {
  let folder: string;
  let digests: LayerDigests;
  let shared: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "unpack-test-"));
    shared = join(folder, "shared");
    mkdirSync(shared);
    digests = {
      runtime: makeLayer("runtime"),
      worker: makeLayer("worker"),
      model: makeLayer("model"),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A layer with one file that holds the layer's name. */
  function makeLayer(name: string): string {
    writeFileSync(join(folder, "name.txt"), name);
    execFileSync("tar", ["-cf", join(folder, `${name}.tar`), "-C", folder, "name.txt"]);
    const digest = createHash("sha256")
      .update(readFileSync(join(folder, `${name}.tar`)))
      .digest("hex");
    execFileSync("gzip", ["-n", join(folder, `${name}.tar`)]);
    return digest;
  }
  /** Runs the script as a task: in a working directory of its own that holds the archives. */
  async function unpack(task: string, script = unpackScript(digests)): Promise<void> {
    const workingDirectory = join(folder, task);
    mkdirSync(workingDirectory, { recursive: true });
    for (const name of layerNames)
      execFileSync("cp", [join(folder, `${name}.tar.gz`), join(workingDirectory, `${name}.tar.gz`)]);
    await promisify(execFile)("/bin/bash", ["-c", script], {
      cwd: workingDirectory,
      env: { PATH: "/usr/bin:/bin", HOME: folder, AZ_BATCH_NODE_SHARED_DIR: shared },
    });
  }
  const unpacked = (): string[] => readdirSync(join(shared, "layers")).sort();
  const expected = (): string[] => Object.values(digests).sort();

  it("puts each layer under its digest and removes the archives", async () => {
    await unpack("task");

    expect(unpacked()).toEqual(expected());
    expect(readFileSync(join(shared, "layers", digests.model, "name.txt"), "utf8")).toBe("model");
    expect(readdirSync(join(folder, "task"))).toEqual([]);
  });

  it("leaves a layer alone that is there already", async () => {
    await unpack("task");
    writeFileSync(join(shared, "layers", digests.model, "mark"), "");

    await unpack("task");

    expect(existsSync(join(shared, "layers", digests.model, "mark"))).toBe(true);
    expect(unpacked()).toEqual(expected());
  });

  it("may be done by several tasks of a node at once", async () => {
    await Promise.all(["one", "two", "three"].map(async (task) => unpack(task)));

    expect(unpacked()).toEqual(expected());
    expect(readdirSync(join(shared, "layers", digests.runtime))).toEqual(["name.txt"]);
  });

  it("refuses an archive with another digest and leaves nothing of it behind", async () => {
    const wrong = { ...digests, worker: "0".repeat(64) };

    await expect(unpack("task", unpackScript(wrong))).rejects.toMatchObject({
      code: 1,
      stderr: `layer worker.tar.gz does not have the digest ${wrong.worker}\n`,
    });

    expect(unpacked()).toEqual([digests.runtime]);
  });
});
