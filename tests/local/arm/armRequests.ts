/** Requests to the ARM side by hand: fetch would not trust the certificate, since this process is older than it. */
import { request } from "node:https";
import { audiences } from "../../../local/audiences";
import type { LocalCloud } from "../../../local/cloud";

export interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<
    string,
    unknown
  >;
}

export function post(
  cloud: LocalCloud,
  path: string,
  body: object,
  token: string | null = cloud.identity.operatorToken(audiences.arm),
): Promise<Answer> {
  return send(cloud, "POST", path, JSON.stringify(body), token);
}

export function get(
  cloud: LocalCloud,
  path: string,
  token: string | null = cloud.identity.operatorToken(audiences.arm),
): Promise<Answer> {
  return send(cloud, "GET", path, "", token);
}

function send(
  cloud: LocalCloud,
  method: "GET" | "POST",
  path: string,
  body: string,
  token: string | null,
): Promise<Answer> {
  const url = new URL(path, cloud.userEnvironment.ARM_RESOURCE_MANAGER_ENDPOINT);
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca: cloud.identity.keys.cert }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += String(chunk)));
      response.on("end", () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Answer["body"] }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
