/** Exit codes of every command a person or a pipeline runs. */
export const exitCode = {
  /** All images done, or nothing to do. */
  ok: 0,
  /** The operator must act: bad settings, missing permission, the cloud refused. */
  actionNeeded: 1,
  /** Wrong usage of the command. */
  usage: 2,
  /** Finished, but some images failed; the results of the others are complete. */
  someFailed: 3,
  interrupted: 130,
} as const;
