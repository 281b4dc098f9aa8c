import fc from "fast-check";
import { imageKey, type ImageKey } from "../../../infra/job/ledger/imageKey";
import { KeyTable } from "../../../infra/job/ledger/keyTable";

const keyOf = (name: string): ImageKey => imageKey({ name, etag: '"1"' });

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
});
