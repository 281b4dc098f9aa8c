/** Faults on purpose of blob storage as the real SDK sees them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { Faults } from "../../../local/faults/faults";
import { blobEndpoint } from "../../../local/storageAccounts";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";
import { settingsOf } from "../faults/given";

const faults = new Faults();
let cloud: TestCloud;
let blobs: ContainerClient;

beforeAll(async () => {
  cloud = await openLocalCloud({ faults });
  const { subscriptionId } = cloud.cloud.identity;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/faulty`;
  const account = await cloud.cloud.storage.ensure("faulty", { id, allowSharedKeyAccess: false });
  blobs = await cloud.container(`${blobEndpoint(account)}things`);
  await blobs.getBlockBlobClient("a b.txt").upload("content", 7);
}, 60_000);
afterAll(() => cloud.stop(), 60_000);
afterEach(() => faults.set(settingsOf({})));

const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => "it worked",
    (error: unknown) => error,
  );

describe("a blob that disappeared", () => {
  it("is not found by who reads it, whatever he asks with, and is there again when the fault is over", async () => {
    const blob = blobs.getBlobClient("a b.txt");
    const { etag } = await blob.getProperties();
    faults.set(settingsOf({ missingBlobs: { blobs: "things/*.txt" } }));

    const conditions = { ifMatch: etag };
    expect(await failureOf(blob.download(0, undefined, { conditions }))).toMatchObject({
      statusCode: 404,
      code: "BlobNotFound",
    });
    expect(await blob.exists()).toBe(false);
    expect(faults.injected().missingBlobs).toBe(1);

    faults.set(settingsOf({}));
    expect((await blob.downloadToBuffer()).toString()).toBe("content");
  });
});

describe("a refused upload", () => {
  it("is a 403 in storage's words", async () => {
    faults.set(settingsOf({ uploads: { blobs: "things/new/**", status: 403 } }));
    const upload = (name: string): Promise<unknown> => blobs.getBlockBlobClient(name).upload("x", 1);

    expect(await failureOf(upload("new/x"))).toMatchObject({
      statusCode: 403,
      code: "AuthorizationPermissionMismatch",
    });
    expect(await failureOf(upload("old"))).toBe("it worked");
    expect(await blobs.getBlobClient("new/x").exists()).toBe(false);
  });
});

describe("a command whose upload is refused half way", () => {
  it("tries again and ends when its work is done, not when its connections do", async () => {
    faults.set(settingsOf({ uploads: { blobs: "things/**", most: 1 } }));
    const file = join(cloud.folder, "large.bin");
    writeFileSync(file, Buffer.alloc(5_000_000));
    const [endpoint = "", container = ""] = blobs.url.split(/\/(?=[^/]+$)/);
    const where = ["--blob-endpoint", endpoint, "--container", container];

    // The SDK keeps such a connection until the other side closes it: here after 65 s.
    const uploaded = await cloud.job(["upload", ...where, "--file", file, "--blob", "large.bin"], {
      deadlineMs: 45_000,
    });

    expect(uploaded).toMatchObject({ code: 0, stdout: "large.bin uploaded.\n" });
    expect(faults.injected().uploads).toBe(1);
  });
});

describe("busy storage", () => {
  it("answers 503 to those whom it would have served, while their content is still on its way, and serves them when they try again", async () => {
    faults.set(settingsOf({ blobRequests: { most: 1 } }));
    const getToken = () => Promise.resolve({ token: "none", expiresOnTimestamp: Date.now() + 1e6 });
    const stranger = cloud.containerWith({ getToken }, blobs.url);

    const refused = await failureOf(stranger.getBlobClient("a b.txt").getProperties());
    expect(refused).toMatchObject({ statusCode: 401 });
    expect(faults.injected().blobRequests).toBe(0);

    await blobs.getBlockBlobClient("large").uploadData(Buffer.alloc(3_000_000));
    expect(faults.injected().blobRequests).toBe(1);
    expect((await blobs.getBlobClient("large").getProperties()).contentLength).toBe(3_000_000);
  });
});
