/** The target as a process, so that its death is seen: two accounts over one store. Its argument is its folder; it writes a line with their ports. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../../local/store";
import { openBatchService } from "../../local/batch/batchService";
import { MemoryBlobs } from "../../local/batch/memoryBlobs";
import { accounts, keysOf } from "./accounts";

async function main(folder: string): Promise<void> {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const tls = { key: read("key.pem"), cert: read("cert.pem") };
  const store = openStore(join(folder, "state"));
  const blobs = new MemoryBlobs();
  const ports = await Promise.all(
    accounts.map(async (name) => {
      const root = join(folder, "nodes", name);
      const quotas = { dedicatedCoreQuota: 8, lowPriorityCoreQuota: 8 };
      const options = { name, root, store, blobs, tls, keys: keysOf(name), ...quotas };
      return Number(new URL((await openBatchService(folder, options)).server.url).port);
    }),
  );
  process.stdout.write(`${JSON.stringify(ports)}\n`);
}

void main(process.argv[2] ?? "");
