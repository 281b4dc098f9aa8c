/** The Batch service of one account: HTTPS on loopback, from a request's first byte to the answer's last. */
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { BatchAccount } from "../compute/account";
import type { Faults } from "../faults/faults";
import { Listener, readBody } from "../listener";
import { authenticate, type AuthRules } from "./auth";
import { authorize, type AccessRules } from "./authorization";
import type { Answer } from "./call";
import {
  busy,
  type ErrorContext,
  errorBody,
  invalidRequestBody,
  requestBodyTooLarge,
  serviceError,
} from "./errors";
import { handlerOf, routeOf } from "./routes";
import { checkVersion } from "./versions";

export interface BatchServerOptions extends Omit<AuthRules, "accountName">, AccessRules {
  readonly account: BatchAccount;
  /** Faults on purpose; none when missing. */
  readonly faults?: Faults;
  readonly tls: { readonly key: string; readonly cert: string };
  /** 0: any free one. */
  readonly port: number;
}

export interface BatchServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 only. */
export async function startBatchServer(options: BatchServerOptions): Promise<BatchServer> {
  let base = "";
  const listener = new Listener((request, response) => serve(request, response, base, options), options.tls);
  base = `https://127.0.0.1:${await listener.start(options.port)}`;
  return { url: base, stop: () => listener.stop() };
}

/** The largest body, as the service words it to those who send a larger one: "MaxLimit: 1048576" (Azure/BatchExplorer#1286). */
const maxBodyBytes = 1024 * 1024;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  base: string,
  options: BatchServerOptions,
): Promise<void> {
  const requestId = randomUUID();
  response.setHeader("request-id", requestId);
  response.setHeader("DataServiceVersion", "3.0");
  response.setHeader("Server", "Microsoft-HTTPAPI/2.0");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  const callerId = request.headers["client-request-id"];
  if (
    request.headers["return-client-request-id"]?.toString().toLowerCase() === "true" &&
    callerId !== undefined
  )
    response.setHeader("client-request-id", callerId);
  let answer: Answer;
  try {
    answer = await answerTo(request, { base, requestId }, options);
  } catch (thrown) {
    const error = serviceError(thrown);
    // The reason phrase is the text, as with the service; a header takes no other characters.
    response.statusMessage = error.message.replace(/[^\x20-\x7e]/g, "?");
    const value = errorBody(error, { base, requestId });
    answer = { status: error.status, headers: error.headers, content: { kind: "json", value } };
  }
  // What an answer tells of, an error's too, has to outlive us.
  await options.account.written();
  await send(request, response, answer);
}

async function answerTo(
  request: IncomingMessage,
  context: ErrorContext,
  options: BatchServerOptions,
): Promise<Answer> {
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) throw requestBodyTooLarge(String(maxBodyBytes));
  const { url = "/", method = "GET", headers } = request;
  const caller = authenticate({ url, method, headers }, { ...options, accountName: options.account.name });
  const [path = "/", search = ""] = url.split("?", 2);
  const query = new URLSearchParams(search);
  checkVersion(query.get("api-version"));
  const { operation, params } = routeOf(method, path);
  authorize(caller, operation.needs, options);
  const refusal = options.faults?.batchRequest();
  if (refusal !== undefined) throw busy(refusal);
  const handler = handlerOf(operation);
  return handler({
    ...context,
    account: options.account,
    path,
    params,
    query,
    headers,
    body: parseJson(body),
  });
}

function parseJson(body: string): unknown {
  if (body.trim() === "") return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw invalidRequestBody(error instanceof Error ? error.message : String(error));
  }
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers = {}, content } = answer;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (content === undefined || request.method === "HEAD") {
    response.end();
    return;
  }
  switch (content.kind) {
    case "json":
      response.setHeader("Content-Type", "application/json; odata=minimalmetadata");
      response.end(JSON.stringify(content.value));
      return;
    case "file":
      return sendFile(response, content.path, content.from, content.to);
  }
}

async function sendFile(response: ServerResponse, path: string, from: number, to: number): Promise<void> {
  if (to < from) {
    response.end();
    return;
  }
  try {
    await pipeline(createReadStream(path, { start: from, end: to }), response);
  } catch {
    // The caller hung up, or the file went away with its task: the answer is cut short, and the connection says so.
    response.destroy();
  }
}
