/** Part of the page's script: one picture in full, with the keyboard through all that are shown. */

export const full = `
const dialog = document.querySelector("dialog");
let current = 0;

function open(index) {
  current = index;
  const picture = shown[index];
  show(picture, at("full-picture"), true);
  at("full-name").replaceChildren(element("bdi", {}, picture.name));
  at("full-position").textContent = (index + 1).toLocaleString("en") + " of " + shown.length.toLocaleString("en");
  at("full-facts").textContent = [
    picture.width + " × " + picture.height,
    ...((picture.flags & truncatedFlag) !== 0 ? ["truncated"] : []),
    ...(picture.annotated === 0 ? ["no annotated picture was made: the boxes alone"] : []),
  ].join(", ");
  const rows = picture.detections.map((detection) => {
    const row = element(
      "li",
      {},
      element("span", {}, data.classes[detection.cls]),
      element("span", { class: "meter" }, element("i", { style: "width:" + detection.confidence * 100 + "%" })),
      element("span", {}, detection.confidence.toFixed(2)),
    );
    row.addEventListener("pointerenter", () => point(picture, detection));
    row.addEventListener("pointerleave", () => at("full-picture").querySelector(".pointer")?.remove());
    return row;
  });
  at("full-list").replaceChildren(...(rows.length === 0 ? [element("li", {}, "Nothing was detected.")] : rows));
  at("previous").disabled = index === 0;
  at("next").disabled = index === shown.length - 1;
  if (!dialog.open) dialog.showModal();
}

/** Over the picture, which fills its place in the same way. */
function point({ width, height }, { x1, y1, x2, y2 }) {
  const box = drawing("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, class: "box" });
  at("full-picture").append(drawing("svg", { viewBox: "0 0 " + width + " " + height, class: "pointer" }, box));
}

function step(by) {
  if (shown[current + by] !== undefined) open(current + by);
}

at("previous").addEventListener("click", () => step(-1));
at("next").addEventListener("click", () => step(1));
at("close").addEventListener("click", () => dialog.close());
at("full-picture").addEventListener("click", () => dialog.close());
// Not of the dialog alone: a button that has the focus and is disabled at the end loses it.
document.addEventListener("keydown", (event) => {
  if (!dialog.open) return;
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -current, End: shown.length - 1 - current };
  if (steps[event.key] === undefined) return;
  event.preventDefault();
  step(steps[event.key]);
});
dialog.addEventListener("close", () => {
  at("full-picture").replaceChildren();
  focusCard(current);
});
`;
