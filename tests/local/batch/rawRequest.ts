/** A signed call that the SDK would not send, and the bare answer to it. */
import { BatchSharedKeyCredentials } from "@azure/batch";
import { WebResource } from "@azure/ms-rest-js";
import type { Verb } from "../../../local/batch/routes";
import { accountName, type BatchCloud, keys } from "./batchCloud";

export interface RawAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Record<string, string>;
  /** Parsed where it is JSON, undefined where there is none. */
  readonly body: unknown;
}

/** `path` with its query, or a whole address such as that of a next page; a body that is text goes as it is. */
export async function raw(
  cloud: BatchCloud,
  verb: Verb,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const url = new URL(path, cloud.url);
  if (!url.searchParams.has("api-version")) url.searchParams.set("api-version", "2024-02-01.19.0");
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const request = new WebResource(url.href, verb, text);
  request.headers.set("Content-Type", "application/json; odata=minimalmetadata");
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  const credentials = new BatchSharedKeyCredentials(accountName, keys.primary);
  const response = await cloud.clientWith(credentials).sendRequest(request);
  const answer = response.bodyAsText ?? "";
  const isJson =
    answer !== "" && response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    headers: response.headers.rawHeaders(),
    body: isJson ? (JSON.parse(answer) as unknown) : answer || undefined,
  };
}
