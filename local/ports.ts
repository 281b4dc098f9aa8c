/** Which port the next listener of the local cloud gets. */
import { freePort } from "./listener";

export type Ports = () => Promise<number>;

/** Ports in sequence from `first`, but for those that accounts keep; any free ones without a first. */
export function portsFrom(first: number | undefined, isKept: (port: number) => boolean): Ports {
  if (first === undefined) return freePort;
  let next = first;
  return () => {
    while (isKept(next)) next += 1;
    return Promise.resolve(next++);
  };
}
