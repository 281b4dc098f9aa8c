/** Which port the next listener of the local cloud gets. */
import { freePort } from "./listener";

export type Ports = () => Promise<number>;

/** Ports in sequence from `first`, or any free ones. */
export function portsFrom(first: number | undefined): Ports {
  if (first === undefined) return freePort;
  let next = first;
  return () => Promise.resolve(next++);
}
