/** Bytes to the service and back, with nothing between that would keep a strange request from going out or a strange answer from coming in. */
import { createHmac } from "node:crypto";
import { connect, type TLSSocket } from "node:tls";
import type { FuzzRequest } from "./request";

export interface Endpoint {
  readonly port: number;
  readonly accountName: string;
  /** Base64. */
  readonly key: string;
  readonly certificate: string;
}

export interface WireAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** All of it, for what must not be in it. */
  readonly raw: string;
}

/** What a request came to: an answer, the connection's end without one, or nothing within the deadline. */
export type Outcome = WireAnswer | "closed" | "hangs";

const patienceMs = 100;

/** One connection, made anew when it has ended; one request at a time. */
export class Wire {
  private socket: TLSSocket | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly deadlineMs: number,
  ) {}

  async send(request: FuzzRequest): Promise<Outcome> {
    const socket = (this.socket ??= await open(this.endpoint));
    const answer = readAnswer(socket, request.verb === "HEAD", this.deadlineMs);
    socket.write(bytesOf(request, this.endpoint));
    // What announces more than it brings is waited for, and rightly so, until there is nothing more to wait for.
    const hangUp = request.isBroken ? setTimeout(() => socket.end(), patienceMs) : undefined;
    const outcome = await answer;
    clearTimeout(hangUp);
    const goesOn = typeof outcome === "object" && outcome.headers.get("connection") !== "close";
    if (!goesOn || request.isBroken) this.close();
    return outcome;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }
}

/** Its later errors are seen as its end. */
export function open({ port, certificate }: Endpoint): Promise<TLSSocket> {
  return new Promise((opened, fail) => {
    const socket = connect({ host: "127.0.0.1", port, ca: certificate }, () => opened(socket));
    socket.on("error", fail);
  });
}

/** A request as it goes out. A Content-Length among its headers stands for itself. */
export function bytesOf(request: FuzzRequest, endpoint: Endpoint): Buffer {
  const { verb, path, query, body } = request;
  const lengths: (readonly [string, string])[] =
    body === undefined || request.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
      ? []
      : [["Content-Length", String(Buffer.byteLength(body, "latin1"))]];
  const dated: (readonly [string, string])[] = request.headers.some(([name]) => name === "ocp-date")
    ? []
    : [["ocp-date", new Date().toUTCString()]];
  const headers = [["Host", `127.0.0.1:${endpoint.port}`] as const, ...request.headers, ...lengths, ...dated];
  const authorization = request.authorization ?? signature({ ...request, headers }, endpoint);
  const lines = [
    `${verb} ${path}${query === "" ? "" : `?${query}`} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(authorization === "" ? [] : [`Authorization: ${authorization}`]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`, "latin1");
}

/** The value of Authorization that a client with the key gives this very request (azure-batch, "Authentication via Shared Key"). */
export function signature(
  { verb, path, query, headers }: FuzzRequest,
  { accountName, key }: Endpoint,
): string {
  const valueOf = (wanted: string): string =>
    headers
      .filter(([name]) => name.toLowerCase() === wanted)
      .map(([, value]) => value.trim())
      .join(", ");
  const covered = ["encoding", "language", "length", "md5", "type"].map((name) => valueOf(`content-${name}`));
  const conditions = [
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
  ];
  const own = [...new Set(headers.map(([name]) => name.toLowerCase()))].filter((name) =>
    name.startsWith("ocp-"),
  );
  const parameters = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = [
    ...[verb, ...covered, ...conditions.map(valueOf)].map((line) => `${line}\n`),
    ...own.sort().map((name) => `${name}:${valueOf(name)}\n`),
    `/${accountName}${path}`,
    ...parameters.map(([name, value]) => `\n${name}:${value}`),
  ].join("");
  const mac = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
  return `SharedKey ${accountName}:${mac}`;
}

/** The next answer on a connection. */
export function readAnswer(socket: TLSSocket, isHead: boolean, deadlineMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const settle = (outcome: Outcome): void => {
      clearTimeout(late);
      socket.off("data", read).off("close", settleClosed);
      resolve(outcome);
    };
    const late = setTimeout(() => settle("hangs"), deadlineMs);
    const settleClosed = (): void => settle("closed");
    const read = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const answer = parseAnswer(received.toString("latin1"), isHead);
      if (answer !== undefined) settle(answer);
    };
    socket.on("data", read).on("close", settleClosed);
    if (socket.destroyed) settleClosed();
  });
}

/** Undefined while it is not there in full. */
function parseAnswer(raw: string, isHead: boolean): WireAnswer | undefined {
  const headEnd = raw.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const [first = "", ...lines] = raw.slice(0, headEnd).split("\r\n");
  const status = Number(first.split(" ")[1]);
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  const rest = raw.slice(headEnd + 4);
  const hasBody = !isHead && status !== 204 && status !== 304;
  const body = !hasBody ? "" : headers.has("transfer-encoding") ? unchunked(rest) : sized(rest, headers);
  return body === undefined ? undefined : { status, headers, body: utf8(body), raw: utf8(raw) };
}

function sized(rest: string, headers: ReadonlyMap<string, string>): string | undefined {
  const length = Number(headers.get("content-length") ?? 0);
  return rest.length < length ? undefined : rest.slice(0, length);
}

function unchunked(rest: string): string | undefined {
  let body = "";
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(rest.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (rest.length < end + 2) return undefined;
    if (size === 0) return body;
    body += rest.slice(lineEnd + 2, end);
    at = end + 2;
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");
