/** Task processes that are killed while pictures are in work, and the tries after them, as Batch makes them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerSASPermissions, type ContainerClient } from "@azure/storage-blob";
import type { JobTarget } from "../../infra/job/target";
import { jobParameter } from "../../infra/job/tasks";
import { formatManifest } from "../../worker/contract/manifest";
import { isFailed, parseResult } from "../../worker/contract/result";
import { defaultDetectionSettings } from "../../worker/contract/settings";
import { project } from "../support/command";
import { startPlainAzurite, type PlainAzurite } from "../support/plainAzurite";
import type { MortalTask } from "./mortalTask";

const prefix = "runs/job/shard-00001";
const names = Array.from({ length: 8 }, (_, at) => `p${at}.jpg`);

let azurite: PlainAzurite;
let inputUrl: string;
let manifest: string;

beforeAll(async () => {
  azurite = await startPlainAzurite();
  const input = await azurite.container("input");
  inputUrl = await signed(input);
  const content = readFileSync(join(project, "assets/images/street-01.jpg"));
  const images = [];
  for (const name of names) {
    const { etag } = await input.getBlockBlobClient(name).uploadData(content);
    images.push({ name, etag: etag!.replaceAll('"', ""), bytes: content.length, annotated: null });
  }
  const header = {
    ...{ version: 1 as const, job: "job", task: "shard-00001", lineage: "", identityClientId: "" },
    settings: defaultDetectionSettings,
    input: { containerUrl: input.url },
    output: { containerUrl: "https://example.invalid/output", prefix },
  };
  manifest = formatManifest({ header, images });
});
afterAll(() => azurite.stop());

const signed = (container: ContainerClient): Promise<string> =>
  container.generateSasUrl({
    permissions: ContainerSASPermissions.parse("racwdl"),
    expiresOn: new Date(Date.now() + 3_600_000),
  });

class Shard {
  private constructor(
    readonly output: ContainerClient,
    readonly outputUrl: string,
  ) {}

  static async open(name: string): Promise<Shard> {
    const output = await azurite.container(name);
    return new Shard(output, await signed(output));
  }

  /** "done", or "killed": by whichever of these pictures it comes to first. */
  async attempt(...diesOf: string[]): Promise<string> {
    const task: MortalTask = {
      ...{ manifest, inputUrl, outputUrl: this.outputUrl, diesOf },
      model: join(project, "assets/model/street.onnx"),
    };
    const script = join(__dirname, "mortalTask.ts");
    const child = spawn(process.execPath, ["--require", "tsx/cjs", script, JSON.stringify(task)], {
      cwd: project,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    return code === 0 ? "done" : signal === "SIGKILL" ? "killed" : `exit code ${code}`;
  }

  async outcomes(): Promise<Record<string, string>> {
    const text = await this.output.getBlobClient(`${prefix}/results.ndjson`).downloadToBuffer();
    const lines = text
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => parseResult(line, "results"));
    return Object.fromEntries(
      lines.map((line) => [line.image.name, isFailed(line) ? line.error.code : "done"]),
    );
  }

  async blobs(): Promise<string[]> {
    const found = [];
    for await (const blob of this.output.listBlobsFlat()) found.push(blob.name);
    return found;
  }
}

/** As the job asks for them. */
const triesOfBatch =
  1 +
  jobParameter({ layers: {}, containers: {} } as JobTarget, { job: "job" }).constraints!.maxTaskRetryCount!;

const doneBut = (...crashed: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, crashed.includes(name) ? "crashed" : "done"]));

describe("a picture that kills its task", () => {
  it("is set aside by name within the tries that Batch makes, and the others are done", async () => {
    const shard = await Shard.open("guilty");

    const tries = [];
    for (let at = 0; at < triesOfBatch; at++) tries.push(await shard.attempt("p5.jpg"));

    expect(tries).toEqual(["killed", "killed", "killed", "done"]);
    expect(await shard.outcomes()).toEqual(doneBut("p5.jpg"));
    expect(await shard.blobs()).toEqual([`${prefix}/results.ndjson`, `${prefix}/summary.json`]);
  }, 120_000);

  it("is not one that was in work when a node was taken away, once among others and once alone", async () => {
    const shard = await Shard.open("innocent");

    const tries = [
      await shard.attempt("p5.jpg"),
      await shard.attempt("p5.jpg"),
      await shard.attempt("p6.jpg"),
      await shard.attempt("p7.jpg"),
      await shard.attempt(),
    ];

    expect(tries).toEqual(["killed", "killed", "killed", "killed", "done"]);
    expect(await shard.outcomes()).toEqual(doneBut());
  }, 120_000);
});
