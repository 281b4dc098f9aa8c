/** Fuzzing the Batch service: mutated requests, some of them slow or cut short, and whether service and accounts are none the worse for it. */
import { isDeepStrictEqual } from "node:util";
import { seededRandom } from "../../support/seededRandom";
import { withTemporaryFolder } from "../../support/temporaryFolder";
import { secret } from "./accounts";
import { cut, slowly } from "./connections";
import { mutant, type Mutant } from "./mutants";
import { Target } from "./target";
import { faultOf, outcomeName } from "./verdict";
import { Wire } from "./wire";

export interface BatchFuzzOptions {
  readonly seed: number;
  readonly count: number;
}

export interface BatchFault {
  /** Which request of the seed; undefined: all of them together. */
  readonly mutant?: Mutant;
  readonly what: string;
}

export interface BatchFuzzReport {
  readonly counts: ReadonlyMap<string, number>;
  readonly faults: readonly BatchFault[];
  readonly worst: { readonly ms: number; readonly name: string };
}

const connections = 6;
/** Far above what an answer takes on a busy machine. */
const deadlineMs = 20_000;
/** After so many, what they have broken of the account's own things is made anew. */
const between = 250;
/** One in so many is sent slowly, one is cut. */
const everySlow = 100;

export async function fuzzBatch(
  { seed, count }: BatchFuzzOptions,
  progress: (line: string) => void,
): Promise<BatchFuzzReport> {
  return withTemporaryFolder(async (folder) => {
    const counts = new Map<string, number>();
    const faults: BatchFault[] = [];
    let worst = { ms: 0, name: "" };
    let target = await Target.start(folder);
    try {
      const otherNodeId = await target.furnish("other");
      await target.hide();
      const others = await target.holdings("other");
      const endpoint = target.endpoint("first");
      const wires = Array.from({ length: connections }, () => new Wire(endpoint, deadlineMs));
      const ask = async (one: Mutant, wire: Wire): Promise<void> => {
        const random = seededRandom(seed + one.number);
        const startMs = performance.now();
        if (one.number % everySlow === 1) {
          await cut(endpoint, one.request, random(), random() * 30);
          counts.set("cut", (counts.get("cut") ?? 0) + 1);
          return;
        }
        const isSlow = one.number % everySlow === 0 && one.request.isBroken === undefined;
        const outcome = isSlow
          ? await slowly(endpoint, one.request, 20, 25, deadlineMs)
          : await wire.send(one.request);
        const ms = performance.now() - startMs;
        const name = outcomeName(outcome);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        const what = faultOf(one.request, outcome);
        if (what !== undefined) faults.push({ mutant: one, what });
        if (!isSlow && ms > worst.ms) worst = { ms, name: `${one.number} ${one.name}` };
      };
      for (let first = 0; first < count && target.death === undefined; first += between) {
        const nodeId = await target.furnish("first");
        let next = first;
        const end = Math.min(count, first + between);
        const places = { nodeId, otherNodeId };
        await Promise.all(
          wires.map(async (wire) => {
            while (next < end && target.death === undefined)
              await ask(mutant(seed, next++, places), wire).catch((error: unknown) => {
                faults.push({ what: `a connection failed: ${String(error)}` });
              });
          }),
        );
        progress(`${end}/${count} requests, ${faults.length} faults`);
      }
      for (const wire of wires) wire.close();
      if (target.death !== undefined) {
        faults.push({ what: `the service ended: ${target.death}` });
        return { counts, faults, worst };
      }
      await target.furnish("first");
      const firsts = await target.holdings("first");
      await target.stop();
      target = await Target.start(folder);
      if (!isDeepStrictEqual(await target.holdings("first"), firsts))
        faults.push({ what: "what the account has is not what is kept of it" });
      if (
        !isDeepStrictEqual(await target.holdings("other"), others) ||
        (await target.said("other")).trim() !== secret
      )
        faults.push({ what: "the other account has changed" });
      return { counts, faults, worst };
    } finally {
      await target.stop();
    }
  });
}
