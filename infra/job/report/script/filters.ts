/** Part of the page's script: which pictures are shown, by name, class, confidence and what became of them. */

export const filters = `
const at = (id) => document.getElementById(id);
const classButtons = [...document.querySelectorAll(".class")];
const columns = [...document.querySelectorAll(".column")];
const truncatedFlag = 1;
const kinds = {
  all: () => true,
  found: (picture) => picture.detections.length > 0,
  empty: (picture) => picture.detections.length === 0,
  differs: (picture) => (picture.flags & 2) !== 0,
  lost: (picture) => (picture.flags & 4) !== 0,
};

const number = (input, otherwise) => (input.value === "" || !input.validity.valid ? otherwise : input.valueAsNumber);

function filter() {
  const text = at("text").value.trim().toLowerCase();
  const kind = at("show").value;
  const [from, to] = [number(at("from"), 0), number(at("to"), 1)];
  const pressed = classButtons.filter((each) => each.ariaPressed === "true");
  const classes = new Set(pressed.map((each) => Number(each.dataset.class)));
  const anyDetection = classes.size === 0 && from === 0 && to === 1;
  const isWanted = ({ cls, confidence }) =>
    (classes.size === 0 || classes.has(cls)) && confidence >= from && (confidence < to || to === 1);
  shown = pictures.filter(
    (picture) =>
      picture.lower.includes(text) && kinds[kind](picture) && (anyDetection || picture.detections.some(isWanted)),
  );
  const isAll = text === "" && kind === "all" && anyDetection;
  const words = [
    shown.length.toLocaleString("en") + (isAll ? "" : " of " + pictures.length.toLocaleString("en")) +
      (pictures.length === 1 ? " picture" : " pictures"),
    ...(classes.size === 0 ? [] : [[...classes].map((cls) => data.classes[cls]).join(" or ")]),
  ];
  at("shown").textContent = words.join(" · ");
  at("clear").hidden = isAll;
  for (const each of columns)
    each.classList.toggle("out", Number(each.dataset.to) <= from || Number(each.dataset.from) >= to);
  renew();
  // Who was far down sees the first of those that are left, not what comes after them.
  if (place.getBoundingClientRect().top < 0) at("pictures").scrollIntoView();
}

/** After what lies above the pictures was used: the reader goes on there, and the pictures are below. */
function showKind(kind) {
  at("show").value = kind;
  filter();
  at("pictures").scrollIntoView();
}

if (place) {
  for (const each of classButtons)
    each.addEventListener("click", () => {
      each.ariaPressed = each.ariaPressed === "true" ? "false" : "true";
      filter();
    });
  for (const each of columns)
    each.addEventListener("click", () => {
      at("from").value = each.dataset.from;
      at("to").value = each.dataset.to;
      filter();
    });
  for (const id of ["text", "show", "from", "to"]) at(id).addEventListener("input", filter);
  for (const each of document.querySelectorAll("[data-show]"))
    each.addEventListener("click", () => showKind(each.dataset.show));
  at("clear").addEventListener("click", () => {
    for (const each of classButtons) each.ariaPressed = "false";
    document.querySelector(".filters").reset();
    filter();
    at("text").focus();
  });
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  // Of every page of text: "/" leads to the search.
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, dialog")) return;
    event.preventDefault();
    at("text").focus();
  });
  // A browser may bring back what was typed before a reload.
  document.querySelector(".filters").reset();
  measure();
}
`;
