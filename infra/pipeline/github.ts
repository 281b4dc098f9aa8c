/** GitHub's REST API, as far as a comment and an issue need it, at the address and with the token that a workflow's job has. */
import { z } from "zod";
import type { Environment } from "./pulumi";

export interface GitHub {
  /** Whoever the token is: only what they wrote is theirs to edit. */
  ownLogin(): Promise<string>;
  comments(issue: number): Promise<Post[]>;
  addComment(issue: number, body: string): Promise<Post>;
  editComment(id: number, body: string): Promise<Post>;
  openIssues(): Promise<Issue[]>;
  openIssue(title: string, body: string): Promise<Issue>;
  editIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<Issue>;
  /** Newest first. */
  deployments(environment: string): AsyncIterable<Deployment>;
  /** Undefined where a deployment has none yet. */
  newestStatus(deployment: number): Promise<string | undefined>;
}

const post = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string(),
  user: z.object({ login: z.string() }).nullish(),
});
const issue = post.extend({ number: z.number(), pull_request: z.unknown().optional() });
const deployment = z.object({ id: z.number(), sha: z.string() });
const status = z.object({ state: z.string() });
export type Deployment = z.infer<typeof deployment>;
export type Post = z.infer<typeof post>;
export type Issue = z.infer<typeof issue>;

/** The login of `GITHUB_TOKEN` in a workflow, which may not ask who it is. */
const workflowLogin = "github-actions[bot]";
const answerTimeoutMs = 30_000;
/** GitHub: at most 100 a page. */
const pageSize = 100;

/** Throws a sentence when the environment does not say which repository, or has no token. */
export function openGitHub(environment: Environment): GitHub {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = environment;
  const apiUrl = environment.GITHUB_API_URL ?? "https://api.github.com";
  if (token === undefined || token === "" || repository === undefined)
    throw new Error(
      "GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) are needed to ask GitHub. " +
        "In a workflow, give the step `env: GITHUB_TOKEN: ${{ github.token }}`.",
    );
  const call = caller(apiUrl, token);
  async function* each<T>(path: string, schema: z.ZodType<T>, what: string): AsyncGenerator<T> {
    for (let page = 1; ; page++) {
      const query = `${path.includes("?") ? "&" : "?"}per_page=${pageSize}&page=${page}`;
      const part = z.array(schema).parse(await call("GET", path + query, what));
      yield* part;
      if (part.length < pageSize) return;
    }
  }
  const all = async <T>(path: string, schema: z.ZodType<T>, what: string): Promise<T[]> => {
    const found: T[] = [];
    for await (const one of each(path, schema, what)) found.push(one);
    return found;
  };
  const deployments = `/repos/${repository}/deployments`;
  const issues = `/repos/${repository}/issues`;
  return {
    ownLogin: async () => {
      try {
        return z.object({ login: z.string() }).parse(await call("GET", "/user", "ask who this is")).login;
      } catch (error) {
        if (error instanceof GitHubRefusal && error.status === 403) return workflowLogin;
        throw error;
      }
    },
    comments: (number) => all(`${issues}/${number}/comments`, post, "read the comments"),
    addComment: async (number, body) =>
      post.parse(await call("POST", `${issues}/${number}/comments`, "add a comment", { body })),
    editComment: async (id, body) =>
      post.parse(await call("PATCH", `${issues}/comments/${id}`, "edit the comment", { body })),
    openIssues: async () =>
      (await all(`${issues}?state=open`, issue, "read the issues")).filter(
        // GitHub's list of issues has the pull requests in it.
        ({ pull_request: pullRequest }) => pullRequest === undefined,
      ),
    openIssue: async (title, body) =>
      issue.parse(await call("POST", issues, "open an issue", { title, body })),
    editIssue: async (number, change) =>
      issue.parse(await call("PATCH", `${issues}/${number}`, "edit the issue", change)),
    deployments: (environment) =>
      each(
        `${deployments}?environment=${encodeURIComponent(environment)}`,
        deployment,
        "read the deployments",
      ),
    newestStatus: async (id) => {
      const path = `${deployments}/${id}/statuses?per_page=1`;
      return z.array(status).parse(await call("GET", path, "read a deployment's status"))[0]?.state;
    },
  };
}

export class GitHubRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Call = (method: string, path: string, what: string, body?: object) => Promise<unknown>;

function caller(apiUrl: string, token: string): Call {
  return async (method, path, what, body) => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerTimeoutMs),
    }).catch((error: unknown) => {
      throw new Error(`Could not ${what}: ${apiUrl} does not answer (${causeOf(error)}).`, { cause: error });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const said = z.object({ message: z.string() }).safeParse(answer).data?.message ?? "no reason given";
    throw new GitHubRefusal(
      response.status,
      `Could not ${what}: GitHub answered ${response.status} (${said}).${adviceFor(response.status)}`,
    );
  };
}

function adviceFor(status: number): string {
  if (status === 403 || status === 404)
    return " The job needs `permissions: pull-requests: write` for comments, `issues: write` for issues, `deployments: read` for deployments.";
  return status === 401 ? " GITHUB_TOKEN is not valid (any more)." : "";
}

function causeOf(error: unknown): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string } };
  if (name === "TimeoutError") return `nothing for ${answerTimeoutMs / 1000} s`;
  return cause?.code ?? message ?? String(error);
}
