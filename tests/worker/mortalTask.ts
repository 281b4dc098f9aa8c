/** A task process that dies as an out-of-memory kill ends one, when it is to read one of some pictures: `mortalTask.ts JSON`. */
import type { ContainerClient } from "@azure/storage-blob";
import { ContainerClient as Client } from "@azure/storage-blob";
import { parseManifest } from "../../worker/contract/manifest";
import { outputContainer } from "../../worker/io/container";
import { runShard } from "../../worker/task";

export interface MortalTask {
  readonly manifest: string;
  readonly inputUrl: string;
  readonly outputUrl: string;
  readonly model: string;
  /** Names of pictures. */
  readonly diesOf: readonly string[];
}

const { manifest, inputUrl, outputUrl, model, diesOf } = JSON.parse(process.argv[2]!) as MortalTask;

function mortal(container: ContainerClient): ContainerClient {
  const open = container.getBlobClient.bind(container);
  container.getBlobClient = (name) => {
    if (diesOf.includes(name)) process.kill(process.pid, "SIGKILL");
    return open(name);
  };
  return container;
}

const containers = { input: mortal(new Client(inputUrl)), output: outputContainer(new Client(outputUrl)) };
void runShard(parseManifest(manifest), containers, model, new AbortController().signal, (line) => {
  process.stdout.write(`${line}\n`);
}).then(() => process.exit(0));
