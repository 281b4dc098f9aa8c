/** How much a change does to what runs and to what is kept. */

/** From harmless to final; a later one is the worse. */
export const grades = ["live", "next job", "new pool", "interrupts", "loses data"] as const;
export type Grade = (typeof grades)[number];
/** `unknown`: the table does not know the change; it counts as `interrupts`. */
export type Verdict = Grade | "unknown";

export const meanings: Readonly<Record<Verdict, string>> = {
  live: "in place; no task is interrupted, no job is made",
  "next job": "a new job, perhaps over all pictures again; what runs goes on",
  "new pool": "a new pool first; live jobs move there, and their running tasks start again",
  interrupts: "tasks are interrupted, or somebody loses access",
  "loses data": "pictures or results are gone for good",
  unknown: "the table of grades does not know it; counts as interrupts",
};

export function parseVerdict(text: string): Verdict | undefined {
  return [...grades, "unknown" as const].find((verdict) => verdict === text.trim().toLowerCase());
}

export function reaches(verdict: Verdict, limit: Verdict): boolean {
  return rank(verdict) >= rank(limit);
}

/** The worst; what is known to interrupt before what is not known. Undefined where there is none. */
export function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  return [...verdicts].sort(
    (a, b) => rank(b) - rank(a) || Number(a === "unknown") - Number(b === "unknown"),
  )[0];
}

function rank(verdict: Verdict): number {
  return grades.indexOf(verdict === "unknown" ? "interrupts" : verdict);
}
