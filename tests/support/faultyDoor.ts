/** A door before one service of the local cloud that does with each request what a test says: passes it on, loses its answer, or answers itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, request as send } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Listener } from "../../local/listener";
import { openCertificate } from "../../local/tls";
import type { TestCloud } from "./localCloud";

export type Fault =
  | { readonly kind: "none" }
  /** The service does what it is asked, and the connection breaks before its answer. */
  | { readonly kind: "lost" }
  /** The service is not asked. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    };

export interface FaultyDoor {
  /** The service's endpoint, through the door. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** `faultOf` is asked once a request: "POST /jobs", and the body. */
export async function openFaultyDoor(
  { folder }: Pick<TestCloud, "folder">,
  endpoint: string,
  faultOf: (request: string, body: string) => Fault,
): Promise<FaultyDoor> {
  const real = new URL(endpoint);
  const certificate = await openCertificate(join(folder, "cloud/tls"));
  const agent = new Agent({ ca: certificate.cert });

  const passOn = (request: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { method, url: path, headers } = request;
      const to = { host: real.hostname, port: real.port, agent };
      send({ ...to, method, path, headers: { ...headers, host: real.host } }, resolve)
        .once("error", reject)
        .end(body);
    });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const fault = faultOf(`${request.method} ${path}`, body.toString());
    if (fault.kind === "answer") {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const answered = await passOn(request, body);
    const content = await buffer(answered);
    if (fault.kind === "lost") response.destroy();
    else response.writeHead(answered.statusCode ?? 500, answered.headers).end(content);
  };

  const listener = new Listener(answer, certificate);
  const port = await listener.start(0);
  return {
    endpoint: `https://127.0.0.1:${port}${real.pathname}`.replace(/\/$/, ""),
    close: async () => {
      agent.destroy();
      await listener.stop();
    },
  };
}
