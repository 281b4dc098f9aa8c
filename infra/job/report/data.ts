/** The pictures of a run as the page's script reads them: compact, because there may be ten thousand. Pure. */
import { trusted, type Markup } from "../../../worker/contract/markup";
import type { DoneLine } from "../../../worker/contract/result";
import { hasLost, type Difference } from "./difference";
import type { Report } from "./report";

/** More are too many for a page: its data alone would be some 10 MB. */
export const mostPictures = 25_000;

/** Name, width, height, annotated (0: none; 1: `annotated/<name>`; else its name), flags, and six numbers a detection. */
type Picture = readonly [string, number, number, 0 | 1 | string, number, readonly number[]];

/** A picture's flags, added up. */
const flag = { truncated: 1, differs: 2, lost: 4 } as const;

export interface PageData {
  readonly job: string;
  /** From the page's folder to the one that holds `annotated/`: "" or "../../". */
  readonly toRoot: string;
  readonly classes: readonly string[];
  readonly pictures: readonly Picture[];
  /** Index of a picture → data URI. */
  readonly embedded: Readonly<Record<number, string>>;
}

/** `embedded`: annotated name → data URI. */
export function pageData(
  { collected, comparison }: Report,
  embedded: ReadonlyMap<string, string>,
  toRoot: string,
): PageData {
  const classes = Object.keys(collected.outcome.byClass);
  const classIndex = new Map(classes.map((name, index) => [name, index]));
  const flags = flagsOf(comparison.kind === "found" ? comparison.difference : null);
  const lines = collected.images
    .flatMap((image) => (image.kind === "done" ? [image.line] : []))
    .slice(0, mostPictures);
  return {
    job: collected.run.job,
    toRoot,
    classes,
    pictures: lines.map(({ image, annotated, detections }) => [
      image.name,
      image.width,
      image.height,
      annotated === null ? 0 : annotated === `annotated/${image.name}` ? 1 : annotated,
      (image.truncated === true ? flag.truncated : 0) + (flags.get(image.name) ?? 0),
      detections.flatMap((each) => numbersOf(each, classIndex.get(each.name)!)),
    ]),
    embedded: Object.fromEntries(
      lines.flatMap(({ annotated }, index) => {
        const uri = annotated === null ? undefined : embedded.get(annotated);
        return uri === undefined ? [] : [[index, uri]];
      }),
    ),
  };
}

/** JSON within a script element, which ends at the first `</script`, in whatever name that stands. */
export function dataElement(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replace(/</g, "\\u003c");
  return trusted(`<script type="application/json" id="${id}">${json}</script>`);
}

function flagsOf(difference: Difference | null): ReadonlyMap<string, number> {
  return new Map(
    (difference?.images ?? []).map((each) => [each.name, flag.differs + (hasLost(each) ? flag.lost : 0)]),
  );
}

/** A tenth of a pixel, and a thousandth of confidence, is more than anybody sees. */
function numbersOf({ confidence, box }: DoneLine["detections"][number], index: number): number[] {
  const corners = [box.x1, box.y1, box.x2, box.y2].map((corner) => Math.round(corner * 10) / 10);
  // Never rounded up: a page that is asked for 0.9 and more shows no 0.8999.
  return [index, Math.floor(confidence * 1000) / 1000, ...corners];
}
