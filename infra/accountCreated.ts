/**
 * When the storage account was created, as Azure says it. An account that is deleted and made again keeps its name and with it its
 * endpoint: its age alone tells that it is another, empty one.
 */

/** The code goes into the state with the dynamic providers. State of earlier versions knows no time: then nothing is compared. */
export function isAnotherAccount(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}
