/**
 * `serve --verbose`: one line for each request that a service of the local cloud was asked. It hears of them from Node itself, so that no service has
 * to know of it.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface AnsweredRequest {
  readonly at: Date;
  readonly service: string;
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Undefined where the connection ended before the answer did. */
  readonly status: number | undefined;
  /** What the answer says beside its status. */
  readonly reason: string;
  readonly tookMs: number;
}

/**
 * Writes a line when an answer has gone out or its connection has ended; returns what ends it. `serviceAt`: the name of the service at a
 * port, undefined where nothing is to be told.
 */
export function logRequests(
  serviceAt: (port: number) => string | undefined,
  write: (line: string) => void,
): () => void {
  const heard = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const { method = "", url = "/", socket } = request;
    const [at, port] = [new Date(), socket.localPort ?? 0];
    response.once("close", () => {
      const service = serviceAt(port);
      if (service === undefined) return;
      const { writableFinished, statusCode, statusMessage } = response;
      const status = writableFinished ? statusCode : undefined;
      const tookMs = Date.now() - at.getTime();
      write(lineOf({ at, service, method, url, status, reason: statusMessage, tookMs }));
    });
  };
  subscribe(channel, heard);
  return () => void unsubscribe(channel, heard);
}

const channel = "http.server.request.start";

/** "12:16:57.123 201    3 ms localbatch POST /pools?api-version=…", in UTC; a refusal ends with its reason. */
export function lineOf(request: AnsweredRequest): string {
  const { at, service, method, url, status, reason, tookMs } = request;
  const parts = [
    at.toISOString().slice(11, 23),
    status ?? "cut",
    `${String(tookMs).padStart(4)} ms`,
    service,
    method,
    withoutSecrets(url),
    ...(status !== undefined && status >= 400 && reason !== "" ? [`(${reason})`] : []),
  ];
  // Whoever asks chooses the path, and may not write to the terminal beyond it.
  return parts.join(" ").replace(/[^\x20-\x7e]/g, "?");
}

/** The signature of a SAS is its secret; the rest of it says what it allows. */
function withoutSecrets(url: string): string {
  const [path = "", ...queries] = url.split("?");
  if (queries.length === 0) return path;
  const parameters = queries.join("?").split("&");
  return `${path}?${parameters.map((each) => (isSignature(each) ? "sig=***" : each)).join("&")}`;
}

function isSignature(parameter: string): boolean {
  const [name] = new URLSearchParams(parameter).keys();
  return name?.toLowerCase() === "sig";
}
