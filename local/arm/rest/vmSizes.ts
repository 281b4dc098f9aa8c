/** The VM sizes that Batch lists for a region: the families people use, in every region alike. A node's size decides nothing here. */
import type { RestHandler } from "./call";
import { demandRegistered } from "./providers";
import { regionOf } from "./regions";

interface Family {
  readonly name: string;
  readonly sizeOf: (vCpus: number) => string;
  readonly vCpus: readonly number[];
  readonly gbPerVCpu: number;
  /** Announced for these families (Azure/Batch#140). */
  readonly batchSupportEndOfLife?: string;
}

const families: readonly Family[] = [
  {
    name: "standardDSv3Family",
    sizeOf: (n) => `Standard_D${n}s_v3`,
    vCpus: [2, 4, 8, 16, 32, 48, 64],
    gbPerVCpu: 4,
  },
  {
    name: "standardDDSv5Family",
    sizeOf: (n) => `Standard_D${n}ds_v5`,
    vCpus: [2, 4, 8, 16, 32, 48, 64, 96],
    gbPerVCpu: 4,
  },
  {
    name: "standardDASv5Family",
    sizeOf: (n) => `Standard_D${n}as_v5`,
    vCpus: [2, 4, 8, 16, 32, 48, 64, 96],
    gbPerVCpu: 4,
  },
  {
    name: "standardDADSv5Family",
    sizeOf: (n) => `Standard_D${n}ads_v5`,
    vCpus: [2, 4, 8, 16, 32, 48, 64, 96],
    gbPerVCpu: 4,
  },
  {
    name: "standardESv3Family",
    sizeOf: (n) => `Standard_E${n}s_v3`,
    vCpus: [2, 4, 8, 16, 20, 32, 48, 64],
    gbPerVCpu: 8,
  },
  {
    name: "standardFSv2Family",
    sizeOf: (n) => `Standard_F${n}s_v2`,
    vCpus: [2, 4, 8, 16, 32, 48, 64, 72],
    gbPerVCpu: 2,
    batchSupportEndOfLife: "2028-11-15T00:00:00Z",
  },
];

export const listVirtualMachineSkus: RestHandler = (call) => {
  demandRegistered(call, "Microsoft.Batch");
  regionOf(call, "locations/virtualMachineSkus");
  return {
    value: families.flatMap(({ name: familyName, sizeOf, vCpus, gbPerVCpu, batchSupportEndOfLife }) =>
      vCpus.map((n) => ({
        name: sizeOf(n),
        familyName,
        capabilities: [
          { name: "vCPUs", value: String(n) },
          { name: "MemoryGB", value: String(n * gbPerVCpu) },
          { name: "HyperVGenerations", value: "V1,V2" },
          { name: "CpuArchitectureType", value: "x64" },
        ],
        ...(batchSupportEndOfLife !== undefined && { batchSupportEndOfLife }),
      })),
    ),
  };
};
