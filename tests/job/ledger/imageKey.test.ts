import { imageKey, KeyDigest } from "../../../infra/job/ledger/imageKey";

describe("the key of an image", () => {
  it("changes with its name and with its etag", () => {
    const keys = [
      { name: "a.jpg", etag: '"1"' },
      { name: "b.jpg", etag: '"1"' },
      { name: "a.jpg", etag: '"2"' },
      { name: "a.jpg", etag: null },
    ].map((image) => imageKey(image).join());

    expect(new Set(keys).size).toBe(4);
  });
});

describe("the digest of keys", () => {
  const digestOf = (names: readonly string[]): string => {
    const digest = new KeyDigest();
    for (const name of names) digest.add(imageKey({ name, etag: null }));
    return digest.digest();
  };
  const names = Array.from({ length: 5_000 }, (_, index) => `${index}.jpg`);

  it("is the same whatever order they come in, and another for other keys", () => {
    const digests = [names, names.slice(1), [...names.slice(1), "x.jpg"], []].map(digestOf);

    expect(digestOf(names.toReversed())).toBe(digests[0]);
    expect(new Set(digests).size).toBe(4);
    expect(digests[3]).toMatch(/^[0-9a-f]{64}$/);
  });
});
