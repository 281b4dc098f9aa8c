/** The review of a pull request as one comment: written once, edited afterwards, found by a line that nobody sees. */
import type { GitHub, Post } from "./github";

export const reviewMarker = "<!-- review -->";

export interface Written {
  readonly kind: "added" | "edited" | "unchanged";
  readonly url: string;
}

/** Somebody else's comment with the same marker is not ours: they could change it after us. */
export async function writeComment(github: GitHub, pullRequest: number, markdown: string): Promise<Written> {
  const body = bodyOf(markdown);
  const login = await github.ownLogin();
  const own = (await github.comments(pullRequest)).find((comment) => isOwn(comment, login, reviewMarker));
  if (own === undefined) return { kind: "added", url: (await github.addComment(pullRequest, body)).html_url };
  if (sameText(own.body, body)) return { kind: "unchanged", url: own.html_url };
  return { kind: "edited", url: (await github.editComment(own.id, body)).html_url };
}

export function isOwn(post: Post, login: string, marker: string): boolean {
  return post.user?.login === login && (post.body ?? "").startsWith(marker);
}

/** GitHub keeps texts with the line ends of the web. */
export function sameText(kept: string | null | undefined, text: string): boolean {
  return (kept ?? "").replaceAll("\r\n", "\n").trimEnd() === text.trimEnd();
}

/** GitHub: a comment has at most 65,536 characters. */
const mostCharacters = 65_536;
const cut = "\n\n… The rest is longer than a comment may be: `npm run review` prints all of it.";

function bodyOf(markdown: string): string {
  const body = `${reviewMarker}\n${markdown.trim()}\n`;
  return body.length <= mostCharacters ? body : body.slice(0, mostCharacters - cut.length) + cut;
}

/** The pull request that a workflow runs for: GitHub names its merge `refs/pull/<number>/merge`. */
export function pullRequestOf(ref: string | undefined): number | undefined {
  const number = /^refs\/pull\/(\d+)\//.exec(ref ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}
