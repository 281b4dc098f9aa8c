import { existsSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { fuzz } from "./fuzz";
import { mutant } from "./mutants";
import { mutations } from "./mutations";
import { seedPictures } from "./seeds";

describe("mutated pictures", () => {
  it("are all accounted for by the worker, none lost, none failed for a reason that nobody foresaw", async () => {
    await withTemporaryFolder(async (folder) => {
      const keep = join(folder, "guilty");
      const { faults, counts } = await fuzz({ seed: 20, pictures: 100, keep }, () => undefined);

      expect(faults).toEqual([]);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(100);
      expect(counts.get("done")).toBeGreaterThan(0);
      expect(counts.get("decode corrupt")).toBeGreaterThan(0);
      expect(existsSync(keep)).toBe(false);
    });
  });

  it("are the same for the same seed and others for another", async () => {
    const seeds = await seedPictures();
    const of = (seed: number) => Array.from({ length: 40 }, (_, number) => mutant(seeds, seed, number));

    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  it("come of every mutation, each of which changes most pictures", async () => {
    const seeds = await seedPictures();
    const names = Array.from({ length: 400 }, (_, number) => mutant(seeds, 5, number).name);
    const changed = Array.from({ length: 400 }, (_, number) => mutant(seeds, 5, number)).filter(
      ({ bytes }) => !seeds.some((seed) => seed.bytes.equals(bytes)),
    );

    for (const mutation of Object.keys(mutations))
      expect(names.some((name) => name.includes(`-${mutation}.`))).toBe(true);
    expect(changed.length).toBeGreaterThan(360);
  });
});
