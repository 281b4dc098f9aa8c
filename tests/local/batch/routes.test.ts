import { BatchServiceClient } from "@azure/batch";
import { HttpHeaders, type HttpClient, type WebResourceLike } from "@azure/ms-rest-js";
import { operations, routeOf } from "../../../local/batch/routes";

/** A text that is an id and, for job.disable, a word that is allowed. */
const text = "wait";

/** A body with everything that some operation's body must have. */
const body = {
  id: text,
  value: [],
  commandLine: text,
  vmSize: text,
  poolInfo: {},
  thumbprint: text,
  thumbprintAlgorithm: text,
  data: text,
  schedule: {},
  jobSpecification: { poolInfo: {} },
  autoScaleFormula: text,
  nodeList: [],
  certificateReferences: [],
  applicationPackageReferences: [],
  metadata: [],
  name: text,
  containerUrl: text,
  startTime: new Date(),
};

/** What a call of the SDK sends: the first request that comes of some number of ids with or without a body. */
async function requestOf(group: object, method: string): Promise<WebResourceLike> {
  const call = (group as Record<string, (...args: unknown[]) => Promise<unknown>>)[method];
  for (const ids of [0, 1, 2, 3, 4])
    for (const last of [[], [body], [text], [[body]], [[text]]]) {
      sent.length = 0;
      await call?.call(group, ...Array.from({ length: ids }, () => text), ...last).catch(() => undefined);
      const [request] = sent;
      if (request !== undefined) return request;
    }
  throw new Error(`no request came of ${method}`);
}

const sent: WebResourceLike[] = [];
const noService: HttpClient = {
  sendRequest: (request) => {
    sent.push(request);
    return Promise.resolve({ request, status: 599, headers: new HttpHeaders(), bodyAsText: "" });
  },
};
const client = new BatchServiceClient(
  { signRequest: (request) => Promise.resolve(request) },
  "https://batch.example",
  { httpClient: noService, noRetryPolicy: true },
);

/** Groups of operations, by their names in the table. */
const groups = {
  account: client.account,
  application: client.application,
  certificate: client.certificate,
  pool: client.pool,
  computeNode: client.computeNode,
  computeNodeExtension: client.computeNodeExtension,
  file: client.file,
  job: client.job,
  jobSchedule: client.jobSchedule,
  task: client.task,
};
const calls = Object.entries(groups).flatMap(([name, group]) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(group))
    .filter((method) => method !== "constructor" && !method.endsWith("Next"))
    .map((method): [string, object, string] => [`${name}.${method}`, group, method]),
);

/** Operations of api-versions after the SDK's. */
const later = ["computeNode.deallocate", "computeNode.start"];

describe("the table of operations", () => {
  it("names every operation of the SDK and the two that came later, and no other", () => {
    const names = [...calls.map(([name]) => name), ...later];

    expect(operations.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it.each(calls)("leads %s to its entry", async (name, group, method) => {
    const { method: verb, url } = await requestOf(group, method);

    expect(routeOf(verb, new URL(url).pathname).operation.name).toBe(name);
  });
});
