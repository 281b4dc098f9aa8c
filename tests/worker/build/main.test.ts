import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const build = (...args: string[]) =>
  spawnSync(process.execPath, ["--require", "tsx/cjs", "worker/build/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });

it("answers a model that is not there with one sentence and exit code 1, before anything is installed", () => {
  const { status, stdout, stderr } = build("--model", "no/such.onnx");

  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^There is no model file at .*such\.onnx\. Name an ONNX file .*\n$/);
});

it("answers wrong usage with exit code 2", () => {
  expect(build()).toMatchObject({
    status: 2,
    stderr: "error: required option '--model <file>' not specified\n",
  });
  expect(build("--modle", "x")).toMatchObject({ status: 2 });
});

it("explains itself", () => {
  const { status, stdout } = build("--help");

  expect(status).toBe(0);
  expect(stdout).toContain("Build the runtime, worker and model layers that nodes unpack.");
});
