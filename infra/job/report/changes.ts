/** What is other than in the run before: new classes, pictures that lost detections, pictures that changed. */
import { html, type Markup } from "../../../worker/contract/markup";
import type { Change } from "../diff";
import { numberText, listed, minuteOf, plural } from "../words";
import { hasGained, hasLost, type Difference, type ImageDifference } from "./difference";
import type { Report } from "./report";
import { rowsTable, type Row } from "./rows";

const imagesShown = 50;

export function changesSince({ comparison }: Report): Markup {
  if (comparison.kind === "none") return html``;
  const { previous, changes, difference } = comparison;
  const { compared, images, newClasses, goneClasses } = difference;
  const lost = images.filter(hasLost);
  // Those that lost something first.
  const shown = [...lost, ...images.filter((image) => !hasLost(image))].slice(0, imagesShown);
  const facts: readonly Row[] = [
    ["Other", other(changes)],
    ["New classes", newClasses.length === 0 ? "none" : listed(newClasses, 20)],
    ...(goneClasses.length === 0 ? [] : [["Classes gone", listed(goneClasses, 20)] as const]),
    ["Lost detections", filterLink("lost", lost.length)],
    ["Gained detections", plural(images.filter(hasGained).length, "picture")],
    ["Differ at all", filterLink("differs", images.length)],
  ];
  return html`<section aria-labelledby="changes">
    <div class="shown">
      <h2 id="changes">Since the run before</h2>
      <span class="soft"
        ><span class="mono">${previous.job}</span> of ${minuteOf(previous.submittedAt)};
        ${plural(compared, "image")} in both</span
      >
    </div>
    <div class="card run">
      ${rowsTable(facts)} ${images.length === 0 ? html`` : list(shown, images.length)}
    </div>
  </section>`;
}

/** For one line: "24 images in both, 3 differ, 1 lost detections, new: dog". */
export function differenceCounts({ compared, images, newClasses, goneClasses }: Difference): string[] {
  const [lost, gained] = [images.filter(hasLost).length, images.filter(hasGained).length];
  return [
    `${plural(compared, "image")} in both`,
    images.length === 0 ? "none differs" : `${numberText(images.length)} differ`,
    ...(lost > 0 ? [`${numberText(lost)} lost detections`] : []),
    ...(gained > 0 ? [`${numberText(gained)} gained some`] : []),
    ...(newClasses.length > 0 ? [`new classes: ${listed(newClasses, 10)}`] : []),
    ...(goneClasses.length > 0 ? [`classes gone: ${listed(goneClasses, 10)}`] : []),
  ];
}

/** For the table at the end of a page without the section. */
export function nothingToCompare(looked: number): string {
  if (looked === 0) return "no earlier run";
  return looked === 1
    ? "the run before has results of other images"
    : `none of the ${looked} runs before has results of the same images`;
}

function other(changes: readonly Change[]): string {
  if (changes.length === 0) return "nothing: the same layers and settings";
  return listed(changes.map(changeText), 12);
}

/** A digest by its beginning. */
function changeText({ name, before, after }: Change): string {
  const short = (value: Change["before"]): string =>
    value === null ? "–" : String(value).replace(/^([0-9a-f]{8})[0-9a-f]{24,}$/, "$1…");
  return `${name} ${short(before)} → ${short(after)}`;
}

/** The pictures' filter has the same words. */
function filterLink(kind: "lost" | "differs", count: number): string | Markup {
  const text = plural(count, "picture");
  return count === 0 ? text : html`<button class="link" type="button" data-show="${kind}">${text}</button>`;
}

function list(shown: readonly ImageDifference[], all: number): Markup {
  return html`<details>
    <summary>Which, and how</summary>
    <ul class="plain">
      ${shown.map((image) => html`<li><bdi>${image.name}</bdi> <span class="soft">${differenceText(image)}</span></li>`)}
    </ul>
    ${all > shown.length ? html`<p class="soft">… and ${numberText(all - shown.length)} more</p>` : html``}
  </details>`;
}

/** "lost 2 dog, gained 1 cat, 3 moved, other picture". */
export function differenceText({
  otherPicture,
  before,
  after,
  gained,
  lost,
  moved,
}: ImageDifference): string {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  return [
    ...(before === after ? [] : [`${before} → ${after}`]),
    ...(Object.keys(lost).length === 0 ? [] : [`lost ${counts(lost)}`]),
    ...(Object.keys(gained).length === 0 ? [] : [`gained ${counts(gained)}`]),
    ...(moved === 0 ? [] : [`${moved} with another box or confidence`]),
    ...(otherPicture ? ["the picture is another one"] : []),
  ].join("; ");
}
