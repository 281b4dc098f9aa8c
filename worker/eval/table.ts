/** An evaluation as text for people, and as data for programs. */
import { basename } from "node:path";
import { textTable } from "../textTable";
import { versions } from "../versions";
import { evaluationSettings, type Evaluation } from "./evaluate";
import { isMultiLabel } from "./validationBoxes";

export function evaluationTable(evaluation: Evaluation): string {
  const { precision, pictures, objects, unlabelled, failed, model } = evaluation;
  const rows = precision.classes.map((own) => [
    nameOf(model, own.class),
    String(own.objects),
    own.ap50.toFixed(3),
    own.ap.toFixed(3),
  ]);
  const total = ["all", String(objects), precision.map50.toFixed(3), precision.map.toFixed(3)];
  const { confidence, iou, maxDetections } = evaluationSettings;
  const classesEach = isMultiLabel(model) ? "several classes an anchor" : "one class a box";
  return [
    textTable(["class", "objects", "AP50", "AP50-95"], [...rows, total]),
    "",
    `mAP50 ${precision.map50.toFixed(3)}, mAP50-95 ${precision.map.toFixed(3)}: ${pictures} pictures, ${objects} objects of ${rows.length} classes.`,
    `Confidence above ${confidence}, NMS at IoU ${iou}, ${classesEach}, at most ${maxDetections} findings a picture; COCO's 101 recalls.`,
    ...(unlabelled === 0 ? [] : [`${unlabelled} of the pictures have no label file: nothing is in them.`]),
    ...failed.map(({ name, reason }) => `${name} is not in these figures: ${reason}`),
  ].join("\n");
}

export function evaluationJson(evaluation: Evaluation, modelFile: string): string {
  const { precision, model, ...counts } = evaluation;
  const { confidence, iou, maxDetections } = evaluationSettings;
  return JSON.stringify(
    {
      version: 1,
      map50: precision.map50,
      map: precision.map,
      ...counts,
      classes: precision.classes.map((own) => ({ name: nameOf(model, own.class), ...own })),
      settings: { confidence, iou, maxDetections, multiLabel: isMultiLabel(model) },
      model: { file: basename(modelFile), sha256: model.sha256 },
      versions: versions(),
    },
    undefined,
    2,
  );
}

function nameOf({ classNames }: Evaluation["model"], number: number): string {
  return classNames[number] ?? `class${number}`;
}
