import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cachedLayer } from "../../../worker/build/cache";
import { installFailure, runtimeLayer } from "../../../worker/build/runtimeLayer";
import { workerLayer } from "../../../worker/build/workerLayer";
import { meanModel } from "../../support/meanModel";

const project = resolve(__dirname, "../../..");

it("says in a sentence that the registry cannot be reached", () => {
  const stderr =
    "npm error code ENOTFOUND\nnpm error network request to https://registry.example/sharp failed, reason: getaddrinfo ENOTFOUND\n" +
    "npm error A complete log of this run can be found in: /home/me/.npm/_logs/debug-0.log\n";

  expect(installFailure(stderr)).toMatch(
    /^The runtime layer needs the npm registry once, and npm could not reach it \(network request to https:\/\/registry\.example\/sharp failed, reason: getaddrinfo ENOTFOUND\)\. Check the network/,
  );
});

it("repeats npm's own words for any other failure", () => {
  expect(
    installFailure("npm error code EUSAGE\nnpm error `npm ci` can only install with a lock file\n"),
  ).toBe("npm could not install the runtime layer: `npm ci` can only install with a lock file");
});

// Linux x64 is what the layer is made for; elsewhere it can be built, but not run.
const onLinux = process.platform === "linux" && process.arch === "x64" ? it : it.skip;

/** The layer, unpacked, and its Node.js as a function from arguments to what it prints. */
async function withRuntime(
  use: (layer: string, node: (...args: string[]) => string) => Promise<void> | void,
): Promise<void> {
  const layer = mkdtempSync(join(tmpdir(), "runtime-test-"));
  try {
    // The project's own cache: the layer is the one that every build here uses.
    const { file } = await cachedLayer(
      join(project, ".cache/layers"),
      await runtimeLayer(project, () => undefined),
    );
    execFileSync("tar", ["-xzf", file, "-C", layer]);
    await use(layer, (...args) =>
      execFileSync(join(layer, "bin/node"), args, {
        cwd: layer,
        env: { NODE_PATH: join(layer, "node_modules") },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim(),
    );
  } finally {
    rmSync(layer, { recursive: true, force: true });
  }
}

onLinux(
  "builds a runtime that starts Node.js and loads both native packages from any folder",
  () =>
    withRuntime((layer, node) => {
      expect(node("--version")).toMatch(/^v24\./);
      expect(
        node(
          "-p",
          'typeof require("onnxruntime-node").InferenceSession.create + " " + typeof require("sharp")',
        ),
      ).toBe("function function");
      expect(readdirSync(join(layer, "node_modules/onnxruntime-node/bin/napi-v6"))).toEqual(["linux"]);
    }),
  300_000,
);

// Node.js 24 has an array of half-precision numbers, and Node.js 20 has none: ONNX Runtime treats them differently.
onLinux(
  "runs the bundled worker with a model in half precision",
  () =>
    withRuntime(async (layer, node) => {
      const [worker, model] = [join(layer, "worker"), join(layer, "half.onnx")];
      mkdirSync(worker);
      await (await workerLayer(project)).stage(worker, layer);
      const box = [32, 32, 8, 8, "mean"] as const;
      writeFileSync(
        model,
        meanModel({
          input: [1, 3, 64, 64],
          inputType: "float16",
          outputType: "float16",
          rows: box.map((value) => Array.from({ length: 84 }, (_, anchor) => (anchor === 0 ? value : 0))),
        }),
      );

      const summary: unknown = JSON.parse(
        node(
          join(worker, "main.js"),
          ...["detect", "--json", "--model", model, "--out", join(layer, "out"), "--conf", "0.1"],
          join(project, "assets/images/street-01.jpg"),
        ),
      );

      expect(summary).toMatchObject({ done: 1, failed: 0, detections: 1 });
    }),
  300_000,
);
