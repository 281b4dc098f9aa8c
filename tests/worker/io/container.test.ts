import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ContainerClient } from "@azure/storage-blob";
import { ImageError } from "../../../worker/failure";
import { openContainerSource, outputContainer } from "../../../worker/io/container";
import { startPlainAzurite, type PlainAzurite } from "../../support/plainAzurite";

let azurite: PlainAzurite;
beforeAll(async () => {
  azurite = await startPlainAzurite();
});
afterAll(() => azurite.stop());

/** The images of a container as a listing gives them, with etags as they stand there. */
async function listed(container: ContainerClient) {
  const images = [];
  for await (const { name, properties } of container.listBlobsFlat())
    images.push({ name, etag: properties.etag, bytes: properties.contentLength ?? 0, annotated: null });
  return images;
}

const failureOf = (reading: Promise<unknown>): Promise<unknown> => reading.catch((error: unknown) => error);

describe("a container as a source of images", () => {
  it("gives each blob as it was listed, whatever its name", async () => {
    const container = await azurite.container("names");
    const names = [
      "a b.jpg",
      "100%.jpg",
      "100%25.jpg",
      "what?#.jpg",
      "ü/日本/é.png",
      "a+b&c=d;e.jpg",
      'it\'s "quoted".jpg',
      "deep/er/and deeper.jpg",
    ];
    for (const name of names) await container.getBlockBlobClient(name).uploadData(Buffer.from(name));

    const source = openContainerSource(container, await listed(container));
    const contents = await Promise.all(
      source.images.map(async (image) => [image.name, Buffer.from(await source.read(image)).toString()]),
    );

    expect(contents).toHaveLength(names.length);
    for (const [name, content] of contents) expect(content).toBe(name);
  });

  it("gives an empty blob and one of several megabytes", async () => {
    const container = await azurite.container("sizes");
    const large = Buffer.alloc(9_000_000, 7);
    await container.getBlockBlobClient("empty.jpg").uploadData(Buffer.alloc(0));
    await container.getBlockBlobClient("large.jpg").uploadData(large);

    const source = openContainerSource(container, await listed(container));
    const [empty, whole] = await Promise.all(source.images.map((image) => source.read(image)));

    expect(empty).toHaveLength(0);
    expect(Buffer.from(whole!).equals(large)).toBe(true);
  });

  it("fails an image that was deleted or changed since it was listed", async () => {
    const container = await azurite.container("changes");
    for (const name of ["gone.jpg", "new.jpg", "same.jpg"])
      await container.getBlockBlobClient(name).uploadData(Buffer.from("1"));
    const source = openContainerSource(container, await listed(container));
    await container.getBlobClient("gone.jpg").delete();
    await container.getBlockBlobClient("new.jpg").uploadData(Buffer.from("2"));

    const [gone, changed, same] = await Promise.all(
      source.images.map((image) => failureOf(source.read(image))),
    );

    expect(gone).toEqual(
      new ImageError("read", "missing", "The blob was deleted after the run was planned."),
    );
    expect(gone).toMatchObject({ stage: "read", code: "missing" });
    expect(changed).toMatchObject({ stage: "read", code: "changed" });
    expect(Buffer.from(same as Uint8Array).toString()).toBe("1");
  });

  it("takes etags with quotes, as single blobs answer them, too", async () => {
    const container = await azurite.container("quotes");
    const { etag } = await container.getBlockBlobClient("a.jpg").uploadData(Buffer.from("1"));
    expect(etag).toMatch(/^"/);

    const source = openContainerSource(container, [
      { name: "a.jpg", etag: etag!, bytes: 1, annotated: null },
    ]);

    expect(await source.read(source.images[0]!)).toHaveLength(1);
  });

  it("ends the run when the whole container is gone", async () => {
    const container = await azurite.container("vanishing");
    await container.getBlockBlobClient("a.jpg").uploadData(Buffer.from("1"));
    const source = openContainerSource(container, await listed(container));
    await container.delete();

    const failure = await failureOf(source.read(source.images[0]!));

    expect(failure).not.toBeInstanceOf(ImageError);
    expect(String(failure)).toMatch(
      /Cannot read a\.jpg from container vanishing: ContainerNotFound \(HTTP 404\)\./,
    );
  });

  it("asks for the version that was listed, its etag in quotes as HTTP wants it", async () => {
    const asked = await answering(403, "AuthorizationPermissionMismatch", async (container) => {
      for (const etag of ["0x1", '"0x2"']) await failureOf(readOnly(container, etag));
    });

    expect(asked).toEqual(['"0x1"', '"0x2"']);
  });

  it("fails an archived image alone, and ends the run where reading is forbidden", async () => {
    let [archived, forbidden]: unknown[] = [];
    await answering(409, "BlobArchived", async (container) => {
      archived = await failureOf(readOnly(container, "0x1"));
    });
    await answering(403, "AuthorizationPermissionMismatch", async (container) => {
      forbidden = await failureOf(readOnly(container, "0x1"));
    });

    expect(archived).toBeInstanceOf(ImageError);
    expect(archived).toMatchObject({ stage: "read", code: "archived" });
    expect(forbidden).not.toBeInstanceOf(ImageError);
    expect(String(forbidden)).toBe(
      "Error: Cannot read a.jpg from container input: AuthorizationPermissionMismatch (HTTP 403).",
    );
  });
});

function readOnly(container: ContainerClient, etag: string): Promise<Uint8Array> {
  const image = { name: "a.jpg", etag, bytes: 1, annotated: null };
  return openContainerSource(container, [image]).read(image);
}

/** A storage service that answers every request with one error; the If-Match of each request. */
async function answering(
  status: number,
  code: string,
  use: (container: ContainerClient) => Promise<void>,
): Promise<(string | undefined)[]> {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers["if-match"]);
    response.writeHead(status, { "x-ms-error-code": code, "content-type": "application/xml" });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await use(new ContainerClient(`http://127.0.0.1:${port}/tests/input`));
  } finally {
    server.close();
  }
  return asked;
}

describe("a container as the place of results", () => {
  it("writes, overwrites, reads, lists and deletes", async () => {
    const client = await azurite.container("results");
    const container = outputContainer(client);

    await container.write("runs/a b/parts/1.ndjson", "first", "application/x-ndjson");
    await container.write("runs/a b/parts/1.ndjson", "zweites ü", "application/x-ndjson");
    await container.write("runs/a b/x.jpg", Buffer.from([1, 2]), "image/jpeg");

    expect(await container.read("runs/a b/parts/1.ndjson")).toBe("zweites ü");
    expect(await container.list("runs/a b/parts/")).toEqual(["runs/a b/parts/1.ndjson"]);
    expect((await client.getBlobClient("runs/a b/x.jpg").getProperties()).contentType).toBe("image/jpeg");
    await container.delete("runs/a b/x.jpg");
    await container.delete("runs/a b/x.jpg");
    expect(await container.list("runs/")).toEqual(["runs/a b/parts/1.ndjson"]);
  });

  it("says what was refused, of which blob and container", async () => {
    const client = await azurite.container("refusing");
    await client.delete();
    const container = outputContainer(client);

    await expect(container.write("runs/x", "", "text/plain")).rejects.toThrow(
      /^Cannot write runs\/x to container refusing: ContainerNotFound \(HTTP 404\)\.$/,
    );
    await expect(container.list("runs/")).rejects.toThrow(
      "Cannot list runs/ in container refusing: ContainerNotFound",
    );
    await expect(container.read("runs/x")).rejects.toThrow("Cannot read runs/x from container refusing");
  });
});
