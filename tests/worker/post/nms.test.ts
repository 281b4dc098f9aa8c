import type { Candidate } from "../../../worker/post/candidates";
import { suppress } from "../../../worker/post/nms";
import { seededRandom } from "../../support/seededRandom";

function candidate(score: number, corners: [number, number, number, number], classNumber = 0): Candidate {
  const [x1, y1, x2, y2] = corners.map(Math.fround) as typeof corners;
  return { class: classNumber, score: Math.fround(score), x1, y1, x2, y2 };
}

describe("non-maximum suppression", () => {
  it("keeps the best of boxes that overlap, best first", () => {
    const [low, high, apart] = [
      candidate(0.5, [0, 0, 10, 10]),
      candidate(0.9, [0, 1, 10, 10]), // IoU 0.9
      candidate(0.3, [20, 20, 30, 30]),
    ];

    expect(suppress([low, high, apart], { iou: 0.7, maxDetections: 300, agnostic: false })).toEqual([
      high,
      apart,
    ]);
  });

  it("keeps a box whose overlap is exactly the threshold", () => {
    const better = candidate(0.9, [0, 0, 10, 10]);
    const half = candidate(0.8, [0, 0, 10, 5]); // IoU exactly 0.5

    expect(suppress([better, half], { iou: 0.5, maxDetections: 300, agnostic: false })).toEqual([
      better,
      half,
    ]);
    expect(suppress([better, half], { iou: 0.499, maxDetections: 300, agnostic: false })).toEqual([better]);
  });

  it("counts as float32: 0.7 of it lies below 0.7", () => {
    const better = candidate(0.9, [0, 0, 10, 10]);
    const other = candidate(0.8, [0, 0, 10, 7]);

    expect(suppress([better, other], { iou: 0.7, maxDetections: 300, agnostic: false })).toEqual([
      better,
      other,
    ]);
  });

  it("gives ties to the lower anchor", () => {
    const [first, second] = [candidate(0.5, [0, 0, 10, 10]), candidate(0.5, [0, 0, 10, 9])];

    expect(suppress([first, second], { iou: 0.7, maxDetections: 300, agnostic: false })).toEqual([first]);
    expect(suppress([second, first], { iou: 0.7, maxDetections: 300, agnostic: false })).toEqual([second]);
  });

  it("lets boxes of different classes overlap", () => {
    const [person, bag] = [candidate(0.9, [0, 0, 10, 10], 0), candidate(0.8, [0, 0, 10, 10], 79)];

    expect(suppress([person, bag], { iou: 0.7, maxDetections: 300, agnostic: false })).toEqual([person, bag]);
  });

  it("moves classes apart in float32, which rounds the boxes of high classes to 1/16 pixel", () => {
    // Exactly 0.69 of the better one; moved by 79 · 7680 both edges snap, 6.9 → 6.875 of 10.
    const better = candidate(0.9, [0, 0, 10, 10], 79);
    const other = candidate(0.8, [0, 0, 6.9, 10], 79);

    expect(suppress([better, other], { iou: 0.689, maxDetections: 300, agnostic: false })).toEqual([
      better,
      other,
    ]);
    expect(
      suppress(
        [
          { ...better, class: 0 },
          { ...other, class: 0 },
        ],
        { iou: 0.689, maxDetections: 300, agnostic: false },
      ),
    ).toHaveLength(1);
  });

  it("does not let what is suppressed suppress", () => {
    const [a, b, c] = [
      candidate(0.9, [0, 0, 10, 10]),
      candidate(0.8, [0, 2, 10, 12]), // IoU with a 0.67
      candidate(0.7, [0, 4, 10, 14]), // with b 0.67, with a 0.43
    ];

    expect(suppress([a, b, c], { iou: 0.6, maxDetections: 300, agnostic: false })).toEqual([a, c]);
  });

  it("does not suppress empty boxes", () => {
    const empty = candidate(0.9, [5, 5, 5, 5]);

    expect(suppress([empty, { ...empty }], { iou: 0.7, maxDetections: 300, agnostic: false })).toHaveLength(
      2,
    );
  });

  it("keeps at most as many as asked for, the best", () => {
    const apart = [1, 2, 3, 4].map((n) => candidate(n / 10, [n * 100, 0, n * 100 + 10, 10]));

    expect(
      suppress(apart, { iou: 0.7, maxDetections: 2, agnostic: false }).map(({ score }) => score),
    ).toEqual([0.4, 0.3].map(Math.fround));
  });

  it("does as torchvision's loop does on random boxes with ties", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const boxes = Array.from({ length: 120 }, () => {
        const [x, y, w, h] = [random() * 60, random() * 60, 5 + random() * 30, 5 + random() * 30];
        return candidate(Math.round(random() * 20) / 20, [x, y, x + w, y + h], Math.floor(random() * 3) * 39);
      });

      expect(suppress(boxes, { iou: 0.45, maxDetections: 300, agnostic: false })).toEqual(
        marked(boxes, 0.45),
      );
    }
  });
});

/** The loop as torchvision has it: from the best down, marking what each kept box suppresses. */
function marked(boxes: readonly Candidate[], threshold: number): Candidate[] {
  const f = Math.fround;
  const order = boxes.map((_, index) => index).sort((a, b) => boxes[b]!.score - boxes[a]!.score || a - b);
  const moved = boxes.map(({ x1, y1, x2, y2, class: k }) => [x1, y1, x2, y2].map((v) => f(v + f(k * 7680))));
  const areas = moved.map(([x1, y1, x2, y2]) => f(f(x2! - x1!) * f(y2! - y1!)));
  const suppressed = new Set<number>();
  const kept: Candidate[] = [];
  for (const [place, i] of order.entries()) {
    if (suppressed.has(i)) continue;
    kept.push(boxes[i]!);
    for (const j of order.slice(place + 1)) {
      const w = Math.max(
        0,
        f(Math.min(moved[i]![2]!, moved[j]![2]!) - Math.max(moved[i]![0]!, moved[j]![0]!)),
      );
      const h = Math.max(
        0,
        f(Math.min(moved[i]![3]!, moved[j]![3]!) - Math.max(moved[i]![1]!, moved[j]![1]!)),
      );
      const both = f(w * h);
      if (f(both / f(f(areas[i]! + areas[j]!) - both)) > threshold) suppressed.add(j);
    }
  }
  return kept;
}
