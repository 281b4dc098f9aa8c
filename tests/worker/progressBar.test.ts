import pc from "picocolors";
import type { ResultLine } from "../../worker/contract/result";
import { barLine, ProgressBar } from "../../worker/progressBar";

const plainColours = pc.createColors(false);
const plain = (text: string): string => text;
const done: ResultLine = {
  version: 1,
  image: { name: "a.jpg", etag: null, bytes: 1, width: 1, height: 1 },
  detections: [],
  annotated: null,
};
const failed: ResultLine = {
  version: 1,
  image: { name: "b.jpg", etag: null },
  error: { stage: "decode", code: "empty", message: "The file is empty." },
};

describe("the line of progress", () => {
  it("shows a bar, the count, the rate and the time that is left", () => {
    expect(barLine({ done: 100, total: 400, imagesPerSecond: 20 }, 80, plain)).toBe(
      `${"█".repeat(7)}▌${" ".repeat(22)}  100/400   25 %  20.0 images/s  0:15 left`,
    );
    expect(barLine({ done: 1, total: 100_000, imagesPerSecond: 20 }, 80, plain)).toContain("1:23:20 left");
  });

  it("is narrower than the terminal, and leaves out what matters least", () => {
    const progress = { done: 100, total: 400, imagesPerSecond: 20 };

    for (let columns = 1; columns < 120; columns++)
      expect(barLine(progress, columns, plain).length).toBeLessThan(columns);
    expect(barLine(progress, 38, plain)).toBe("100/400   25 %  20.0 images/s");
    expect(barLine(progress, 12, plain)).toBe("100/400");
  });

  it("colours nothing but the bar", () => {
    const marked = barLine({ done: 5, total: 10, imagesPerSecond: 1 }, 80, (text) => `<${text}>`);

    expect(marked).toMatch(/^<█+> +5\/10/);
  });
});

describe("progress on a terminal", () => {
  const terminal = () => {
    const written: string[] = [];
    return { written, columns: 80, write: (text: string) => written.push(text) };
  };

  it("is drawn at most ten times a second, and at the end", () => {
    const screen = terminal();
    const bar = new ProgressBar(screen, plainColours);

    for (let index = 1; index <= 1000; index++)
      bar.show({ done: index, total: 1000, imagesPerSecond: 1000, line: done }, index);

    expect(screen.written).toHaveLength(11);
    expect(screen.written.at(-1)).toContain("1000/1000");
  });

  it("leaves a sentence about each failed image above the bar", () => {
    const screen = terminal();
    const bar = new ProgressBar(screen, plainColours);

    bar.show({ done: 1, total: 2, imagesPerSecond: 1, line: failed }, 0);
    bar.end();

    expect(screen.written[0]).toBe("\r\u001b[K1/2 b.jpg: The file is empty.\n");
    expect(screen.written.at(-1)).toBe("\r\u001b[K");
  });

  it("has colours only where they are wanted", () => {
    const [coloured, plainScreen] = [terminal(), terminal()];
    const progress = { done: 1, total: 2, imagesPerSecond: 1, line: done };
    new ProgressBar(coloured, pc.createColors(true)).show(progress, 0);
    new ProgressBar(plainScreen, plainColours).show(progress, 0);

    expect(coloured.written[0]).toContain("\u001b[36m");
    expect(plainScreen.written[0]).not.toContain("\u001b[36m");
  });
});
