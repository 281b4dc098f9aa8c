/** The variables by which programs reach the local cloud, as a file that a shell reads. */
import { rmSync, writeFileSync } from "node:fs";

/**
 * The file is its owner's alone: it holds the operator's secret, and keys where there are accounts that take them. `programs` goes
 * before the shell's own PATH.
 */
export function writeEnvironmentFile(
  file: string,
  variables: Readonly<Record<string, string>>,
  programs: string,
): void {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  lines.unshift(forgetOthers);
  lines.push(`export PATH=${quoted(programs)}:"$PATH"\n`);
  // A mode is for new files only.
  rmSync(file, { force: true });
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

/** The credentials of a real subscription would win (DefaultAzureCredential asks the environment first). One name is always given: zsh wants one. */
const forgetOthers = String.raw`unset AZURE_CLIENT_ID $(env | sed -n -e 's/^\(AZURE_[A-Za-z0-9_]*\)=.*/\1/p' -e 's/^\(ARM_[A-Za-z0-9_]*\)=.*/\1/p')
`;

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
