/** vCPUs of a node by its VM size's name: what a core quota counts. */

/** `Standard_` family, vCPUs, perhaps `-` those that are switched on, features, version; in any case, as Batch takes it. */
const sizeName =
  /^Standard_(?<family>[A-Z]+?)(?<vCpus>\d+)(?:-(?<active>\d+))?[a-z]*(?:_[A-Z0-9]+)*?(?:_v(?<version>\d+))?$/i;

/**
 * Undefined where the name does not tell. Azure: "Azure virtual machine sizes naming conventions"; the first generations (D and DS up to v2, G, the
 * old A) are numbered without counting vCPUs.
 */
export function vCpusOf(vmSize: string): number | undefined {
  const parts = sizeName.exec(vmSize)?.groups;
  if (!parts) return undefined;
  const version = Number(parts.version ?? 1);
  const family = (parts.family ?? "").toUpperCase();
  const countsNoVCpus = /^DS?$/.test(family) ? version < 3 : /^(GS?|A)$/.test(family) && version < 2;
  return countsNoVCpus ? undefined : Number(parts.active ?? parts.vCpus);
}
