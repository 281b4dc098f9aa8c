import fc from "fast-check";
import { precisionOf, type EvaluatedPicture } from "../../../worker/eval/averagePrecision";

const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });

/** A small picture by arbitrary: objects on a grid of cells, so that none overlaps another. */
const objectsOnGrid = fc.uniqueArray(
  fc.record({ class: fc.integer({ min: 0, max: 3 }), cell: fc.integer({ min: 0, max: 99 }) }),
  { selector: ({ cell }) => cell, minLength: 1, maxLength: 12 },
);
const cellBox = (cell: number) => {
  const [x, y] = [(cell % 10) * 50, Math.floor(cell / 10) * 50];
  return box(x, y, x + 40, y + 30);
};
const anyPicture: fc.Arbitrary<EvaluatedPicture> = fc
  .record({
    objects: objectsOnGrid,
    // Scores of their own: COCO's order of equal scores is that of the pictures.
    findings: fc.array(
      fc.record({
        class: fc.integer({ min: 0, max: 3 }),
        cell: fc.integer({ min: 0, max: 99 }),
        shift: fc.integer({ min: 0, max: 20 }),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 20 },
    ),
  })
  .map(({ objects, findings }) => ({
    objects: objects.map(({ class: number, cell }) => ({ class: number, box: cellBox(cell) })),
    findings: findings.map(({ class: number, cell, shift, confidence }) => {
      const { x1, y1, x2, y2 } = cellBox(cell);
      return { class: number, confidence, box: box(x1 + shift, y1, x2 + shift, y2) };
    }),
  }));

describe("average precision", () => {
  it("is what COCO's rule gives by hand", () => {
    // Class 0 has three objects in two pictures. By score:
    //   0.9 the first object exactly (IoU 1)                      hit
    //   0.8 nothing there                                         miss
    //   0.7 the second object, 80 of its 100 columns (IoU 0.8)    hit up to 0.80
    //   0.6 the first object again, which is taken                miss
    // and the third object is not found.
    const pictures: EvaluatedPicture[] = [
      {
        objects: [{ class: 0, box: box(0, 0, 100, 100) }],
        findings: [
          { class: 0, confidence: 0.9, box: box(0, 0, 100, 100) },
          { class: 0, confidence: 0.8, box: box(300, 300, 400, 400) },
          { class: 0, confidence: 0.6, box: box(0, 0, 100, 100) },
        ],
      },
      {
        objects: [
          { class: 0, box: box(0, 0, 100, 100) },
          { class: 0, box: box(500, 0, 600, 100) },
        ],
        findings: [{ class: 0, confidence: 0.7, box: box(0, 0, 80, 100) }],
      },
    ];

    const [only] = precisionOf(pictures).classes;

    // At 0.50: recall 1/3, 1/3, 2/3, 2/3 and precision 1, 1/2, 2/3, 1/2; from the right never rising: 1, 2/3, 2/3, 1/2.
    // Recalls 0 … .33 (34 of them) get 1, .34 … .66 (33) get 2/3, the other 34 get 0.
    const upTo80 = (34 * 1 + 33 * (2 / 3)) / 101;
    // At 0.85, 0.90 and 0.95 the third finding is a miss too: recall never passes 1/3.
    const beyond = 34 / 101;
    expect(only).toMatchObject({ class: 0, objects: 3 });
    expect(only!.ap50).toBeCloseTo(upTo80, 12);
    expect(only!.ap).toBeCloseTo((7 * upTo80 + 3 * beyond) / 10, 12);
  });

  it("gives an object to the finding with the better score, not to the better overlap", () => {
    const findings = [
      { class: 0, confidence: 0.5, box: box(0, 0, 100, 100) },
      { class: 0, confidence: 0.9, box: box(0, 0, 100, 60) },
    ];
    const { map50 } = precisionOf([{ objects: [{ class: 0, box: box(0, 0, 100, 100) }], findings }]);

    expect(map50).toBe(1); // the better one hits at .50 (IoU .6), and recall is 1 at once
  });

  it("is the mean over classes with objects; findings of other classes do not count", () => {
    const exact = (number: number, confidence: number) => ({
      class: number,
      confidence,
      box: box(0, 0, 10, 10),
    });
    const objects = [1, 2].map((number) => ({ class: number, box: box(0, 0, 10, 10) }));

    const { map50, map, classes } = precisionOf([{ objects, findings: [exact(1, 0.9), exact(7, 0.8)] }]);

    expect([map50, map]).toEqual([0.5, 0.5]);
    expect(classes.map((own) => own.class)).toEqual([1, 2]);
  });

  it("is 1 when everything is found exactly and nothing else", () => {
    fc.assert(
      fc.property(fc.array(anyPicture, { minLength: 1, maxLength: 4 }), (pictures) => {
        const perfect = pictures.map(({ objects }) => ({
          objects,
          findings: objects.map((object, index) => ({ ...object, confidence: 0.5 + index / 100 })),
        }));

        expect(precisionOf(perfect)).toMatchObject({ map50: 1, map: 1 });
      }),
    );
  });

  it("does not depend on the order of the pictures, or of what is in them", () => {
    fc.assert(
      fc.property(fc.array(anyPicture, { minLength: 1, maxLength: 4 }), (pictures) => {
        const scores = pictures.flatMap(({ findings }) => findings.map(({ confidence }) => confidence));
        fc.pre(new Set(scores).size === scores.length);
        const turned = [...pictures].reverse().map(({ objects, findings }) => ({
          objects: [...objects].reverse(),
          findings: [...findings].reverse(),
        }));

        expect(precisionOf(turned)).toEqual(precisionOf(pictures));
      }),
    );
  });

  it("never grows with the overlap that is asked for", () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const { map50, map } = precisionOf([picture]);

        expect(map).toBeLessThanOrEqual(map50 + 1e-12);
      }),
    );
  });
});
