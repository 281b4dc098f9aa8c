/** Who calls: shared keys by their signature, Entra tokens by the given judge. Nothing is served before this. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { authenticationFailed, invalidAuthenticationInfo, unauthorized } from "./errors";

export interface AuthRules {
  readonly accountName: string;
  /** Base64. Both are good at any time. */
  readonly keys: { readonly primary: string; readonly secondary: string };
  readonly allowSharedKey: boolean;
  /** Object id of a token's caller; throws an Error with the reason when a token is no good. */
  readonly verifyToken: (token: string) => string;
}

/** A key is the account itself; a principal may do what its roles allow. */
export type Caller = { readonly kind: "key" } | { readonly kind: "principal"; readonly principalId: string };

export interface SignedRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Batch REST, "Authenticate requests": an older request is refused. */
const maxSkewMs = 15 * 60_000;

/** Throws a ServiceError unless the request is the account's own. */
export function authenticate(request: SignedRequest, rules: AuthRules): Caller {
  const { authorization } = request.headers;
  if (authorization === undefined) throw unauthorized("No Authorization header is present.");
  const [scheme, value] = authorization.split(/ +/, 2);
  if (scheme === "SharedKey" && value !== undefined) {
    verifySharedKey(request, value, rules);
    return { kind: "key" };
  }
  if (scheme?.toLowerCase() === "bearer" && value !== undefined)
    return { kind: "principal", principalId: verifyBearer(value, rules) };
  throw invalidAuthenticationInfo();
}

/**
 * The lengths that a client may have signed. Without a body it is a matter of taste: @azure/batch signs nothing for a PUT, PATCH or DELETE for which
 * Node's client then sends a zero, and Python's signs a zero for each of them. Both say the same of the request.
 */
function signedLengths({ headers }: SignedRequest): readonly string[] {
  const length = headerText(headers, "content-length");
  const hasBody = !["", "0"].includes(length) || headers["transfer-encoding"] !== undefined;
  return hasBody ? [length] : ["", "0"];
}

/** The text that a shared key signs (Batch REST: "Authentication via Shared Key"). */
function stringToSign(
  { method, url, headers }: SignedRequest,
  length: string,
  accountName: string,
  signs: (parameter: string) => boolean,
): string {
  const [path, query] = splitOnce(url, "?");
  const standard = [
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
  ].map((name) => `${name === "content-length" ? length : headerText(headers, name)}\n`);
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("ocp-"))
    .sort()
    .map((name) => `${name}:${headerText(headers, name)}\n`);
  const parameters = [...new URLSearchParams(query ?? "")]
    .filter(([, value]) => signs(value))
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `\n${name}:${value}`);
  return [`${method}\n`, ...standard, ...own, `/${accountName}${path}`, ...parameters].join("");
}

function verifySharedKey(request: SignedRequest, value: string, rules: AuthRules): void {
  const [account, signature] = splitOnce(value, ":");
  if (signature === undefined) throw invalidAuthenticationInfo();
  if (!rules.allowSharedKey)
    throw authenticationFailed("This account accepts Microsoft Entra ID only; shared keys are turned off.");
  if (account.toLowerCase() !== rules.accountName.toLowerCase())
    throw authenticationFailed(`The account of this endpoint is ${rules.accountName}, not ${account}.`);
  const sent = headerText(request.headers, "ocp-date") || headerText(request.headers, "date");
  if (!(Math.abs(Date.now() - Date.parse(sent)) <= maxSkewMs))
    throw authenticationFailed(`The date of the request, '${sent}', is more than 15 minutes off.`);
  // JS and .NET sign a parameter without a value, Python leaves it out; the service takes both.
  const parameters = [() => true, (value: string) => value !== ""];
  const texts = signedLengths(request).flatMap((length) =>
    parameters.map((signs) => stringToSign(request, length, account, signs)),
  );
  const { primary, secondary } = rules.keys;
  const isGood = [primary, secondary].some((key) => texts.some((text) => matches(key, text, signature)));
  if (!isGood)
    throw authenticationFailed("The signature does not match; it was computed over another text or key.");
}

function matches(key: string, text: string, signature: string): boolean {
  const expected = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function verifyBearer(token: string, rules: AuthRules): string {
  try {
    return rules.verifyToken(token);
  } catch (error) {
    throw unauthorized(error instanceof Error ? error.message : String(error));
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
