/** What a run's nodes cost by the dated table of prices; what the table does not have is named, never guessed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hourlyPrice, parsePrices, type PriceTable } from "../../prices/prices";
import type { Outcome } from "../run";

export type Cost =
  | {
      readonly kind: "known";
      readonly amount: number;
      readonly currency: string;
      /** Of one node. */
      readonly hourly: number;
      readonly nodeSeconds: number;
      readonly vmSize: string;
      readonly location: string;
      /** The day of the prices. */
      readonly asOf: string;
    }
  | { readonly kind: "unknown"; readonly reason: string };

const pricesFile = join(__dirname, "../../prices/prices.json");

export function ownPrices(): PriceTable {
  return parsePrices(readFileSync(pricesFile, "utf8"), pricesFile);
}

/** Pure: the time of each node from its first task's start to its last one's end, at the price of a dedicated node. */
export function costOf(
  outcome: Pick<Outcome, "nodeSeconds" | "machine"> | undefined,
  prices: PriceTable,
): Cost {
  const nodeSeconds = outcome?.nodeSeconds ?? null;
  if (nodeSeconds === null) return { kind: "unknown", reason: "Batch told no times of its tasks" };
  const { vmSize = "", location = null } = outcome?.machine ?? {};
  if (vmSize === "") return { kind: "unknown", reason: "the pool is gone, and with it the nodes' size" };
  if (location === null)
    return { kind: "unknown", reason: "the stack does not tell its region: deploy it again with pulumi up" };
  const hourly = hourlyPrice(prices, location, vmSize);
  if (hourly === undefined)
    return { kind: "unknown", reason: `the prices of ${prices.asOf} do not have ${vmSize} in ${location}` };
  const { currency, asOf } = prices;
  const amount = (nodeSeconds / 3600) * hourly;
  return { kind: "known", amount, currency, hourly, nodeSeconds, vmSize, location, asOf };
}

/** "0.42 USD"; small amounts with two figures. */
export function amountText({ amount, currency }: Extract<Cost, { kind: "known" }>): string {
  const text = amount >= 0.1 || amount === 0 ? amount.toFixed(2) : amount.toPrecision(2);
  // toPrecision turns to powers of ten below a millionth.
  return `${text.includes("e") ? "below 0.000001" : text} ${currency}`;
}

/** What an amount leaves out. */
export function costNote(cost: Extract<Cost, { kind: "known" }>): string {
  const { nodeSeconds, vmSize, location, hourly, currency, asOf } = cost;
  return (
    `${(nodeSeconds / 3600).toFixed(nodeSeconds < 3600 ? 3 : 1)} node hours (${vmSize}, ${location}) at ${hourly} ${currency} an hour, ` +
    `list price of ${asOf}. From each node's first task to its last; start, idle time, disks, storage and traffic are not counted, and Spot nodes are as dedicated ones.`
  );
}
