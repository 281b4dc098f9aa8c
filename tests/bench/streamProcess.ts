/** The process that streams: the same pool works through a folder and through containers, in turns. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { openContainerSource, outputContainer } from "../../worker/io/container";
import { Parts } from "../../worker/out/parts";
import { runDetection } from "../../worker/run";
import { EndToEnd } from "./endToEnd";
import { rateOf, timed, type Measurement } from "./measure";
import type { PictureSet } from "./pictures";
import type { StreamRound } from "./stream";

export interface StreamStart {
  readonly model: string;
  readonly threads: number;
  readonly rounds: number;
  readonly sets: readonly PictureSet[];
  readonly blobEndpoint: string;
  readonly account: string;
  /** Of an account made for this measurement. */
  readonly key: string;
}

type Images = Parameters<typeof openContainerSource>[1];

async function serve({
  model,
  threads,
  rounds,
  sets,
  blobEndpoint,
  account,
  key,
}: StreamStart): Promise<void> {
  const credential = new StorageSharedKeyCredential(account, key);
  const [input, output] = ["input", "output"].map(
    (name) => new ContainerClient(`${blobEndpoint}/${name}`, credential),
  );
  await input!.create();
  await output!.create();
  const tool = await EndToEnd.open(model, "all", threads);
  for (const set of sets) {
    const images = await upload(set, input!);
    for (let round = 0; round < rounds; round++) {
      const folder = rateOf(await tool.measure(set));
      const containers = rateOf(await stream(tool, images, input!, output!));
      process.send?.({ size: set.name, folder, containers } satisfies StreamRound);
    }
  }
  await tool.close();
  process.disconnect();
}

async function upload({ files }: PictureSet, container: ContainerClient): Promise<Images> {
  return Promise.all(
    files.map(async (file) => {
      const [name, bytes] = [basename(file), await readFile(file)];
      const { etag = "" } = await container.getBlockBlobClient(name).uploadData(bytes);
      return { name, etag, bytes: bytes.length, annotated: `annotated/${name}` };
    }),
  );
}

/** As a task does it, but for the model, which is loaded. */
async function stream(
  { pool }: EndToEnd,
  images: Images,
  input: ContainerClient,
  output: ContainerClient,
): Promise<Measurement> {
  const target = outputContainer(output);
  const parts = await Parts.open(target, "runs/bench/shard-00001");
  const measured = await timed(images.length, async () => {
    await runDetection({
      source: openContainerSource(input, images),
      sink: {
        append: (line) => parts.append(line),
        writeAnnotated: (name, jpeg) => target.write(name, jpeg, "image/jpeg"),
      },
      pool,
      interrupted: new AbortController().signal,
      onLine: () => undefined,
    });
    await parts.flush();
  });
  await parts.discard();
  return measured;
}

process.on("disconnect", () => process.exit());
process.once("message", (start: StreamStart) => void serve(start));
