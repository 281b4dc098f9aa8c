import { ContainerClient, newPipeline } from "@azure/storage-blob";
import { listBlobs } from "../../infra/job/blobs";
import { trimmedListing, withTrimmedListings } from "../../infra/job/trimmedListing";
import { startPlainAzurite } from "../support/plainAzurite";

describe("a trimmed listing", () => {
  it("lacks what nobody reads, and nothing else", () => {
    const blob = (name: string): string =>
      `<Blob><Name>${name}</Name><Properties><Creation-Time>then</Creation-Time><Last-Modified>now</Last-Modified><Etag>0x1</Etag>` +
      "<Content-Length>7</Content-Length><Content-MD5 /><BlobType>BlockBlob</BlobType></Properties><OrMetadata /></Blob>";
    const kept = (name: string): string =>
      `<Blob><Name>${name}</Name><Properties><Last-Modified>now</Last-Modified><Etag>0x1</Etag><Content-Length>7</Content-Length></Properties><OrMetadata /></Blob>`;
    const names = ["a.jpg", "&lt;Properties&gt;.jpg", "Etag"];
    const page = (of: (name: string) => string): string =>
      `<EnumerationResults><Blobs>${names.map(of).join("")}</Blobs><NextMarker>m</NextMarker></EnumerationResults>`;

    expect(trimmedListing(page(blob))).toBe(page(kept));
  });

  it("reaches the SDK's parser, with all that the job step reads of a blob", async () => {
    const azurite = await startPlainAzurite();
    try {
      const plain = await azurite.container("input");
      await plain.getBlockBlobClient("<Properties>.jpg").uploadData(Buffer.from("picture"));
      const trimmed = new ContainerClient(plain.url, withTrimmedListings(newPipeline(plain.credential)));

      const [before] = await listBlobs(plain);
      const [after] = await listBlobs(trimmed);

      const read = ({ name, properties }: NonNullable<typeof after>): unknown[] => [
        ...[name, properties.etag, properties.contentLength, properties.lastModified],
        Buffer.from(properties.contentMD5!).toString("hex"),
      ];
      expect(read(after!)).toEqual(read(before!));
      expect([before!.properties.blobType, after!.properties.blobType]).toEqual(["BlockBlob", undefined]);
    } finally {
      await azurite.stop();
    }
  });
});
