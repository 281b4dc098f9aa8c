/** Parity: the worker's answers held against a golden file. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename } from "node:path";
import { cachedLayer } from "../build/cache";
import { workerLayer } from "../build/workerLayer";
import { isQuantized } from "../onnx/quantized";
import { versions } from "../versions";
import { answersOf, type Answers } from "./answers";
import { certificateOf, tolerances, type Certificate } from "./certificate";
import { comparePicture, type PictureComparison } from "./comparison";
import { readGolden, type Golden } from "./golden";

export interface ParityOptions {
  readonly model: string;
  readonly images: string;
  readonly golden: string;
  /** Folder of the project and of its layers: the worker's digest is that of the layer it builds. */
  readonly project: string;
  readonly layerCache: string;
}

export interface ParityReport {
  readonly certificate: Certificate;
  readonly pictures: readonly PictureComparison[];
  /** Pictures of the folder that the golden file does not name. */
  readonly ignored: readonly string[];
}

/** Undefined: it was interrupted. Throws an Error of one sentence where there is nothing to compare. */
export async function parityOf(
  options: ParityOptions,
  interrupted: AbortSignal,
  onPicture: (done: number, total: number) => void,
): Promise<ParityReport | undefined> {
  const golden = await readGolden(options.golden);
  if (golden.pictures.size === 0) throw new Error(`${options.golden} names no pictures.`);
  const names = new Set(golden.pictures.keys());
  const answers = await answersOf({
    modelFile: options.model,
    imagesFolder: options.images,
    names,
    interrupted,
    onPicture,
  });
  if (interrupted.aborted) return undefined;
  refuseOtherModel(options, golden, answers);

  const pictures = [...golden.pictures].flatMap(([name, reference]) => {
    const ours = answers.found.get(name);
    return ours === undefined ? [] : [comparePicture(name, ours, reference)];
  });
  const worker = await cachedLayer(options.layerCache, await workerLayer(options.project));
  const certificate = certificateOf(
    {
      tolerance: isQuantized(await readFile(options.model)) ? tolerances.quantized : tolerances.float,
      model: { file: basename(options.model), sha256: answers.model.sha256 },
      worker: { digest: worker.digest },
      machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", versions: versions() },
      reference: {
        file: basename(options.golden),
        sha256: createHash("sha256")
          .update(await readFile(options.golden))
          .digest("hex"),
        versions: golden.versions,
      },
    },
    pictures,
    answers.failed,
  );
  return { certificate, pictures, ignored: answers.ignored };
}

/** Many golden files do not name their model; then a class that the model does not have is the one sure sign. */
function refuseOtherModel(options: ParityOptions, golden: Golden, { model }: Answers): void {
  const made = `${options.golden} was made with another model than ${options.model}`;
  if (golden.modelSha256 !== undefined && golden.modelSha256 !== model.sha256)
    throw new Error(`${made}: sha256 ${golden.modelSha256}, not ${model.sha256}.`);
  const highest = Math.max(...[...golden.pictures.values()].flat().map((box) => box.class), -1);
  // A model without names (final boxes) may have any number of classes.
  if (model.classNames.length > 0 && highest >= model.classNames.length)
    throw new Error(`${made}: it names class ${highest}, and the model has ${model.classNames.length}.`);
}
