/** parity.json: the certificate of a comparison: what was compared with what, on which machine, and the verdict. */
import { noDistance, worse, type Distance, type PictureComparison } from "./comparison";

export interface Tolerance {
  readonly iou: number;
  readonly score: number;
}

/**
 * What other processors may cost: the kernels of ONNX Runtime round differently with other instruction sets. On the processor of
 * the reference everything is expected to be equal. Measured between AVX-512 with VNNI and AVX2: float32 IoU 0.999994 and score
 * 1e-5; int8, where a rounding moves a whole step, 0.980 and 0.0095.
 */
export const tolerances = {
  float: { iou: 0.999, score: 1e-4 },
  quantized: { iou: 0.95, score: 0.05 },
} as const satisfies Record<string, Tolerance>;

/** `equal`: each detection has its pair, at no distance. */
export type Verdict = "equal" | "within tolerance" | "out of tolerance";

/** A picture that the golden file names and that yielded no detections to compare. */
export interface FailedPicture {
  readonly name: string;
  readonly reason: string;
}

export interface Certificate {
  readonly version: 1;
  readonly verdict: Verdict;
  readonly tolerance: Tolerance;
  readonly model: { readonly file: string; readonly sha256: string };
  /** Digest of the worker layer that this source builds: what the nodes run. */
  readonly worker: { readonly digest: string };
  readonly machine: { readonly cpu: string; readonly versions: Readonly<Record<string, string>> };
  readonly reference: {
    readonly file: string;
    readonly sha256: string;
    readonly versions: Readonly<Record<string, string>>;
  };
  /** Compared pictures and the detections of the reference in them. */
  readonly pictures: number;
  readonly detections: number;
  readonly equal: number;
  readonly missing: number;
  readonly extra: number;
  readonly worst: Distance;
  readonly failed: readonly FailedPicture[];
}

export type Circumstances = Pick<Certificate, "tolerance" | "model" | "worker" | "machine" | "reference">;

export function certificateOf(
  circumstances: Circumstances,
  pictures: readonly PictureComparison[],
  failed: readonly FailedPicture[],
): Certificate {
  const total = totalOf(pictures);
  return {
    version: 1,
    verdict: verdictOf(total, circumstances.tolerance, failed),
    ...circumstances,
    pictures: pictures.length,
    detections: total.reference,
    equal: total.equal,
    missing: total.missing,
    extra: total.extra,
    worst: total.worst,
    failed,
  };
}

/** All pictures as if they were one. */
export function totalOf(pictures: readonly PictureComparison[]): PictureComparison {
  const sum = (key: "ours" | "reference" | "missing" | "extra" | "equal"): number =>
    pictures.reduce((count, picture) => count + picture[key], 0);
  return {
    name: "total",
    ours: sum("ours"),
    reference: sum("reference"),
    missing: sum("missing"),
    extra: sum("extra"),
    equal: sum("equal"),
    worst: pictures.map(({ worst }) => worst).reduce(worse, noDistance),
  };
}

function verdictOf(
  total: PictureComparison,
  tolerance: Tolerance,
  failed: readonly FailedPicture[],
): Verdict {
  const { missing, extra, worst } = total;
  if (failed.length > 0 || missing > 0 || extra > 0) return "out of tolerance";
  if (total.equal === total.reference) return "equal";
  return worst.iou >= tolerance.iou && worst.score <= tolerance.score
    ? "within tolerance"
    : "out of tolerance";
}
