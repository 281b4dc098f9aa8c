/**
 * Part of the page's script: the cards of the pictures. Only those near the window are in the document, so that ten thousand pictures weigh what
 * a hundred do: all cards are of one height, the place has the height of all, and its cards are moved to where they belong.
 */

export const grid = `
const place = document.getElementById("grid");
const inner = place?.firstElementChild;
const leastWidth = 220;
const gap = 12;
const captionHeight = 64;
const rowsAround = 2;
const settledMs = 80;
let shown = pictures;
const cards = new Map();
let layout = { columns: 1, rowHeight: 1 };

function card(picture, at) {
  const thumb = element("span", { class: "thumb" });
  // Who flies past a thousand pictures loads none of them.
  setTimeout(() => {
    if (thumb.isConnected) show(picture, thumb, false);
  }, settledMs);
  const counts = countsOf(picture);
  const cut = picture.name.lastIndexOf("/") + 1;
  const file = element("bdi", { class: "file" }, picture.name.slice(cut));
  const folder = element("bdi", { class: "folder" }, picture.name.slice(0, cut));
  const words = counts.join(", ") || "nothing detected";
  const made = element(
    "button",
    { type: "button", class: "picture", title: picture.name + "\\n" + words, "aria-label": picture.name + ": " + words },
    thumb,
    element("span", { class: "name" }, folder, file),
    element("span", { class: "counts" }, words),
  );
  made.addEventListener("click", () => open(at));
  return made;
}

function measure() {
  const width = place.clientWidth;
  const columns = Math.max(1, Math.floor((width + gap) / (leastWidth + gap)));
  const rowHeight = Math.round(((width - gap * (columns - 1)) / columns) * 0.75) + captionHeight + gap;
  if (columns === layout.columns && rowHeight === layout.rowHeight) return;
  const above = -place.getBoundingClientRect().top;
  const first = Math.floor(above / layout.rowHeight) * layout.columns;
  const focused = focusedCard();
  layout = { columns, rowHeight };
  inner.style.gridTemplateColumns = "repeat(" + columns + ", minmax(0, 1fr))";
  inner.style.gridAutoRows = rowHeight - gap + "px";
  renew();
  // The reader stays with the pictures that were there.
  if (above > 0) {
    scrollBy(0, Math.floor(first / columns) * rowHeight + place.getBoundingClientRect().top);
    fill();
  }
  if (focused !== undefined) cards.get(focused)?.focus({ preventScroll: true });
}

function focusedCard() {
  return [...cards].find(([, each]) => each === document.activeElement)?.[0];
}

/** The cards that are wanted: those there already stay as they are, so that focus and pictures do. */
function fill() {
  const { columns, rowHeight } = layout;
  const above = -place.getBoundingClientRect().top;
  const firstRow = Math.max(0, Math.floor(above / rowHeight) - rowsAround);
  const lastRow = Math.ceil((above + innerHeight) / rowHeight) + rowsAround;
  const [from, to] = [firstRow * columns, Math.min(shown.length, lastRow * columns)];
  for (const [at, each] of cards)
    if (at < from || at >= to) {
      // Nothing more is loaded for a card that is gone, nor kept.
      each.querySelector("img")?.removeAttribute("src");
      each.remove();
      cards.delete(at);
    }
  let next = inner.firstElementChild;
  for (let at = from; at < to; at += 1) {
    let each = cards.get(at);
    if (each === undefined) {
      each = card(shown[at], at);
      cards.set(at, each);
      inner.insertBefore(each, next);
    }
    next = each.nextElementSibling;
  }
  inner.style.transform = "translateY(" + firstRow * rowHeight + "px)";
}

function renew() {
  cards.clear();
  inner.replaceChildren();
  place.style.height = Math.ceil(shown.length / layout.columns) * layout.rowHeight + "px";
  fill();
}

/** Brings a card into the window and the focus to it. */
function focusCard(at) {
  const { columns, rowHeight } = layout;
  const top = place.getBoundingClientRect().top + scrollY + Math.floor(at / columns) * rowHeight;
  const bar = document.querySelector(".filters").offsetHeight + gap;
  if (top - bar < scrollY) scrollTo(0, top - bar);
  else if (top + rowHeight > scrollY + innerHeight) scrollTo(0, top + rowHeight - innerHeight);
  fill();
  cards.get(at)?.focus({ preventScroll: true });
}

if (place) {
  let isAsked = false;
  addEventListener(
    "scroll",
    () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        fill();
      });
    },
    { passive: true },
  );
  new ResizeObserver(measure).observe(place);
  place.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout.columns, ArrowUp: -layout.columns };
    const step = steps[event.key];
    const from = focusedCard();
    if (step === undefined || from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (from + step >= 0 && from + step < shown.length) focusCard(from + step);
  });
  addEventListener("resize", fill);
}
`;
