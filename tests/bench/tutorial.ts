/**
 * The style that tutorials of YOLOv8 in Node.js share, as the yardstick people know: one picture after another through one session with
 * default options, stretched to the model's size, tensors and boxes built with arrays, labels composited as SVG.
 */
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { timed, type Measurement } from "./measure";
import type { PictureSet } from "./pictures";

type Box = [x1: number, y1: number, x2: number, y2: number, label: number, score: number];

export class Tutorial {
  private constructor(
    readonly session: InferenceSession,
    readonly inputName: string,
    readonly side: number,
  ) {}

  static async open(modelFile: string): Promise<Tutorial> {
    const session = await InferenceSession.create(modelFile);
    const input = session.inputMetadata[0];
    const side = input?.isTensor === true && typeof input.shape[2] === "number" ? input.shape[2] : 640;
    return new Tutorial(session, input?.name ?? "images", side);
  }

  measure({ files }: PictureSet, outFolder: string): Promise<Measurement> {
    return timed(files.length, async () => {
      for (const file of files) await this.#detect(file, outFolder);
    });
  }

  async #detect(file: string, outFolder: string): Promise<void> {
    const { width, height } = await sharp(file).metadata();
    const pixels = await sharp(file)
      .removeAlpha()
      .resize(this.side, this.side, { fit: "fill" })
      .raw()
      .toBuffer();
    const [red, green, blue]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < pixels.length; i += 3) {
      red.push(pixels[i]! / 255);
      green.push(pixels[i + 1]! / 255);
      blue.push(pixels[i + 2]! / 255);
    }
    const tensor = new Tensor("float32", Float32Array.from([...red, ...green, ...blue]), [
      1,
      3,
      this.side,
      this.side,
    ]);
    const output = Object.values(await this.session.run({ [this.inputName]: tensor }))[0]!;
    const boxes = this.#boxesOf(output, width, height);
    const svg = `<svg width="${width}" height="${height}">${boxes.map(svgOf).join("")}</svg>`;
    await sharp(file)
      .composite([{ input: Buffer.from(svg), left: 0, top: 0 }])
      .jpeg()
      .toFile(`${outFolder}/tutorial.jpg`);
  }

  #boxesOf(output: Tensor, width: number, height: number): Box[] {
    const data = output.data as Float32Array;
    const [, rows = 0, anchors = 0] = output.dims;
    let boxes: Box[] = [];
    for (let a = 0; a < anchors; a++) {
      const [label, score] = [...Array(rows - 4).keys()]
        .map((k): [number, number] => [k, data[anchors * (k + 4) + a]!])
        .reduce((best, item) => (item[1] > best[1] ? item : best), [0, 0]);
      if (score < 0.5) continue;
      const [x, y, w, h] = [data[a]!, data[anchors + a]!, data[2 * anchors + a]!, data[3 * anchors + a]!];
      const [scaleX, scaleY] = [width / this.side, height / this.side];
      boxes.push([
        (x - w / 2) * scaleX,
        (y - h / 2) * scaleY,
        (x + w / 2) * scaleX,
        (y + h / 2) * scaleY,
        label,
        score,
      ]);
    }
    boxes = boxes.sort((a, b) => b[5] - a[5]);
    const kept: Box[] = [];
    while (boxes.length > 0) {
      kept.push(boxes[0]!);
      boxes = boxes.filter((box) => overlap(boxes[0]!, box) < 0.7);
    }
    return kept;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

function svgOf([x1, y1, x2, y2, label, score]: Box): string {
  return (
    `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="#00FF00" stroke-width="3"/>` +
    `<text x="${x1}" y="${y1 - 4}" font-size="20" fill="#00FF00">class ${label} ${score.toFixed(2)}</text>`
  );
}

function overlap(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]);
  return (width * height) / (areas - width * height);
}
