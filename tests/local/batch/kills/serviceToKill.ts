/**
 * The Batch service of a folder as a process of its own, to be killed. It loads its code, then waits for a line with folder and port, opens what
 * is kept there and answers with a line once it listens. It knows no other blobs than those in memory.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openBatchService } from "../batchService";
import { MemoryBlobs } from "../memoryBlobs";

createInterface(process.stdin).once("line", (line) => {
  const { folder, port } = JSON.parse(line) as { folder: string; port: number };
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const tls = { key: read("key.pem"), cert: read("cert.pem") };
  void openBatchService(folder, { blobs: new MemoryBlobs(), tls, port }).then(() =>
    process.stdout.write("listens\n"),
  );
});
