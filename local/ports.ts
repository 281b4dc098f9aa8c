/** Which port the next listener of the local cloud gets. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

export type Ports = () => Promise<number>;

/**
 * Below the ports that Linux gives to connections that go out (net.ipv4.ip_local_port_range: 32768 on): an account keeps its
 * port, and must find it free when the cloud comes back, not held by the end of somebody's connection.
 */
const lowest = 10_000;
const highest = 32_767;

/** Ports in sequence from `first`, but for those that accounts keep; any free ones without a first. */
export function portsFrom(first: number | undefined, isKept: (port: number) => boolean): Ports {
  if (first === undefined) return () => freePort(isKept);
  let next = first;
  return () => {
    while (isKept(next)) next += 1;
    return Promise.resolve(next++);
  };
}

/** A port that was free a moment ago and that no account keeps. */
export async function freePort(isKept: (port: number) => boolean = () => false): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(lowest, highest + 1);
    if (!isKept(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port was found on 127.0.0.1 between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
