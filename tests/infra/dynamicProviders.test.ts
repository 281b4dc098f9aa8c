/** The dynamic providers as Pulumi keeps them: serialized into the stack's state, run later in another process from that text. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { detectionJobProvider } from "../../infra/detectionJob";
import { layerProvider } from "../../infra/layers";
import { seedImagesProvider } from "../../infra/seedImages";

const root = resolve(__dirname, "../..");
const providers = { layer: layerProvider, seed: seedImagesProvider, detection: detectionJobProvider };
type ProviderName = keyof typeof providers;

/** Stands in for the job step: keeps what it was asked, answers what the test laid down for the command. */
const jobStep = `
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync("asked.ndjson", JSON.stringify(args) + "\\n");
const answer = JSON.parse(readFileSync("answers.json", "utf8"))[args[0]];
if (answer.fails) { console.error(answer.fails); process.exit(1); }
console.log(JSON.stringify(answer));
`;
/** Does what Pulumi's provider process does: loads the text, calls a method, sends the result over a protocol that knows no undefined. */
const runner = `
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const [name, method, values] = process.argv.slice(2);
require("./" + name + ".js").handler()[method](...JSON.parse(values)).then(
  (result) => console.log(JSON.stringify(result === undefined ? null : Struct.fromJavaScript(result).toJavaScript())),
  (error) => { console.error(error.message); process.exit(1); },
);
`;

let project: string;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "providers-test-"));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  };
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  write("infra/job/cli.ts", jobStep);
  write("runner.js", runner);
  for (const [name, provider] of Object.entries(providers)) {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    write(`${name}.js`, text);
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));
beforeEach(() => rmSync(join(project, "asked.ndjson"), { force: true }));

