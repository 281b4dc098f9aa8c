/** GitHub's REST API for one repository, on loopback: comments, issues and deployments, with the answers and refusals of a workflow's token. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface FakePost {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
  readonly html_url: string;
}
export interface FakeIssue extends FakePost {
  readonly number: number;
  readonly title: string;
  state: "open" | "closed";
  readonly pull_request?: object;
}

export interface FakeGitHub {
  /** What a workflow's step has. */
  readonly environment: Readonly<Record<string, string>>;
  readonly comments: FakePost[];
  readonly issues: FakeIssue[];
  /** Newest first, each with its newest status. */
  readonly deployments: {
    readonly id: number;
    readonly sha: string;
    readonly environment: string;
    readonly state: string;
  }[];
  /** Methods and paths, as they came. */
  readonly calls: string[];
  /** Somebody else's text. */
  post(login: string, body: string): FakePost;
  /** Refuses everything but reading from now on. */
  denyWrites(): void;
  stop(): Promise<void>;
}

export const workflowLogin = "github-actions[bot]";
const repository = "team/detection";
const token = "a workflow's token";

export async function startFakeGitHub(): Promise<FakeGitHub> {
  let ids = 0;
  let isWritable = true;
  const post = (login: string, body: string): FakePost => {
    const id = ++ids;
    return { id, body, user: { login }, html_url: `https://github.example/${repository}/${id}` };
  };
  const state: Pick<FakeGitHub, "comments" | "issues" | "deployments" | "calls"> = {
    comments: [],
    issues: [],
    deployments: [],
    calls: [],
  };

  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const { method = "" } = request;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    state.calls.push(`${method} ${pathname}`);
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { message: "Bad credentials" }];
    // A workflow's token is an installation's, which is no user.
    if (pathname === "/user") return [403, { message: "Resource not accessible by integration" }];
    if (method !== "GET" && !isWritable) return [403, { message: "Resource not accessible by integration" }];
    const body = method === "GET" ? {} : ((await json(request)) as Record<string, string>);
    const page = (list: readonly unknown[]): unknown[] => {
      const size = Number(searchParams.get("per_page"));
      const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
      return list.slice(from, from + size);
    };
    const path = pathname.replace(`/repos/${repository}`, "");
    const edit = (found: FakePost | undefined): [number, unknown] =>
      found === undefined ? [404, { message: "Not Found" }] : [200, Object.assign(found, body)];

    if (/^\/issues\/7\/comments$/.test(path)) {
      if (method === "GET") return [200, page(state.comments)];
      state.comments.push(post(workflowLogin, body.body!));
      return [201, state.comments.at(-1)];
    }
    const comment = /^\/issues\/comments\/(\d+)$/.exec(path);
    if (comment !== null) return edit(state.comments.find(({ id }) => id === Number(comment[1])));
    if (path === "/issues") {
      if (method === "GET")
        return [200, page(state.issues.filter((each) => each.state === searchParams.get("state")))];
      const opened = post(workflowLogin, body.body!);
      state.issues.push({ ...opened, number: opened.id, title: body.title!, state: "open" });
      return [201, state.issues.at(-1)];
    }
    const issue = /^\/issues\/(\d+)$/.exec(path);
    if (issue !== null) return edit(state.issues.find(({ number }) => number === Number(issue[1])));
    if (path === "/deployments")
      return [
        200,
        page(state.deployments.filter((each) => each.environment === searchParams.get("environment"))),
      ];
    const statuses = /^\/deployments\/(\d+)\/statuses$/.exec(path);
    if (statuses !== null)
      return [
        200,
        state.deployments
          .filter(({ id }) => id === Number(statuses[1]))
          .map((each) => ({ state: each.state })),
      ];
    return [404, { message: "Not Found" }];
  };

  const server = createServer((request, response) => {
    answer(request).then(
      ([status, body]) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...state,
    post,
    denyWrites: () => (isWritable = false),
    environment: {
      GITHUB_TOKEN: token,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: repository,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "42",
      GITHUB_REF: "refs/pull/7/merge",
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
