/** The drift of a stack as one issue: opened when it appears, kept true while it lasts, closed when it is gone. */
import { isOwn, sameText } from "./comment";
import type { Change } from "./document";
import type { GitHub } from "./github";
import type { Environment } from "./pulumi";

export type DriftIssue =
  | { readonly kind: "opened" | "updated" | "unchanged" | "closed"; readonly url: string }
  | { readonly kind: "none" };

export async function keepDriftIssue(
  github: GitHub,
  stack: string,
  changes: readonly Change[],
  environment: Environment,
): Promise<DriftIssue> {
  const marker = `<!-- drift ${stack} -->`;
  const login = await github.ownLogin();
  const open = (await github.openIssues()).find((issue) => isOwn(issue, login, marker));
  if (changes.length === 0) {
    if (open === undefined) return { kind: "none" };
    const gone = `${open.body ?? marker}\n\nGone${runOf(environment)}: the stack is as it was deployed.`;
    const closed = await github.editIssue(open.number, { body: gone, state: "closed" });
    return { kind: "closed", url: closed.html_url };
  }
  const body = `${marker}\n${driftMarkdown(stack, changes)}\n`;
  if (open === undefined) {
    const opened = await github.openIssue(`Stack ${stack} is not as it was deployed`, body);
    return { kind: "opened", url: opened.html_url };
  }
  if (sameText(open.body, body)) return { kind: "unchanged", url: open.html_url };
  return { kind: "updated", url: (await github.editIssue(open.number, { body })).html_url };
}

/** Without values, which may be nobody's business, and without dates: the same drift is the same text. */
export function driftMarkdown(stack: string, changes: readonly Change[]): string {
  const rows = changes.map(
    ({ op, name, type, properties }) =>
      `| ${name} | ${type} | ${op === "delete" ? "is gone" : "was changed"} | ${properties.map((path) => `\`${path}\``).join(", ")} |`,
  );
  return [
    `Somebody or something changed what stack \`${stack}\` deployed:`,
    "",
    "| resource | type | | properties |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `\`pulumi refresh --preview-only --diff --stack ${stack}\` shows the values. To put it back: \`pulumi refresh\`, then \`pulumi up\`. ` +
      "To keep it: `pulumi refresh`, and the same change in the program or the settings.",
    "",
    "This issue is kept up to date every night, and closed when the difference is gone.",
  ].join("\n");
}

function runOf({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: Environment) {
  return run === undefined ? "" : ` ([run](${server ?? ""}/${repository ?? ""}/actions/runs/${run}))`;
}
