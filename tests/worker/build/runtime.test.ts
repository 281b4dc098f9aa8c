import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cachedLayer } from "../../../worker/build/cache";
import { installFailure, runtimeLayer } from "../../../worker/build/runtimeLayer";

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

onLinux(
  "builds a runtime that starts Node.js and loads both native packages from any folder",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "runtime-test-"));
    try {
      mkdirSync(join(folder, "layer"));
      // The project's own cache: the layer is the one that every build here uses.
      const { file } = await cachedLayer(
        join(project, ".cache/layers"),
        await runtimeLayer(project, () => undefined),
      );
      execFileSync("tar", ["-xzf", file, "-C", join(folder, "layer")]);
      const node = (...args: string[]): string =>
        execFileSync(join(folder, "layer/bin/node"), args, {
          cwd: folder,
          env: { NODE_PATH: join(folder, "layer/node_modules") },
          encoding: "utf8",
        }).trim();

      expect(node("--version")).toMatch(/^v24\./);
      expect(
        node(
          "-p",
          'typeof require("onnxruntime-node").InferenceSession.create + " " + typeof require("sharp")',
        ),
      ).toBe("function function");
      expect(readdirSync(join(folder, "layer/node_modules/onnxruntime-node/bin/napi-v6"))).toEqual(["linux"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
