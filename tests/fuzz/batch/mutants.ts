/** Mutants: request number n of a seed is the same in every run, but for the ids of nodes. */
import { seededRandom } from "../../support/seededRandom";
import { mutations } from "./mutations";
import { type FuzzRequest, operations, type Places, validRequest } from "./request";

export interface Mutant {
  readonly number: number;
  /** "task.add property depth". */
  readonly name: string;
  readonly request: FuzzRequest;
}

export interface MutantPlaces extends Places {
  /** Of the other account. */
  readonly otherNodeId: string;
}

/** What is not implemented has little to go wrong. */
const oftenAsked = operations.filter(({ handler }) => handler !== undefined);

export function mutant(seed: number, number: number, places: MutantPlaces): Mutant {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + number);
  const oneOf = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const operation = oneOf(random() < 0.05 ? operations : oftenAsked);
  let request = validRequest(operation, `fresh-${number}`, places);
  const names: string[] = [];
  // One in twenty goes as it is: it has to be done, not refused.
  for (let times = random() < 0.05 ? 0 : random() < 0.7 ? 1 : 2; times > 0; times--) {
    const [name, mutate] = oneOf(Object.entries(mutations));
    request = mutate(request, random);
    names.push(name);
  }
  const path = request.path.replace("HOME", places.nodeId).replace("NODE", places.otherNodeId);
  return { number, name: [operation.name, ...names].join(" "), request: { ...request, path } };
}
