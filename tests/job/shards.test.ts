import fc from "fast-check";
import type { InputImage } from "../../infra/job/inputs";
import { asPlanned, cutShards, type Shard } from "../../infra/job/shards";

const images = (count: number, bytes = 100_000) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.jpg`, etag: "1", bytes }));

async function* stream(all: readonly InputImage[]): AsyncGenerator<InputImage> {
  yield* all;
  await Promise.resolve();
}

async function listed(shards: AsyncIterable<Shard>): Promise<Shard[]> {
  const all: Shard[] = [];
  for await (const shard of shards) all.push(shard);
  return all;
}

function cut(all: readonly InputImage[], slots: number): Promise<Shard[]> {
  const bytes = all.reduce((sum, image) => sum + image.bytes, 0);
  return listed(cutShards(stream(all), { images: all.length, bytes }, slots));
}

describe("cutShards", () => {
  it("keeps every image once and in order, in shards that are never empty", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3e8 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 9 }),
        async (sizes, slots) => {
          const all = sizes.map((bytes, index) => ({ name: String(index), etag: "1", bytes }));

          const shards = await cut(all, slots);

          expect(shards.flatMap((shard) => shard.images)).toEqual(all);
          expect(shards.every((shard) => shard.images.length > 0)).toBe(true);
        },
      ),
    );
  });

  it("spreads a small run over all slots", async () => {
    expect((await cut(images(24), 4)).map((shard) => shard.images.length)).toEqual([6, 6, 6, 6]);
  });

  it("gives a large run a multiple of the slots", async () => {
    expect(await cut(images(1_700), 4)).toHaveLength(8);
  });

  it("never makes more shards than images", async () => {
    expect((await cut(images(3), 8)).map((shard) => shard.id)).toEqual([
      "shard-00001",
      "shard-00002",
      "shard-00003",
    ]);
  });

  it("cuts large pictures by their bytes", async () => {
    expect((await cut(images(40, 100_000_000), 1)).length).toBeGreaterThanOrEqual(4);
  });

  it("is found again by the counts that were planned, whatever the slots are by then", async () => {
    const all = images(1_000);
    const shards = await cut(all, 3);
    const tasks = shards.map((shard) => ({ images: shard.images.length }));

    expect(await listed(asPlanned(stream(all), tasks))).toEqual(shards);
  });
});
