/** Class-wise non-maximum suppression, value for value as torchvision computes it in float32. */
import type { Candidate } from "./candidates";

const { fround, min, max } = Math;

/** Ultralytics non_max_suppression: boxes are moved apart by class × 7680, at most 30,000 candidates enter. */
const classOffset = 7680;
const maxCandidates = 30_000;

export type Suppression = {
  /** A box goes when it overlaps a better one by more than this (0–1). */
  readonly iou: number;
  readonly maxDetections: number;
  /** Boxes suppress those of other classes too. */
  readonly agnostic: boolean;
};

/** The kept candidates, best first, at most `maxDetections`. Equal scores keep their anchor order. */
export function suppress(
  candidates: readonly Candidate[],
  { iou, maxDetections, agnostic }: Suppression,
): Candidate[] {
  const sorted = [...candidates].sort((a, b) => b.score - a.score).slice(0, maxCandidates);
  const kept: Moved[] = [];
  for (const candidate of sorted) {
    if (kept.length === maxDetections) break;
    const moved = movedBy(agnostic ? 0 : candidate.class * classOffset, candidate);
    // Greedy from the best down: what is kept can only be suppressed by what was kept before it.
    if (!kept.some((better) => overlap(better, moved) > iou)) kept.push(moved);
  }
  return kept.map(({ candidate }) => candidate);
}

type Moved = {
  readonly candidate: Candidate;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly area: number;
};

function movedBy(offset: number, candidate: Candidate): Moved {
  const x1 = fround(candidate.x1 + offset);
  const y1 = fround(candidate.y1 + offset);
  const x2 = fround(candidate.x2 + offset);
  const y2 = fround(candidate.y2 + offset);
  return { candidate, x1, y1, x2, y2, area: fround(fround(x2 - x1) * fround(y2 - y1)) };
}

/** torchvision nms: intersection over union, each step in float32. Two empty boxes give NaN, which suppresses nothing. */
function overlap(a: Moved, b: Moved): number {
  const width = max(0, fround(min(a.x2, b.x2) - max(a.x1, b.x1)));
  const height = max(0, fround(min(a.y2, b.y2) - max(a.y1, b.y1)));
  const intersection = fround(width * height);
  return fround(intersection / fround(fround(a.area + b.area) - intersection));
}
