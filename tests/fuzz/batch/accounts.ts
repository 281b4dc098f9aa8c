/** The two accounts of the target: requests go to the first, and nothing of the other may ever come back. */
export const accounts = ["first", "other"] as const;

export type AccountName = (typeof accounts)[number];

/**
 * The target lies so many folders below its temporary one, and no request climbs as far: should a change to the service let one out of a task's
 * directory, a DELETE among them finds decoys, never what is somebody's own.
 */
export const levelsBelow = 24;

/** From a task's directory up to the target's folder. */
export const levelsOfTask = 9;

/** In ids, files and settings of the other account, in a decoy beside the accounts, and in no request. */
export const secret = "marked-7f3a91";

export function keysOf(name: string): { readonly primary: string; readonly secondary: string } {
  const key = (which: string): string => Buffer.from(`the ${which} key of ${name}`).toString("base64");
  return { primary: key("primary"), secondary: key("secondary") };
}
