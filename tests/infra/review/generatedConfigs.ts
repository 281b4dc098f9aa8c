/** Stack settings, and edits that lead from one to another; the same for the same random numbers. */
import type { StackConfig } from "../../../infra/config";
import { vCpusOf } from "../../../infra/vmSize";
import { defaultConfig, subscriptionId } from "../fixtureStack";

type Random = () => number;
type Mutation = (config: StackConfig, random: Random) => StackConfig;

/** Indices into the settings. */
export type Edit = readonly [from: number, to: number];

const oneOf = <T>(random: Random, ...items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const subnet = (name: string) => ({
  id: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/${name}`,
  subscriptionId,
  resourceGroup: "g",
  name,
});
const guid = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;

/** One for each setting that changes what is declared; numbers of nodes stay small, since they are made for real. */
const mutations: readonly Mutation[] = [
  (config, random) => ({ ...config, scaling: { kind: "fixed", nodes: oneOf(random, 0, 1, 2, 3) } }),
  (config, random) => ({
    ...config,
    scaling: { kind: "fixed", nodes: oneOf(random, 1, 2, 3) },
  }),
  (config, random) => ({
    ...config,
    scaling: {
      kind: "auto",
      minNodes: oneOf(random, 0, 1),
      maxNodes: oneOf(random, 1, 2, 3),
      spotShare: oneOf(random, 0, 0, 0.5),
    },
  }),
  (config, random) => {
    const vmSize = oneOf(random, "Standard_D2s_v3", "Standard_D4s_v3", "Standard_F4s_v2");
    return { ...config, vmSize, vCpus: vCpusOf(vmSize)! };
  },
  (config, random) => ({ ...config, subnet: oneOf(random, undefined, subnet("a"), subnet("b")) }),
  (config, random) => ({ ...config, tags: { owner: oneOf(random, "vision", "maps", "ops") } }),
  (config, random) => ({ ...config, retainRunsDays: oneOf(random, 30, 90, 365) }),
  (config, random) => ({
    ...config,
    detection: { ...config.detection, confidence: oneOf(random, 0.25, 0.5, 0.9) },
  }),
  (config, random) => ({
    ...config,
    detection: { ...config.detection, maxDetections: oneOf(random, 10, 300) },
  }),
  (config, random) => ({
    ...config,
    roles: oneOf<StackConfig["roles"]>(
      random,
      { kind: "none" },
      { kind: "caller" },
      { kind: "listed", operators: [{ principalId: guid(1), principalType: "User" }] },
      {
        kind: "listed",
        operators: [1, 2].map((digit) => ({ principalId: guid(digit), principalType: "Group" })),
      },
    ),
  }),
  (config, random) => ({ ...config, location: oneOf(random, "japaneast", "westeurope") }),
  (config, random) => ({ ...config, seedFolder: oneOf(random, undefined, "assets/images", "more") }),
  (config, random) => ({
    ...config,
    keeping: { protect: random() < 0.3, retainResults: random() < 0.5 },
  }),
];

/** Each but the first differs from an earlier one, its parent, by one or two mutations. */
export function generatedConfigs(
  count: number,
  random: Random,
): { readonly configs: readonly StackConfig[]; readonly parents: readonly number[] } {
  const configs = [defaultConfig];
  const parents = [0];
  while (configs.length < count) {
    const parent = Math.floor(random() * configs.length);
    let config = configs[parent]!;
    for (let left = oneOf(random, 1, 1, 2); left > 0; left--)
      config = oneOf(random, ...mutations)(config, random);
    configs.push(config);
    parents.push(parent);
  }
  return { configs, parents };
}

/** To and from each one's parent, and between any two. */
export function generatedEdits(count: number, parents: readonly number[], random: Random): readonly Edit[] {
  const near = parents.flatMap((parent, index): Edit[] =>
    index === 0
      ? []
      : [
          [parent, index],
          [index, parent],
        ],
  );
  const any = (): number => Math.floor(random() * parents.length);
  const far = Array.from({ length: Math.max(0, count - near.length) }, (): Edit => [any(), any()]);
  return [...near, ...far].slice(0, count);
}
