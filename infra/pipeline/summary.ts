/** The page of a workflow's run: what a step adds to it goes to the file that GITHUB_STEP_SUMMARY names. */
import { appendFileSync } from "node:fs";
import type { Environment } from "./pulumi";

/** Markdown; nothing happens where there is no such page. */
export function addToSummary({ GITHUB_STEP_SUMMARY: file }: Environment, markdown: string): void {
  if (file !== undefined && file !== "") appendFileSync(file, `${markdown}\n`);
}

/** Whatever a cloud or a program said, as text that Markdown leaves alone. */
export function quoted(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
