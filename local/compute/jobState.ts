/**
 * A job's states and how it moves between them (Batch REST: JobState). active → disabling (while its running tasks are dealt with) → disabled →
 * enabling → active; from each of them terminating → completed, and from all of them deleting until it is gone.
 */
import { jobBeingDeleted, jobBeingTerminated, jobCompleted } from "./failure";
import { type JobRecord, type JobState, timestamp } from "./state";

export function moved(job: JobRecord, state: JobState): JobRecord {
  return {
    ...job,
    state,
    stateTransitionTime: timestamp(),
    previousState: job.state,
    previousStateTransitionTime: job.stateTransitionTime,
  };
}

/** A job that is neither over nor ending: it can be changed, and takes tasks. Throws for any other. */
export function demandLive(job: JobRecord): JobRecord {
  switch (job.state) {
    case "active":
    case "disabling":
    case "disabled":
    case "enabling":
      return job;
    case "terminating":
      throw jobBeingTerminated(job.id);
    case "completed":
      throw jobCompleted(job.id);
    case "deleting":
      throw jobBeingDeleted(job.id);
  }
}

export function isLive({ state }: JobRecord): boolean {
  return state !== "terminating" && state !== "completed" && state !== "deleting";
}
