/** Times as .NET counts them, in ticks of 100 ns since the year 1: what the service's ETags are made of. */
import { type Timestamp, timestamp } from "./state";

const ticksAtUnixEpoch = 621_355_968_000_000_000n;
const ticksPerMs = 10_000n;

export function ticksOf(time: Timestamp): bigint {
  const [, beyondMs = ""] = /\.\d{3}(\d{1,4})/.exec(time) ?? [];
  return ticksAtUnixEpoch + BigInt(Date.parse(time)) * ticksPerMs + BigInt(beyondMs.padEnd(4, "0"));
}

function timeOf(ticks: bigint): Timestamp {
  const sinceEpoch = ticks - ticksAtUnixEpoch;
  const wholeMs = new Date(Number(sinceEpoch / ticksPerMs)).toISOString();
  const beyondMs = String(sinceEpoch % ticksPerMs).padStart(4, "0");
  return `${wholeMs.slice(0, -1)}${beyondMs.replace(/0+$/, "")}Z`;
}

/** The time of a change: now, but always later than the change before, so that the two have different ETags. */
export function timestampAfter(before: Timestamp): Timestamp {
  const [now, last] = [timestamp(), ticksOf(before)];
  return ticksOf(now) > last ? now : timeOf(last + 1n);
}
