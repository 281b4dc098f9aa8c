/** The rule for secrets: none in what Batch shows to everybody who may read a pool or a job. */
import type { Rule } from "./rule";
import { isObject } from "./subject";

const noSecrets: Rule = {
  name: "batch-no-secrets",
  enforcement: "mandatory",
  why: "Command lines, environment settings and addresses can be read by everybody who may read the pool or job, and stand in its logs.",
  fix: "Use the pool's identity: identityReference for files, a token in the task for the rest; what has no identity belongs in a key vault.",
  check: ({ inputs }) =>
    textsIn(inputs, "").flatMap(({ path, name, text }) => {
      const kind =
        kindOfSecret(text) ?? (name !== undefined && holdsSecret(name, text) ? "a secret" : undefined);
      // Not the text: a message goes into logs.
      return kind === undefined ? [] : [`${path} holds what looks like ${kind}`];
    }),
};

export const secretRules: readonly Rule[] = [noSecrets];

interface Text {
  readonly path: string;
  /** The variable's, of environment settings. */
  readonly name?: string;
  readonly text: string;
}

/** Batch REST: the members of pools, jobs and tasks that hold what is run and where files are. */
const members = ["commandLine", "containerRunOptions", "httpUrl", "storageContainerUrl", "containerUrl"];
const environments = ["environmentSettings", "commonEnvironmentSettings"];

function textsIn(value: unknown, path: string): Text[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]): Text[] => {
    const place = path === "" ? key : `${path}.${key}`;
    if (environments.includes(key) && Array.isArray(part))
      return part.flatMap((setting) => variableOf(setting, place));
    if (members.includes(key) && typeof part === "string") return [{ path: place, text: part }];
    return textsIn(part, place);
  });
}

function variableOf(setting: unknown, path: string): Text[] {
  if (!isObject(setting) || typeof setting.name !== "string" || typeof setting.value !== "string") return [];
  const { name, value } = setting;
  return [{ path: `${path}.${name}`, name, text: value }];
}

const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["an account key", /\b(AccountKey|SharedAccessKey)=[^;\s"']{8}/i],
  ["a shared access signature", /SharedAccessSignature\b|[?&;]sig=[^&\s"']{8}/i],
  // Entra: three characters, a digit, "Q~" and some thirty more.
  ["a client secret", /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
  // Not a variable, which the shell puts in when the command runs, and not a path.
  ["a password", /(password|passwd|pwd|client[-_]?secret)(=|:\s*)["']?(?![$%{/])[^\s"'$%{]{6}/i],
  ["a password", /--?(password|client-secret)\s+["']?(?![$%{/-])[^\s"'$%{]{6}/i],
];

function kindOfSecret(text: string): string | undefined {
  return (
    kinds.find(([, pattern]) => pattern.test(text))?.[0] ??
    (hasLongBase64(text) ? "a key in base64" : undefined)
  );
}

/** A key of 30 bytes or more. Digests are hexadecimal, or say of themselves that they are sha256; paths have no capitals and digits mixed. */
function hasLongBase64(text: string): boolean {
  const found = text.matchAll(/(?<![\w+/])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/=-])/g);
  return [...found].some(({ 0: run, index }) => {
    const isDigest = /sha(256|384|512)[-:]$/i.test(text.slice(0, index));
    const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
    return isMixed && !isDigest && (run.endsWith("=") || !run.includes("/"));
  });
}

/** By the variable's name. An address or a path of where a secret is, is none. */
function holdsSecret(name: string, text: string): boolean {
  return (
    /(^|_)(KEY|SECRET|PASSWORD|PASSWD|PWD|TOKEN|SAS)$/i.test(name) &&
    text !== "" &&
    !/^(https?:\/\/|[./$])/.test(text)
  );
}
