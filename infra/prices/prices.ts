/** Prices of virtual machines: a dated table, ours (prices.json) or a person's own. */
import { z } from "zod";

const table = z.strictObject({
  /** The day of the prices. */
  asOf: z.iso.date(),
  currency: z.string().regex(/^[A-Z]{3}$/, "expected three letters, such as USD"),
  note: z.string().optional(),
  source: z.string().optional(),
  /** Region → VM size → price an hour. */
  hourly: z.record(z.string(), z.record(z.string(), z.number().nonnegative())),
});
export type PriceTable = z.infer<typeof table>;

/** `file`: for messages. Throws an Error that says what is wrong where. */
export function parsePrices(text: string, file: string): PriceTable {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const parsed = table.safeParse(json);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join(".") || "(all)"}: ${message}`,
  );
  throw new Error(
    [`${file} is no table of prices; infra/prices/prices.json is an example:`, ...mistakes].join("\n"),
  );
}

/** An hour of a node; undefined where the table does not have it. Azure reads sizes and regions in any letter case and with spaces. */
export function hourlyPrice({ hourly }: PriceTable, region: string, vmSize: string): number | undefined {
  const sizes = Object.entries(hourly).find(([name]) => plain(name) === plain(region))?.[1] ?? {};
  return Object.entries(sizes).find(([name]) => plain(name) === plain(vmSize))?.[1];
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(" ", "");
}
