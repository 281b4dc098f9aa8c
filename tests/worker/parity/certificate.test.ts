import {
  certificateOf,
  tolerances,
  type Circumstances,
  type Tolerance,
} from "../../../worker/parity/certificate";
import type { Distance, PictureComparison } from "../../../worker/parity/comparison";

const circumstances: Circumstances = {
  tolerance: tolerances.float,
  model: { file: "m.onnx", sha256: "aa" },
  worker: { digest: "bb" },
  machine: { cpu: "a processor", versions: { node: "20" } },
  reference: { file: "g.json", sha256: "cc", versions: {} },
};

function picture(worst: Partial<Distance>, changed: Partial<PictureComparison> = {}): PictureComparison {
  const counts = { ours: 2, reference: 2, missing: 0, extra: 0, equal: 2 };
  return { name: "a.jpg", ...counts, worst: { iou: 1, boxPx: 0, score: 0, ...worst }, ...changed };
}

const verdictOn = (...pictures: readonly PictureComparison[]): string =>
  certificateOf(circumstances, pictures, []).verdict;

describe("the certificate", () => {
  it("adds the pictures up and keeps the worst of each distance", () => {
    const certificate = certificateOf(
      circumstances,
      [
        picture({ iou: 0.9995, boxPx: 0.5 }, { equal: 1 }),
        picture({ score: 0.00005 }, { equal: 1, reference: 3 }),
      ],
      [],
    );

    expect(certificate).toMatchObject({ pictures: 2, detections: 5, equal: 2 });
    expect(certificate.worst).toEqual({ iou: 0.9995, boxPx: 0.5, score: 0.00005 });
  });

  it("says equal only when all are", () => {
    expect(verdictOn(picture({}), picture({}))).toBe("equal");
    expect(verdictOn(picture({}), picture({ boxPx: 0.00001 }, { equal: 1 }))).toBe("within tolerance");
  });

  it.each<[string, PictureComparison]>([
    ["an overlap below 0.999", picture({ iou: 0.9989 }, { equal: 1 })],
    ["a score off by more than 1e-4", picture({ score: 0.00011 }, { equal: 1 })],
    ["a missing detection", picture({}, { missing: 1, equal: 1 })],
    ["an extra detection", picture({}, { extra: 1 })],
  ])("puts %s out of tolerance", (_what, worse) => {
    expect(verdictOn(picture({}), worse)).toBe("out of tolerance");
  });

  it("allows a quantized model more, whose roundings move whole steps", () => {
    const moved = picture({ iou: 0.98, score: 0.0095 }, { equal: 1 });
    const verdictWith = (tolerance: Tolerance): string =>
      certificateOf({ ...circumstances, tolerance }, [moved], []).verdict;

    expect(verdictWith(tolerances.quantized)).toBe("within tolerance");
    expect(verdictWith(tolerances.float)).toBe("out of tolerance");
  });

  it("puts a picture without an answer out of tolerance, though all others are equal", () => {
    const failed = [{ name: "b.jpg", reason: "The file is empty (0 bytes)." }];

    expect(certificateOf(circumstances, [picture({})], failed)).toMatchObject({
      verdict: "out of tolerance",
      failed,
    });
  });
});
