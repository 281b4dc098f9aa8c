import fc from "fast-check";
import { imageKey, KeyTable } from "../../../infra/job/ledger/keyTable";

const keyOf = (name: string): Buffer => imageKey({ name, etag: '"1"' });

describe("the key of an image", () => {
  it("changes with its name and with its etag", () => {
    const keys = [
      { name: "a.jpg", etag: '"1"' },
      { name: "b.jpg", etag: '"1"' },
      { name: "a.jpg", etag: '"2"' },
      { name: "a.jpg", etag: null },
    ].map((image) => imageKey(image).toString("hex"));

    expect(new Set(keys).size).toBe(4);
  });
});

describe("a table of keys", () => {
  it("knows the last number that was set for each key, and no other key", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 255 })), {
          maxLength: 4_000,
          size: "max",
        }),
        (entries) => {
          const [table, map] = [new KeyTable(), new Map<number, number>()];
          for (const [name, value] of entries) {
            table.set(keyOf(String(name)), value);
            map.set(name, value);
          }

          expect(table.size).toBe(map.size);
          for (let name = 0; name <= 3_010; name += 1)
            expect(table.get(keyOf(String(name)))).toBe(map.get(name) ?? 0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("has a digest of its keys, whatever order they came in and whatever their numbers are", () => {
    const digestOf = (names: readonly string[], value: number): string => {
      const table = new KeyTable();
      for (const name of names) table.set(keyOf(name), value);
      return table.digest();
    };
    const names = Array.from({ length: 5_000 }, (_, index) => `${index}.jpg`);

    expect(digestOf(names.toReversed(), 1)).toBe(digestOf(names, 2));
    expect(digestOf(names.slice(1), 1)).not.toBe(digestOf(names, 1));
    expect(digestOf([], 1)).toMatch(/^[0-9a-f]{64}$/);
  });
});
