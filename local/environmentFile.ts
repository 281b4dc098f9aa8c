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
  lines.push(`export PATH=${quoted(programs)}:"$PATH"\n`);
  // A mode is for new files only.
  rmSync(file, { force: true });
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
