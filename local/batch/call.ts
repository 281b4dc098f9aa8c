/** A call of the Batch API once it is known who calls and what, and the answer to it. */
import type { IncomingHttpHeaders } from "node:http";
import type { BatchAccount } from "../compute/account";

export interface Call {
  readonly account: BatchAccount;
  readonly requestId: string;
  /** `https://127.0.0.1:port`, no slash at the end. */
  readonly base: string;
  /** Path as received, without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; undefined when there was none. */
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
}

export type Content =
  | { readonly kind: "json"; readonly value: object }
  /** Bytes `from` to `to` of a file, both included. */
  | { readonly kind: "file"; readonly path: string; readonly from: number; readonly to: number };

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** A model of the SDK as it travels: dates are text, enums may have the service's mixed case. */
export type OnWire<T> = T extends Date | string
  ? string
  : T extends readonly (infer Item)[]
    ? readonly OnWire<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: OnWire<T[Key]> }
      : T;

/** A path parameter that the route names. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route of ${call.path} has no parameter ${name}`);
  return value;
}

export function json(value: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, content: { kind: "json", value } };
}

/** A write that worked: where it happened, and the entity's new tag if it has one. */
export function written(
  call: Call,
  status: number,
  tagHeaders: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { DataServiceId: call.base + call.path, ...tagHeaders } };
}
