/** Which service of the local cloud listens at which port. */
import type { LocalCloud } from "./cloud";

/** Names services for a person: an account by its own name. Accounts come and go, so a port is looked up when it is asked for. */
export function servicesOf(cloud: LocalCloud): (port: number) => string | undefined {
  const { ARM_RESOURCE_MANAGER_ENDPOINT: arm, IDENTITY_ENDPOINT: identity } = cloud.userEnvironment;
  const { AZURE_AUTHORITY_HOST: authority } = cloud.pipelineJobEnvironment();
  const fixed = new Map<number, string>();
  for (const [name, url] of Object.entries({ arm, identity, authority }))
    if (url !== undefined) fixed.set(Number(new URL(url).port), name);
  return (port) => {
    const accounts = [...cloud.batch.options.records.list(), ...cloud.storage.options.records.list()];
    return fixed.get(port) ?? accounts.find((account) => account.port === port)?.name;
  };
}
