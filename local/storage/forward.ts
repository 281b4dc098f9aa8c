/** Passing one request on and its answer back, as they stream: bodies are never held, and an end on one side ends the other. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Agent, request as send } from "node:https";
import { pipeline } from "node:stream/promises";
import { unavailable } from "./refusals";

export interface Behind {
  readonly port: number;
  /** The value of the Host header. */
  readonly host: string;
  readonly agent: Agent;
}

/** RFC 9110, 7.6.1: these are about one connection. `Expect` has been answered by this server, `Host` is set anew. */
const ownToAConnection = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "upgrade", "expect", "host"],
]);

/** Throws ServerBusy while nothing has been answered yet; afterwards the connection is cut, which its reader sees. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { port, host, agent }: Behind,
): Promise<void> {
  const upstream = send({
    ...{ host: "127.0.0.1", port, agent },
    method: request.method,
    path: request.url,
    headers: ["Host", host, ...passedOn(request.rawHeaders)],
  });
  const abort = (): void => void upstream.destroy();
  response.once("close", abort);
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once("response", resolve);
      upstream.once("error", reject);
    });
    // An answer may come before the whole body has gone up: then what is left of it is of no interest.
    const sent = pipeline(request, upstream).catch(() => undefined);
    const answer = await answered.catch(() => {
      throw unavailable();
    });
    response.writeHead(answer.statusCode ?? 500, answer.statusMessage, passedOn(answer.rawHeaders));
    await pipeline(answer, response).catch(() => void response.destroy());
    await sent;
  } finally {
    response.off("close", abort);
  }
}

/** Name and value in turns, as they came: storage keeps the letter case of metadata. */
function passedOn(rawHeaders: readonly string[]): string[] {
  const named = rawHeaders.filter((_, index) => index % 2 === 0);
  return named.flatMap((name, index) =>
    ownToAConnection.has(name.toLowerCase()) ? [] : [name, rawHeaders[index * 2 + 1] ?? ""],
  );
}
