/** What the name of an Azure VM size tells: how many vCPUs it has, and whether our x64 layers run on it. */

/** `Standard_` family, vCPUs, perhaps `-` the vCPUs that are switched on, features in small letters, version. */
const sizeName =
  /^Standard_(?<family>[A-Z]+)(?<vCpus>\d+)(?:-(?<active>\d+))?(?<features>[a-z]*)(?:_[A-Z0-9]+)*?(?:_v(?<version>\d+))?$/;

/**
 * vCPUs of an x64 size; undefined where the name does not tell. Azure: "Azure virtual machine sizes naming conventions".
 * The first generations (D and DS up to v2, G, the old A) are numbered without counting vCPUs, and are being retired.
 */
export function vCpusOf(vmSize: string): number | undefined {
  const parts = sizeName.exec(vmSize)?.groups;
  if (!parts) return undefined;
  const { family = "", features = "" } = parts;
  const version = Number(parts.version ?? 1);
  const countsNoVCpus = /^(DS?)$/.test(family) ? version < 3 : /^(GS?|A)$/.test(family) && version < 2;
  const isArm = features.includes("p");
  if (countsNoVCpus || isArm) return undefined;
  return Number(parts.active ?? parts.vCpus);
}

/** Task slots of a node: one a vCPU. Batch REST: taskSlotsPerNode is at most 4 × the node's cores and at most 256. */
export function taskSlots(vCpus: number): number {
  return Math.min(vCpus, 256);
}
