/** `npm run local -- faults`: looks at the faults of the cloud that runs, or sets them. */
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { UsageError } from "../../worker/contract/runCommand";
import { type FaultSettings, parseFaults } from "./settings";
import { faultLines } from "./words";

/** What to do: look, or set them as a file says (`-` is stdin), or to none. */
export type FaultsWish =
  { readonly kind: "look" } | { readonly kind: "none" } | { readonly kind: "file"; readonly file: string };

const answerTimeoutMs = 10_000;
const answer = z.object({
  settings: z.custom<FaultSettings>(),
  injected: z.custom<Parameters<typeof faultLines>[1]>(),
});

/** What to print. `addressFile` is the one that the cloud's door wrote. Throws a UsageError with a line for each mistake. */
export async function tellFaults(addressFile: string, wish: FaultsWish, json: boolean): Promise<string> {
  const body = await bodyOf(wish);
  const told = await ask(addressFile, body);
  if (json) return JSON.stringify(told);
  const { settings, injected } = told;
  return [`seed ${settings.seed}`, ...faultLines(settings, injected)].join("\n");
}

/** Reads a file of faults. Throws a UsageError with a line for each mistake. */
export function readFaults(file: string): FaultSettings {
  return checked(read(file), file);
}

async function bodyOf(wish: FaultsWish): Promise<object | undefined> {
  switch (wish.kind) {
    case "look":
      return undefined;
    case "none":
      return {};
    case "file":
      return wish.file === "-" ? checked(await text(process.stdin), "stdin") : readFaults(wish.file);
  }
}

function checked(content: string, name: string): FaultSettings {
  const parsed = parseFaults(content);
  if ("settings" in parsed) return parsed.settings;
  throw new UsageError(parsed.mistakes.map((mistake) => `error: ${name}: ${mistake}`).join("\n"));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? ""})`;
    throw new UsageError(`error: ${file}: ${reason}`, { cause: error });
  }
}

async function ask(addressFile: string, body: object | undefined): Promise<z.infer<typeof answer>> {
  const none = "no local cloud with state runs here; start one: npm run local -- serve";
  if (!existsSync(addressFile)) throw new Error(none);
  const request = body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(answerTimeoutMs);
  const response = await fetch(read(addressFile).trim(), { ...request, signal }).catch((cause: unknown) => {
    throw new Error(none, { cause });
  });
  if (!response.ok) throw new Error(`the local cloud refused the faults: ${await response.text()}`);
  return answer.parse(await response.json());
}
