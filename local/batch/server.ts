/** The Batch service of one account: HTTPS on loopback, from a request's first byte to the answer's last. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BatchAccount } from "../compute/account";
import { fileNotFound } from "../compute/failure";
import type { Faults } from "../faults/faults";
import { Listener, readBody } from "../listener";
import { authenticate, type AuthRules } from "./auth";
import { authorize, type AccessRules } from "./authorization";
import type { Answer } from "./call";
import { busy, type ErrorContext, errorBody, requestBodyTooLarge, serviceError } from "./errors";
import { parseJson } from "./json";
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
  let file: FileHandle | undefined;
  try {
    answer = await answerTo(request, { base, requestId }, options);
    if (request.method !== "HEAD") file = await openFile(answer);
  } catch (thrown) {
    const error = serviceError(thrown);
    // The reason phrase is the text, as with the service; a header takes no other characters.
    response.statusMessage = error.message.replace(/[^\x20-\x7e]/g, "?");
    const value = errorBody(error, { base, requestId });
    answer = { status: error.status, headers: error.headers, content: { kind: "json", value } };
  }
  // What an answer tells of, an error's too, has to outlive us.
  await options.account.written();
  await send(response, answer, file);
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

/** Before the answer begins: a file that goes with its task meanwhile is a missing file, one that goes later is still read to its end. */
async function openFile({ content }: Answer): Promise<FileHandle | undefined> {
  if (content?.kind !== "file" || content.to < content.from) return undefined;
  try {
    return await open(content.path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? fileNotFound(basename(content.path)) : error;
  }
}

async function send(response: ServerResponse, answer: Answer, file: FileHandle | undefined): Promise<void> {
  const { status, headers = {}, content } = answer;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (content?.kind === "json" && response.req.method !== "HEAD") {
    response.setHeader("Content-Type", "application/json; odata=minimalmetadata");
    response.end(JSON.stringify(content.value));
  } else if (content?.kind === "file" && file !== undefined) {
    await sendFile(response, file, content.from, content.to);
  } else {
    response.end();
  }
}

async function sendFile(
  response: ServerResponse,
  file: FileHandle,
  start: number,
  end: number,
): Promise<void> {
  try {
    await pipeline(file.createReadStream({ start, end }), response);
  } catch {
    // The caller hung up, or the file was cut: the answer is cut short, and the connection says so.
    response.destroy();
  }
}
