/** Loopback listeners: every HTTP service of the local cloud is one. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Longer than clients pause between polls: a connection that closes under a request would fail it. */
const keepAliveTimeout = 65_000;

export class Listener {
  readonly #server: Server;
  readonly #underWay = new Set<Promise<void>>();

  /** HTTPS with `tls`, else HTTP. When `answer` fails, the connection is cut: there is nothing left to answer with. */
  constructor(answer: Answer, tls?: { readonly key: string; readonly cert: string }) {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      const answered = (async () => answer(request, response))().catch(() => void response.destroy());
      this.#underWay.add(answered);
      void answered.then(() => this.#underWay.delete(answered));
    };
    this.#server =
      tls === undefined
        ? createServer({ keepAliveTimeout }, serve)
        : createSecureServer({ key: tls.key, cert: tls.cert, keepAliveTimeout }, serve);
  }

  /** Listens on 127.0.0.1 only; port 0 takes any free one. Returns the port. */
  start(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(inUse(error, port)));
      this.#server.listen(port, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Stops listening, drops what is still connected and waits for what was begun; safe to call twice. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    await Promise.all(this.#underWay);
  }
}

/** A request's body as text; undefined when it is larger than `mostBytes`. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= mostBytes) chunks.push(chunk);
  }
  return sizeBytes <= mostBytes ? Buffer.concat(chunks).toString("utf8") : undefined;
}

export function respondJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function inUse(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new Error(`port ${port} on 127.0.0.1 is in use by another program; end it, or choose other ports`, {
    cause: error,
  });
}
