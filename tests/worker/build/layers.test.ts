import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packFolder } from "../../../worker/build/archive";
import { cachedLayer, type BuiltLayer, type LayerRecipe } from "../../../worker/build/cache";
import { modelLayer } from "../../../worker/build/modelLayer";
import { workerLayer } from "../../../worker/build/workerLayer";
import { withFixtureProject } from "./fixtureProject";

const longAgo = new Date("2001-02-03T04:05:06Z");
const list = (file: string): string[] =>
  execFileSync("tar", ["-tzvf", file, "--numeric-owner"], { encoding: "utf8" }).trim().split("\n");
const names = (file: string): string[] => list(file).map((line) => line.split(" ").at(-1)!);
const workerOf = async (project: string): Promise<BuiltLayer> =>
  cachedLayer(join(project, "cache"), await workerLayer(project));
const modelOf = async (project: string): Promise<BuiltLayer> =>
  cachedLayer(join(project, "cache"), await modelLayer(join(project, "models/street.onnx")));

describe("archives", () => {
  it("carry no time, no owner and only two modes", () =>
    withFixtureProject(async (project) => {
      const file = join(project, "packed.tar.gz");
      writeFileSync(join(project, "cache/private"), "x", { mode: 0o600 });

      await packFolder(join(project, "cache"), file);

      expect(list(file)).toEqual([expect.stringMatching(/^-rw-r--r-- 0\/0 +1 1970-01-01 00:00 private$/)]);
    }));

  it("have the sha256 of the tar as their digest", () =>
    withFixtureProject(async (project) => {
      const { file, digest } = await modelOf(project);

      const sum = execFileSync("/bin/sh", ["-c", 'gzip -dc "$0" | sha256sum', file], { encoding: "utf8" });

      expect(sum.split(" ")[0]).toBe(digest);
    }));
});

describe("the worker layer", () => {
  it("holds both bundles, the licences of what they contain and the self-test picture", () =>
    withFixtureProject(async (project) => {
      const { file } = await workerOf(project);

      expect(names(file)).toEqual(["inference.js", "licences.txt", "main.js", "selftest.jpg"]);
      const licences = execFileSync("tar", ["-xzOf", file, "licences.txt"], { encoding: "utf8" });
      expect(licences).toBe(
        "==== halver 1.2.3 (MIT)\n\nPermission is hereby granted to halve.\n\n==== placed 4.5.6 (MIT)",
      );
    }));

  it("runs where it was unpacked, without the project it came from", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "bundle-test-")));
    try {
      await withFixtureProject(async (project) => {
        const { file } = await workerOf(project);
        execFileSync("tar", ["-xzf", file, "-C", folder]);
      });

      const printed = execFileSync(process.execPath, [join(folder, "main.js")], { encoding: "utf8" });

      expect(printed).toBe(`shared by both 2 ${join(folder, "main.js")}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("has the same digest in another folder and at another time", async () => {
    const one = await withFixtureProject(workerOf);
    const other = await withFixtureProject(workerOf, longAgo);

    expect(other.digest).toBe(one.digest);
  });

  it("has another digest when a source file changes", () =>
    withFixtureProject(async (project) => {
      const before = await workerOf(project);
      writeFileSync(join(project, "worker/shared.ts"), 'export const shared = "changed";\n');

      expect((await workerOf(project)).digest).not.toBe(before.digest);
    }));

  it("is refused in one sentence when the worker does not compile", () =>
    withFixtureProject(async (project) => {
      rmSync(join(project, "worker/shared.ts"));

      await expect(workerLayer(project)).rejects.toThrow(/^The worker cannot be bundled: .*\.\/shared/);
    }));
});

describe("the model layer", () => {
  it("names the model model.onnx, whatever its file was called", () =>
    withFixtureProject(async (project) => {
      const { file } = await modelOf(project);

      expect(names(file)).toEqual(["model.onnx"]);
    }));

  it("carries the self-test picture that lies beside the model", () =>
    withFixtureProject(async (project) => {
      const without = await modelOf(project);
      writeFileSync(join(project, "models/street.selftest.jpg"), "a street");

      const { file, digest } = await modelOf(project);

      expect(names(file)).toEqual(["model.onnx", "selftest.jpg"]);
      expect(digest).not.toBe(without.digest);
    }));

  it("carries the class names that lie beside the model, beside it again", () =>
    withFixtureProject(async (project) => {
      const without = await modelOf(project);
      writeFileSync(join(project, "models/street.names.txt"), "car\n");

      const { file, digest } = await modelOf(project);

      expect(names(file)).toEqual(["model.names.txt", "model.onnx"]);
      expect(digest).not.toBe(without.digest);
    }));

  it("is refused when there is no such file, or a folder", () =>
    withFixtureProject(async (project) => {
      await expect(modelLayer(join(project, "none.onnx"))).rejects.toThrow(
        /There is no model file at .*none\.onnx/,
      );
      await expect(modelLayer(join(project, "models"))).rejects.toThrow(/There is no model file at/);
    }));
});

describe("the cache", () => {
  const recipe = (staged: string[], text = "content"): LayerRecipe => ({
    name: "model",
    key: "0123",
    stage: (folder) => {
      staged.push(folder);
      writeFileSync(join(folder, "file"), text);
      return Promise.resolve();
    },
  });

  it("builds a key once", () =>
    withFixtureProject(async (project) => {
      const staged: string[] = [];

      const first = await cachedLayer(join(project, "cache"), recipe(staged));
      const second = await cachedLayer(join(project, "cache"), recipe(staged));

      expect(second).toEqual(first);
      expect(staged).toHaveLength(1);
    }));

  it("builds again when the archive was deleted", () =>
    withFixtureProject(async (project) => {
      const staged: string[] = [];
      const { file } = await cachedLayer(join(project, "cache"), recipe(staged));
      rmSync(file);

      await cachedLayer(join(project, "cache"), recipe(staged));

      expect(readFileSync(file).length).toBeGreaterThan(0);
    }));

  it("gives two builds at once the same layer and leaves nothing else behind", () =>
    withFixtureProject(async (project) => {
      const cache = join(project, "cache");

      const [one, other] = await Promise.all([
        cachedLayer(cache, recipe([])),
        cachedLayer(cache, recipe([])),
      ]);

      expect(other).toEqual(one);
      expect(readdirSync(cache)).toEqual(["model"]);
      expect(readdirSync(join(cache, "model")).sort()).toEqual(["0123.txt", `${one.digest}.tar.gz`].sort());
    }));

  it("keeps nothing of a build that failed", () =>
    withFixtureProject(async (project) => {
      const broken: LayerRecipe = {
        name: "model",
        key: "0",
        stage: () => Promise.reject(new Error("no disk space")),
      };

      await expect(cachedLayer(join(project, "cache"), broken)).rejects.toThrow("no disk space");

      expect(readdirSync(join(project, "cache"))).toEqual(["model"]);
      expect(readdirSync(join(project, "cache/model"))).toEqual([]);
    }));
});
