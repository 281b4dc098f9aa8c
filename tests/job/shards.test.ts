import fc from "fast-check";
import { cutShards } from "../../infra/job/shards";

const images = (count: number, bytes = 100_000) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.jpg`, etag: "1", bytes }));

describe("cutShards", () => {
  it("keeps every image once and in order, in shards that are never empty", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3e8 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 9 }),
        (sizes, slots) => {
          const all = sizes.map((bytes, index) => ({ name: String(index), etag: "1", bytes }));

          const shards = cutShards(all, slots);

          expect(shards.flatMap((shard) => shard.images)).toEqual(all);
          expect(shards.every((shard) => shard.images.length > 0)).toBe(true);
        },
      ),
    );
  });

  it("spreads a small run over all slots", () => {
    expect(cutShards(images(24), 4).map((shard) => shard.images.length)).toEqual([6, 6, 6, 6]);
  });

  it("gives a large run a multiple of the slots", () => {
    expect(cutShards(images(1_700), 4)).toHaveLength(8);
  });

  it("never makes more shards than images", () => {
    expect(cutShards(images(3), 8).map((shard) => shard.id)).toEqual([
      "shard-00001",
      "shard-00002",
      "shard-00003",
    ]);
  });

  it("cuts large pictures by their bytes", () => {
    expect(cutShards(images(40, 100_000_000), 1).length).toBeGreaterThanOrEqual(4);
  });
});
