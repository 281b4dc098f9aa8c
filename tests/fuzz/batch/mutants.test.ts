import { levelsBelow, levelsOfTask, secret } from "./accounts";
import { mutant } from "./mutants";
import { mutations } from "./mutations";
import { operations } from "./request";

const places = { nodeId: "mine", otherNodeId: "others" };
const several = (seed: number, length: number) =>
  Array.from({ length }, (_, number) => mutant(seed, number, places));

describe("mutated requests to the Batch service", () => {
  it("are the same for the same seed and others for another", () => {
    expect(several(3, 100)).toEqual(several(3, 100));
    expect(several(3, 100)).not.toEqual(several(4, 100));
  });

  it("come of every operation and every mutation, and of none at all", () => {
    const names = several(5, 20_000).map(({ name }) => name.split(" "));

    expect(new Set(names.map(([operation]) => operation))).toEqual(
      new Set(operations.map(({ name }) => name)),
    );
    expect(new Set(names.flatMap(([, ...mutated]) => mutated))).toEqual(new Set(Object.keys(mutations)));
    expect(names.some((parts) => parts.length === 1)).toBe(true);
  });

  it("never climb out of the target's own temporary folder, and never bring the secret themselves", () => {
    for (const { name, request } of several(1, 4000)) {
      const climbs = request.path.match(/(\.|%2e|%252e|%c0%ae){2}/gi)?.length ?? 0;

      // From a node's directory, which lies less deep than a task's.
      if (climbs >= levelsBelow + levelsOfTask - 4) throw new Error(`${name} climbs ${climbs} folders`);
      if (request.body?.includes(secret) === true || request.path.includes(secret))
        throw new Error(`${name} knows the secret`);
    }
  });
});
