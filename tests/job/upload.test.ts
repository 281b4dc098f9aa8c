import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { eachInput, listFolder } from "../../infra/job/inputs";
import { uploadFile, uploadFolder } from "../../infra/job/upload";
import { withTemporaryFolder } from "../support/temporaryFolder";

const key = Buffer.from("a key of this test alone").toString("base64");
const hearing = { note: () => undefined };

/** A container of a real Azurite, on a free port, for as long as `use` takes. */
async function withContainer(
  use: (container: ContainerClient, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const main = join(__dirname, "../../node_modules/azurite/dist/src/blob/main.js");
    const options = ["--location", join(folder, "azurite"), "--blobPort", "0", "--skipApiVersionCheck"];
    const azurite = spawn(process.execPath, [main, ...options, "--disableTelemetry"], {
      env: { PATH: process.env.PATH, AZURITE_ACCOUNTS: `one:${key}` },
    });
    const ended = new Promise((resolve) => azurite.once("exit", resolve));
    try {
      const url = `${await addressOf(azurite)}/one/input`;
      await use(new ContainerClient(url, new StorageSharedKeyCredential("one", key)), folder);
    } finally {
      azurite.kill();
      await ended;
    }
  });
}

async function inputsOf(container: ContainerClient): Promise<unknown[]> {
  const images: unknown[] = [];
  for await (const image of eachInput(container, () => undefined)) images.push(image);
  return images;
}

function addressOf(azurite: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    azurite.once("exit", (code) => reject(new Error(`Azurite ended with ${code ?? "a signal"}`)));
    azurite.stdout?.on("data", (text: Buffer) => {
      const found = /listen\w* (?:at|on) (http:\S+)/.exec(text.toString());
      if (found) resolve(found[1]!);
    });
  });
}

function picturesIn(folder: string): string {
  const pictures = join(folder, "pictures");
  mkdirSync(join(pictures, "sub"), { recursive: true });
  writeFileSync(join(pictures, "a.jpg"), "a");
  writeFileSync(join(pictures, "sub", "b.PNG"), "b");
  writeFileSync(join(pictures, "notes.txt"), "no picture");
  return pictures;
}

describe("uploading", () => {
  it("uploads pictures under their relative paths, and later only what changed", async () => {
    await withContainer(async (container, folder) => {
      await container.create();
      const pictures = picturesIn(folder);

      const first = await uploadFolder(container, pictures, hearing);
      writeFileSync(join(pictures, "a.jpg"), "changed");
      const second = await uploadFolder(container, pictures, hearing);

      expect(first).toMatchObject({ uploaded: 2, unchanged: 0 });
      expect(second).toMatchObject({ uploaded: 1, unchanged: 1 });
      expect(second.digest).not.toBe(first.digest);
      expect(await inputsOf(container)).toMatchObject([{ name: "a.jpg" }, { name: "sub/b.PNG" }]);
    });
  });

  it("never overwrites a layer, and says that a container is absent", async () => {
    await withContainer(async (container, folder) => {
      await expect(inputsOf(container)).rejects.toMatchObject({ kind: "absent" });
      await container.create();
      const file = join(folder, "layer");
      writeFileSync(file, "one");
      expect((await uploadFile(container, file, "l/1", hearing)).uploaded).toBe(true);
      writeFileSync(file, "two");
      expect((await uploadFile(container, file, "l/1", hearing)).uploaded).toBe(false);

      expect((await container.getBlobClient("l/1").downloadToBuffer()).toString()).toBe("one");
    });
  });
});

describe("inputs", () => {
  it("say in a sentence that a folder is missing or has no pictures", async () => {
    await withTemporaryFolder(async (folder) => {
      await expect(listFolder(join(folder, "nope"))).rejects.toThrow("it does not exist");
      await expect(listFolder(folder)).rejects.toThrow("no pictures");
    });
  });
});
