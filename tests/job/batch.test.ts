import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BatchServiceClient } from "@azure/batch";
import { TokenCredentials } from "@azure/ms-rest-js";
import { openBatch, type Batch } from "../../infra/job/batch";
import type { Pace } from "../../infra/job/pace";
import { emptyPool } from "./emptyPool";

/** A server that speaks the few answers a test gives it, in turn; the last one again and again. */
type Answer = (body: { value?: { id: string }[] }, answer: ServerResponse) => void;

let server: Server;
let batch: Batch;
let answers: Answer[];
let requests: string[];
let slept: number[];
let notes: string[];

beforeEach(async () => {
  answers = [];
  requests = [];
  slept = [];
  server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      requests.push(`${request.method ?? ""} ${(request.url ?? "").split("?", 1)[0] ?? ""}`);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      const text = Buffer.concat(parts).toString();
      answer(text === "" ? {} : (JSON.parse(text) as { value?: { id: string }[] }), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let nowMs = 0;
  const pace: Pace = {
    nowMs: () => nowMs,
    random: () => 0.5,
    sleep: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  notes = [];
  const client = new BatchServiceClient(new TokenCredentials("t"), url, { noRetryPolicy: true });
  batch = openBatch(client, (line) => notes.push(line), { pace });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };
const refusal = (status: number, code: string, headers = {}) =>
  json(status, { code, message: { lang: "en-US", value: `${code}, says Batch.\nRequestId:1` } }, headers);
const perTask =
  (statusOf: (id: string) => object): Answer =>
  ({ value = [] }, response) =>
    json(200, { value: value.map(({ id }) => ({ taskId: id, ...statusOf(id) })) })({}, response);
const tasks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}`, commandLine: "true" }));

describe("the Batch port", () => {
  it("waits as long as Retry-After asks for when it is throttled", async () => {
    answers = [
      refusal(429, "TooManyRequests", { "retry-after": "7" }),
      json(200, { id: "p", state: "active" }),
    ];

    expect((await batch.getPool("p"))?.id).toBe("p");
    expect(slept).toEqual([7_000]);
  });

  it("gives up at its deadline with code, text and request id", async () => {
    answers = [refusal(503, "ServerBusy", { "request-id": "r-1" })];

    await expect(batch.getPool("p")).rejects.toThrow(
      "Could not read pool p: Batch answered ServerBusy: ServerBusy, says Batch. (HTTP 503, request id r-1)",
    );
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(120_000);
    expect(notes).toEqual([expect.stringMatching(/^Could not read pool p: .*; trying for 120 s …$/)]);
  });

  it("does not repeat what a person must put right", async () => {
    answers = [refusal(403, "InsufficientAccountPermissions")];

    await expect(batch.listJobs()).rejects.toThrow("InsufficientAccountPermissions");
    expect(requests).toHaveLength(1);
  });

  it("takes it for an answer that a pool was asked for its formula a moment ago, and does not wait", async () => {
    answers = [refusal(503, "TooManyEnableAutoScaleRequests")];
    expect(await batch.enableAutoscale({ ...emptyPool, autoscale: { formula: "x", error: null } })).toBe(
      false,
    );

    answers = [refusal(409, "PoolBeingResized")];
    expect(await batch.enableAutoscale({ ...emptyPool, autoscale: { formula: "x", error: null } })).toBe(
      false,
    );
    expect([requests.length, slept]).toEqual([2, []]);
  });

  it("counts the nodes of both kinds that a formula wants, and says why it fails", async () => {
    const results =
      "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=2;$NodeDeallocationOption=taskcompletion;n=9";
    answers = [json(200, { timestamp: "2024-01-01T00:00:00Z", results })];
    expect(await batch.evaluateAutoscale("p", "x")).toBe(5);

    const error = { code: "AutoScalingFormulaEvaluationError", message: "It failed" };
    answers = [json(200, { timestamp: "2024-01-01T00:00:00Z", results, error })];
    await expect(batch.evaluateAutoscale("p", "x")).rejects.toThrow(
      "Could not evaluate the formula of pool p: It failed",
    );
  });

  it("takes a missing job for null and an existing one for an answer", async () => {
    answers = [refusal(404, "JobNotFound")];
    expect(await batch.getJob("j")).toBeNull();

    answers = [refusal(409, "JobExists")];
    expect(await batch.addJob({ id: "j", poolInfo: { poolId: "p" } })).toBe(false);
  });

  it("adds tasks in collections of 100 and sends again what failed on the service's side", async () => {
    const failedOnce = new Set(["t3"]);
    answers = [perTask((id) => ({ status: failedOnce.delete(id) ? "ServerError" : "Success" }))];

    await batch.addTasks("j", tasks(150));

    expect(requests).toEqual(Array.from({ length: 3 }, () => "POST /jobs/j/addtaskcollection"));
  });

  it("halves a collection that is too large", async () => {
    answers = [refusal(413, "RequestBodyTooLarge"), perTask(() => ({ status: "Success" }))];

    await batch.addTasks("j", tasks(10));

    expect(requests).toHaveLength(3);
  });

  it("takes a task that exists with the same command for added, and another one for an error", async () => {
    const exists = perTask(() => ({ status: "ClientError", error: { code: "TaskExists" } }));
    answers = [exists, json(200, { id: "t0", commandLine: "true" })];
    await batch.addTasks("j", tasks(1));

    answers = [exists, json(200, { id: "t0", commandLine: "false" })];
    await expect(batch.addTasks("j", tasks(1))).rejects.toThrow(
      "t0: a task of this id with another command exists",
    );
  });

  it("names the tasks that Batch refused", async () => {
    answers = [perTask(() => ({ status: "ClientError", error: { code: "JobCompleted" } }))];

    await expect(batch.addTasks("j", tasks(1))).rejects.toThrow("Batch refused 1 tasks: t0: JobCompleted");
  });

  it("follows the pages of a list, empty ones too", async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs?$skiptoken=1&api-version=1`;
    answers = [json(200, { value: [], "odata.nextLink": url }), json(200, { value: [{ id: "a" }] })];

    expect((await batch.listJobs()).map((job) => job.id)).toEqual(["a"]);
  });
});
