/** What is installed here: Node, Pulumi's CLI and its login, the Azure CLI. */
import { fix, ok, unchecked, warning, type Check, type Finding } from "./check";
import type { Said } from "./programs";
import { isOlder, versionIn, versionText, type Version } from "./version";

export const machineChecks: readonly Check[] = [
  {
    id: "node",
    title: "Node.js",
    place: "here",
    needs: [],
    look: ({ packageFile, nodeVersion }) => Promise.resolve(assessNode(nodeVersion, packageFile.node)),
  },
  {
    id: "pulumi",
    title: "Pulumi's CLI",
    place: "here",
    needs: [],
    look: async ({ programs, packageFile }) =>
      assessPulumi(await programs("pulumi", ["version"]), packageFile.pulumi),
  },
  {
    id: "pulumi-login",
    title: "where Pulumi keeps the state",
    place: "here",
    needs: ["pulumi"],
    look: async ({ programs }) =>
      assessPulumiLogin(await programs("pulumi", ["whoami", "--non-interactive"])),
  },
  {
    id: "az",
    title: "the Azure CLI",
    place: "here",
    needs: [],
    look: async ({ programs }) => assessAz(await programs("az", ["version", "--output", "json"])),
  },
];

/** Pure. `engines`: of package.json, ">=20.15". */
export function assessNode(running: string, engines: string): Finding {
  const [version, least] = [versionIn(running), versionIn(engines)];
  if (version === undefined || least === undefined) return unchecked(`${running}, expected ${engines}`);
  return isOlder(version, least)
    ? fix(
        `${versionText(version)}, expected ${engines}`,
        { command: `nvm install ${least[0]}` },
        {
          command: "node --version",
          note: "after any other way of installing one: https://nodejs.org/en/download",
        },
      )
    : ok(versionText(version));
}

/** Pure. A newer engine speaks to an older SDK; an older one may not know what the SDK asks. */
export function assessPulumi(said: Said, sdk: Version): Finding {
  const install = {
    command: `curl -fsSL https://get.pulumi.com | sh -s -- --version ${versionText(sdk)}`,
    note: "or https://www.pulumi.com/docs/install/",
  };
  if (said.kind === "absent") return fix("there is no pulumi on PATH", install);
  if (said.kind === "failed") return fix(said.reason, install);
  const version = versionIn(said.stdout);
  if (version === undefined) return unchecked(`pulumi version says ${said.stdout}`);
  const measured = `${versionText(version)}, with SDK ${versionText(sdk)}`;
  if (version[0] !== sdk[0]) return fix(`${measured}: another major version`, install);
  return isOlder(version, sdk) ? fix(`${measured}: older than the SDK`, install) : ok(measured);
}

/** Pure. */
export function assessPulumiLogin(said: Said): Finding {
  return said.kind === "said"
    ? ok(`logged in as ${said.stdout}`)
    : fix(
        said.kind === "failed" ? said.reason : "there is no pulumi on PATH",
        { command: "pulumi login" },
        {
          command: "pulumi login 'azblob://CONTAINER?storage_account=ACCOUNT'",
          note: "state in your own storage",
        },
      );
}

/** Pure. A pipeline deploys without it; a person signs in by it. */
export function assessAz(said: Said): Finding {
  const version = said.kind === "said" ? versionIn(said.stdout) : undefined;
  if (version !== undefined) return ok(versionText(version));
  const measured =
    said.kind === "failed" ? said.reason : "not on PATH; the commands that are advised below use it";
  return warning(measured, {
    command: "curl -sL https://aka.ms/InstallAzureCLIDeb | sudo bash",
    note: "Debian and Ubuntu; else https://aka.ms/azure-cli",
  });
}
