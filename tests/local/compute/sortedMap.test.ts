import fc from "fast-check";
import { SortedMap } from "../../../local/compute/sortedMap";

const key = fc.string({ unit: fc.constantFrom("a", "b", "-", "/"), maxLength: 6 });

describe("a sorted map", () => {
  it("holds, in the order of keys, what a map holds after any changes, and reads on from any key", () => {
    const changes = fc.array(fc.record({ key, isSet: fc.boolean() }), { size: "large" });
    fc.assert(
      fc.property(changes, key, (made, start) => {
        const [sorted, plain] = [new SortedMap<string>(), new Map<string, string>()];
        made.forEach((change, index) => {
          if (change.isSet) {
            sorted.set(change.key, `${change.key} ${index}`);
            plain.set(change.key, `${change.key} ${index}`);
          } else {
            sorted.delete(change.key);
            plain.delete(change.key);
          }
        });

        const inOrder = [...plain].sort(([left], [right]) => (left < right ? -1 : 1));
        expect([...sorted.all()]).toEqual(inOrder.map(([, value]) => value));
        expect([...sorted.after(start)]).toEqual(
          inOrder.filter(([name]) => name > start).map(([, value]) => value),
        );
        expect(sorted.size).toBe(plain.size);
        for (const [name, value] of plain) expect(sorted.get(name)).toBe(value);
      }),
    );
  });

  it("keeps thousands in order, however they arrive and whichever go", () => {
    const names = Array.from({ length: 5000 }, (_, index) => String(index).padStart(4, "0"));
    const shuffled = names.map((_, index) => names[(index * 1999) % names.length]!);
    const sorted = new SortedMap<string>();

    for (const name of shuffled) sorted.set(name, name);
    expect([...sorted.all()]).toEqual(names);
    for (const name of shuffled.filter((one) => one > "1000" && one < "4000")) sorted.delete(name);
    expect([...sorted.after("0998")].slice(0, 4)).toEqual(["0999", "1000", "4000", "4001"]);
    for (const name of names) sorted.delete(name);
    expect([...sorted.all(), sorted.size]).toEqual([0]);
  });
});
