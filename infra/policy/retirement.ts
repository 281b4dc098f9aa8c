/** Rules for what Azure takes out of service: said from 180 days before its day, refused from that day on. */
import type { Rule, Subject } from "./rule";
import { isA, valueAt } from "./subject";

const warningDays = 180;
const dayMs = 24 * 60 * 60_000;

interface Retirement {
  readonly what: string;
  /** Of a pool's value at the noun's path, whole and in any case. */
  readonly pattern: RegExp;
  /** The first day without it, as Azure gives it. */
  readonly day: string;
  readonly source: string;
}

interface Noun {
  /** In the rules' names: "vm-size-retired". */
  readonly name: string;
  readonly path: string;
  readonly fix: string;
  readonly retirements: readonly Retirement[];
}

const series = "Azure: VM size series retirements";

const vmSize: Noun = {
  name: "vm-size",
  path: "vmSize",
  fix: "Choose a current size (setting vmSize), such as one of Ddsv5 or Dasv5: the pool is replaced, and live jobs move.",
  retirements: [
    {
      what: "D, Ds, Dv2 and Dsv2",
      pattern: /^Standard_DS?\d+(-\d+)?(_v2)?(_Promo)?$/i,
      day: "2028-05-01",
      source: "Azure/Batch#140",
    },
    { what: "Ls", pattern: /^Standard_L\d+s$/i, day: "2028-05-01", source: "Azure/Batch#140" },
    { what: "F, Fs and Fsv2", pattern: /^Standard_F\d+s?(_v2)?$/i, day: "2028-11-15", source: series },
    { what: "Lsv2", pattern: /^Standard_L\d+s_v2$/i, day: "2028-11-15", source: series },
    { what: "Av2", pattern: /^Standard_A\d+m?_v2$/i, day: "2028-11-15", source: series },
    { what: "B (v1)", pattern: /^Standard_B\d+[a-z]*$/i, day: "2028-11-15", source: series },
    { what: "G and Gs", pattern: /^Standard_GS?\d+(-\d+)?$/i, day: "2028-11-15", source: series },
    { what: "Dv3 and Dsv3", pattern: /^Standard_D\d+s?_v3$/i, day: "2029-11-15", source: series },
    { what: "Ev3 and Esv3", pattern: /^Standard_E\d+(-\d+)?i?s?_v3$/i, day: "2029-11-15", source: series },
    { what: "HBv2", pattern: /^Standard_HB120(-\d+)?rs_v2$/i, day: "2027-05-31", source: series },
    { what: "HC", pattern: /^Standard_HC44(-\d+)?rs$/i, day: "2027-05-31", source: series },
    { what: "NP", pattern: /^Standard_NP\d+s$/i, day: "2027-05-31", source: series },
    { what: "NVv3 and NVv4", pattern: /^Standard_NV\d+a?s_v[34]$/i, day: "2026-09-30", source: series },
    { what: "NCv3", pattern: /^Standard_NC\d+r?s_v3$/i, day: "2025-09-30", source: series },
  ],
};

const nodeAgent: Noun = {
  name: "node-agent",
  path: "deploymentConfiguration.virtualMachineConfiguration.nodeAgentSkuId",
  fix: "Choose a current image and its agent, such as Ubuntu 24.04 with batch.node.ubuntu 24.04: the pool is replaced, and live jobs move.",
  retirements: [
    {
      what: "Ubuntu 14.04 to 18.04",
      pattern: /^batch\.node\.ubuntu 1[468]\.04$/i,
      day: "2024-12-31",
      source: "Azure/Batch#180",
    },
    {
      what: "CentOS 7 and 8",
      pattern: /^batch\.node\.centos [78]$/i,
      day: "2024-12-31",
      source: "Azure/Batch#180",
    },
    {
      what: "Debian 8 to 10",
      pattern: /^batch\.node\.debian (8|9|10)$/i,
      day: "2024-12-31",
      source: "Azure/Batch#180",
    },
    {
      what: "Ubuntu 20.04",
      pattern: /^batch\.node\.ubuntu 20\.04$/i,
      day: "2025-04-23",
      source: "Azure/Batch#174",
    },
    {
      what: "Ubuntu 22.04",
      pattern: /^batch\.node\.ubuntu 22\.04$/i,
      day: "2027-06-30",
      source: "Azure/Batch#200",
    },
  ],
};

/** One agent serves every Windows, so that only the image tells its version. */
const image: Noun = {
  name: "image",
  path: "deploymentConfiguration.virtualMachineConfiguration.imageReference.sku",
  fix: "Choose a current image: the pool is replaced, and live jobs move.",
  retirements: [
    {
      what: "Windows Server 2016",
      pattern: /^2016-datacenter(-.+)?$/i,
      day: "2027-01-12",
      source: "Azure/Batch#197",
    },
  ],
};

const communication: Noun = {
  name: "node-communication",
  path: "targetNodeCommunicationMode",
  fix: "Set targetNodeCommunicationMode to Simplified.",
  retirements: [
    {
      what: "Classic node communication",
      pattern: /^Classic$/i,
      day: "2026-03-31",
      source: "Azure: Batch best practices",
    },
  ],
};

export const retirementRules: readonly Rule[] = [vmSize, nodeAgent, image, communication].flatMap(rulesOf);

function rulesOf(noun: Noun): Rule[] {
  const { name, fix } = noun;
  return [
    {
      name: `${name}-retired`,
      enforcement: "mandatory",
      why: "Azure has taken it out of service: no pool of it can be made or grow, and its nodes are taken away.",
      fix,
      check: (subject, today) =>
        found(subject, noun)
          .filter(({ day }) => daysUntil(day, today) <= 0)
          .map(({ value, what, day, source }) => `${value} (${what}) was retired on ${day} (${source})`),
    },
    {
      name: `${name}-retiring`,
      enforcement: "advisory",
      why: "On that day Azure takes it out of service, and the next deploy that needs a node fails.",
      fix,
      check: (subject, today) =>
        found(subject, noun).flatMap(({ value, what, day, source }) => {
          const days = daysUntil(day, today);
          return days > 0 && days <= warningDays
            ? [`${value} (${what}) retires on ${day}, in ${days} ${days === 1 ? "day" : "days"} (${source})`]
            : [];
        }),
    },
  ];
}

function found(subject: Subject, { path, retirements }: Noun): (Retirement & { readonly value: string })[] {
  const value = isA(subject, "batch:Pool") ? valueAt(subject.inputs, path) : undefined;
  if (typeof value !== "string") return [];
  return retirements.filter(({ pattern }) => pattern.test(value)).map((one) => ({ ...one, value }));
}

/** From the day that has begun in UTC. */
function daysUntil(day: string, today: Date): number {
  return Date.parse(day) / dayMs - Math.floor(today.getTime() / dayMs);
}
