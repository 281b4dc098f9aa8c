/** Whether this machine and a service agree on the time. */
import { ok, unknown, wrong, type Check, type Finding } from "./check";
import type { SmokeCloud } from "./cloud";

/** Tokens bear times; Entra and the services bear five minutes of difference, and refuse signed requests after fifteen. */
const tolerableMs = 5 * 60_000;

export function clockCheck(
  service: "storage" | "Batch",
  needs: readonly string[],
  dateOf: (cloud: SmokeCloud) => Promise<Date | undefined>,
): Check {
  return {
    id: `clock-${service.toLowerCase()}`,
    title: `this machine and ${service} agree on the time`,
    anchor: "clocks",
    change: "Set this machine's clock (timedatectl set-ntp true): tokens and conditions bear times.",
    needs,
    look: async (cloud) => {
      const sentMs = Date.now();
      const date = await dateOf(cloud);
      return assessClock(date?.getTime() ?? null, sentMs, Date.now());
    },
  };
}

/** Pure: the service wrote its time between the two; the header Date has whole seconds (RFC 9110, 5.6.7). */
export function assessClock(theirsMs: number | null, sentMs: number, receivedMs: number): Finding {
  if (theirsMs === null || Number.isNaN(theirsMs)) return unknown("the answer had no date");
  const early = sentMs - 1000 - theirsMs;
  const late = theirsMs - receivedMs;
  const offMs = Math.max(0, early, late);
  if (offMs === 0) return ok("the same to the second");
  const measured = `this machine is ${Math.round(offMs / 1000)} s ${early > 0 ? "ahead" : "behind"}`;
  return offMs > tolerableMs ? wrong(measured) : ok(measured);
}