interface Call {
  readonly result: unknown;
  readonly asked: readonly string[][];
  readonly stderr: string;
}
async function call(
  provider: ProviderName,
  method: string,
  values: readonly unknown[],
  answers: Record<string, unknown> = {},
): Promise<Call> {
  writeFileSync(join(project, "answers.json"), JSON.stringify(answers));
  const args = ["runner.js", provider, method, JSON.stringify(values)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: project });
  return { result: JSON.parse(stdout), asked: asked(), stderr };
}
function asked(): string[][] {
  try {
    const lines = readFileSync(join(project, "asked.ndjson"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as string[]);
  } catch {
    return []; // nothing was asked
  }
}
const changes = async (provider: ProviderName, olds: object, news: object): Promise<unknown> => {
  const { result, asked: commands } = await call(provider, "diff", ["id", olds, news]);
  expect(commands).toEqual([]);
  return result;
};

const blobEndpoint = "https://account.blob.core.windows.net";

describe("a layer", () => {
  const layer = {
    blobEndpoint,
    container: "layers",
    blob: "model/abc.tar.gz",
    digest: "abc",
    file: ".cache/layers/model/abc.tar.gz",
  };

  it("is uploaded under its digest when it is created, and when it changes", async () => {
    const upload = [
      ...["upload", "--blob-endpoint", blobEndpoint, "--container", "layers"],
      ...["--file", layer.file, "--blob", layer.blob, "--json"],
    ];
    const answers = { upload: { uploaded: true, blob: layer.blob, bytes: 1 } };

    const created = await call("layer", "create", [layer], answers);
    const updated = await call("layer", "update", ["id", { ...layer, digest: "old" }, layer], answers);

    expect(created.result).toEqual({ id: "model/abc.tar.gz", outs: layer });
    expect(updated.result).toEqual({ outs: layer });
    expect(updated.asked).toEqual([upload, upload]);
  });

  it("changes with its digest and its account, not with the place where it was built", async () => {
    expect(await changes("layer", layer, { ...layer, file: "elsewhere" })).toEqual({ changes: false });
    expect(await changes("layer", layer, { ...layer, digest: "def" })).toEqual({ changes: true });
    expect(await changes("layer", layer, { ...layer, blobEndpoint: "https://new" })).toEqual({
      changes: true,
    });
  });

  it("is uploaded again into an account that was made again under its old name", async () => {
    const first = { ...layer, accountCreated: "2026-01-01T00:00:00Z" };
    const again = { ...layer, accountCreated: "2026-02-02T00:00:00Z" };

    expect(await changes("layer", first, again)).toEqual({ changes: true });
    expect(await changes("layer", first, first)).toEqual({ changes: false });
    expect(await changes("layer", first, { ...layer, accountCreated: pulumi.runtime.unknownValue })).toEqual({
      changes: true,
    });
  });

  it("is no change where state of an earlier version, or a cloud, knows no time of creation", async () => {
    const timed = { ...layer, accountCreated: "2026-01-01T00:00:00Z" };

    expect(await changes("layer", layer, timed)).toEqual({ changes: false });
    expect(await changes("layer", timed, layer)).toEqual({ changes: false });
  });

  it("stays in the container when the resource goes, for the jobs that need it", () => {
    expect(layerProvider).not.toHaveProperty("delete");
  });

  it("fails with the command's last sentence", async () => {
    const failing = call("layer", "create", [layer], { upload: { fails: "The role is not there yet." } });

    await expect(failing).rejects.toMatchObject({
      stderr: expect.stringMatching(/The role is not there yet\.\n$/) as string,
    });
  });
});

describe("the seed pictures", () => {
  const seed = { blobEndpoint, container: "input", folder: "assets/images" };

  it("get the digest of their folder before anything is uploaded, so that a preview shows a change", async () => {
    const { result, asked: commands } = await call("seed", "check", [{}, seed], {
      inputs: { digest: "d1", images: 24 },
    });

    expect(result).toEqual({ inputs: { ...seed, digest: "d1", images: 24 }, failures: [] });
    expect(commands).toEqual([["inputs", "--folder", "assets/images", "--json"]]);
  });

  it("change with the digest only", async () => {
    const olds = { ...seed, digest: "d1", images: 24 };

    expect(await changes("seed", olds, { ...olds, folder: "moved" })).toEqual({ changes: false });
    expect(await changes("seed", olds, { ...olds, digest: "d2" })).toEqual({ changes: true });
  });

  it("are uploaded again into an account that was made again, and not for state without its time", async () => {
    const olds = { ...seed, digest: "d1", images: 24 };
    const first = { ...olds, accountCreated: "2026-01-01T00:00:00Z" };

    expect(await changes("seed", first, { ...olds, accountCreated: "2026-02-02T00:00:00Z" })).toEqual({
      changes: true,
    });
    expect(await changes("seed", olds, first)).toEqual({ changes: false });
  });

  it("are uploaded as a folder", async () => {
    const answers = { upload: { uploaded: 24, unchanged: 0, digest: "d1" } };

    const { asked: commands } = await call(
      "seed",
      "create",
      [{ ...seed, digest: "d1", images: 24 }],
      answers,
    );

    expect(commands).toEqual([
      [
        "upload",
        "--blob-endpoint",
        blobEndpoint,
        "--container",
        "input",
        "--folder",
        "assets/images",
        "--json",
      ],
    ]);
  });
});

describe("the detection", () => {
  const target = {
    batchEndpoint: "https://account.japaneast.batch.azure.com",
    poolId: "pool-1",
    blobEndpoint,
    containers: { input: "input", output: "output", layers: "layers" },
    identityClientId: "client",
    identityResourceId: "/identity",
    layers: { runtime: "a", worker: "b", model: "c" },
    detection: {
      confidence: 0.25,
      iou: 0.7,
      maxDetections: 300,
      classes: [],
      agnostic: false,
      annotate: "all",
      acceptTruncated: false,
    },
    lineage: "0123456789abcdef",
  };
  const inputs = { target, seedDigest: "s1" };
  const olds = { ...inputs, inputsDigest: "i1", jobId: "detect-1" };
  const json = JSON.stringify(target);

  it("gets the digest of the input container from its check", async () => {
    const { result, asked: commands } = await call("detection", "check", [{}, inputs], {
      inputs: { kind: "listed", digest: "i1", images: 24, counts: { new: 0, held: 4, done: 19, failed: 1 } },
    });

    const images = { new: 0, done: 19 };
    expect(result).toEqual({ inputs: { ...inputs, inputsDigest: "i1", images }, failures: [] });
    expect(commands).toEqual([["inputs", "--target", json, "--json"]]);
  });

  it("tells the reader of a preview what is new", async () => {
    const { result, stderr } = await call("detection", "check", [olds, inputs], {
      inputs: {
        kind: "listed",
        digest: "i2",
        images: 12_437,
        counts: { new: 37, held: 0, done: 12_400, failed: 0 },
      },
    });

    expect(result).toMatchObject({ inputs: { inputsDigest: "i2", images: { new: 37, done: 12_400 } } });
    expect(stderr).toBe("images new: 37, done: 12,400\n");
  });

  it("goes by the digest alone where it cannot be told what is done", async () => {
    const answers = { inputs: { kind: "listed", digest: "i1", images: 24, counts: null } };

    expect((await call("detection", "check", [{}, inputs], answers)).result).toEqual({
      inputs: { ...inputs, inputsDigest: "i1" },
      failures: [],
    });
  });

  it("has no digest while the account is not there, and asks nobody for it", async () => {
    const unknown = { ...inputs, target: { ...target, blobEndpoint: pulumi.runtime.unknownValue } };

    const { result, asked: commands } = await call("detection", "check", [{}, unknown]);

    expect(result).toEqual({ inputs: unknown, failures: [] });
    expect(commands).toEqual([]);
  });

  it("has no digest while the container is not there", async () => {
    const answers = { inputs: { kind: "absent", message: "There is no container." } };

    expect((await call("detection", "check", [olds, inputs], answers)).result).toEqual({
      inputs,
      failures: [],
    });
  });

  it("keeps the old digest, and says so, where the reader of a preview may not list", async () => {
    const answers = { inputs: { kind: "denied", message: "You lack Storage Blob Data Reader." } };

    const { result, stderr } = await call("detection", "check", [olds, inputs], answers);

    expect(result).toEqual({ inputs: { ...inputs, inputsDigest: "i1" }, failures: [] });
    expect(stderr).toBe(
      "warning: the pictures cannot be listed, so new ones are not seen: You lack Storage Blob Data Reader.\n",
    );
  });

  it("is no change for state of an earlier version, which knows no time of creation", async () => {
    const timed = { ...inputs, inputsDigest: "i1", accountCreated: "2026-01-01T00:00:00Z" };

    expect(await changes("detection", olds, timed)).toEqual({ changes: false });
  });

  it("submits again in an account that was made again, though its pictures cannot be listed yet", async () => {
    const first = { ...olds, accountCreated: "2026-01-01T00:00:00Z" };
    const again = { ...inputs, inputsDigest: "i1", accountCreated: "2026-02-02T00:00:00Z" };

    expect(await changes("detection", first, again)).toEqual({ changes: true });
  });

  it("is no change while pictures, layers, settings and places are the same", async () => {
    expect(await changes("detection", olds, { ...inputs, inputsDigest: "i1" })).toEqual({ changes: false });
    expect(await changes("detection", olds, inputs)).toEqual({ changes: false });
  });

  it("is no change when only the limits of a run change: they are for the next one", async () => {
    const limits = { maxFailedShare: 0.05, maxTaskMinutes: 60, maxJobHours: 12 };

    expect(await changes("detection", olds, { ...inputs, target: { ...target, limits } })).toEqual({
      changes: false,
    });
  });

  it("is no change when a picture was taken away, or when all that is new is done or in work", async () => {
    const none = { inputsDigest: "i2", images: { new: 0, done: 23 } };

    expect(await changes("detection", olds, { ...inputs, ...none })).toEqual({ changes: false });
  });

  it.each([
    ["new pictures", { inputsDigest: "i2", images: { new: 1, done: 24 } }],
    ["pictures that an ended run has left", { inputsDigest: "i1", images: { new: 3, done: 21 } }],
    ["other pictures, where it cannot be told what is done", { inputsDigest: "i2" }],
    ["new seed pictures", { inputsDigest: "i1", seedDigest: "s2" }],
    ["new layers or settings", { inputsDigest: "i1", target: { ...target, lineage: "fedcba9876543210" } }],
    ["a new pool", { inputsDigest: "i1", target: { ...target, poolId: "pool-2" } }],
    [
      "places that are not known while their resource group is replaced",
      { target: pulumi.runtime.unknownValue },
    ],
  ])("is an update, never a replacement, with %s", async (_what, change) => {
    expect(await changes("detection", olds, { ...inputs, ...change })).toEqual({ changes: true });
  });

  it("submits when it is created", async () => {
    const answers = { submit: { kind: "submitted", jobId: "detect-1", images: 24, tasks: 1 } };

    const { result, asked: commands } = await call("detection", "create", [inputs], answers);

    expect(result).toEqual({ id: "detection", outs: { ...inputs, jobId: "detect-1" } });
    expect(commands).toEqual([["submit", "--target", json, "--json"]]);
  });

  it("submits again when it changes, and still names the last job when there was nothing to do", async () => {
    const answers = { submit: { kind: "nothing-to-do", jobId: null, images: 0, tasks: 0 } };

    const { result } = await call(
      "detection",
      "update",
      ["id", olds, { ...inputs, seedDigest: "s2" }],
      answers,
    );

    expect(result).toEqual({ outs: { ...inputs, seedDigest: "s2", inputsDigest: "i1", jobId: "detect-1" } });
  });

  it("has no job yet when the first submission finds nothing", async () => {
    const answers = { submit: { kind: "nothing-to-do", jobId: null, images: 0, tasks: 0 } };

    expect((await call("detection", "create", [inputs], answers)).result).toMatchObject({
      outs: { jobId: null },
    });
  });

  it("cancels the stack's live jobs when it goes", async () => {
    const { asked: commands } = await call("detection", "delete", ["id", olds], {
      cancel: { cancelled: ["detect-1"] },
    });

    expect(commands).toEqual([["cancel", "--target", json, "--all", "--json"]]);
  });

  it("says when the job step answers something it does not know", async () => {
    const failing = call("detection", "check", [{}, inputs], { inputs: { kind: "maybe" } });

    await expect(failing).rejects.toMatchObject({
      stderr: expect.stringContaining("gave an unknown answer") as string,
    });
  });
});

it("puts no path of the machine that deploys into the state", () => {
  for (const name of Object.keys(providers))
    expect(readFileSync(join(project, `${name}.js`), "utf8")).not.toContain(root);
});
