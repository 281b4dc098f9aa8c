import { fuzzBatch } from "./batchFuzz";

const seed = 20;
const count = 5000;

describe(`${count} mutated requests to the Batch service (seed ${seed})`, () => {
  it("are answered, by the service's own words, with nothing lost, hung or told of another account", async () => {
    const { faults, counts } = await fuzzBatch({ seed, count }, () => undefined);

    expect(faults).toEqual([]);
    // Every one of them came to something, and enough went through to have changed what the account has.
    expect([...counts.values()].reduce((sum, times) => sum + times, 0)).toBe(count);
    for (const done of ["200", "201", "202", "204", "404 FileNotFound", "413 RequestBodyTooLarge", "cut"])
      expect([done, counts.get(done)]).toEqual([done, expect.any(Number)]);
  });
});
