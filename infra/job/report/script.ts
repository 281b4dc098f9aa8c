/** The behaviour of report.html: the class filter, and a picture in full with arrows and Esc. It handles no names. */

export const script = `
"use strict";
const figures = [...document.querySelectorAll("figure")];
const classes = [...document.querySelectorAll(".class")];
const shown = document.querySelector("#shown");
const all = shown.textContent;
const clear = document.querySelector("#clear");

function filter() {
  const wanted = classes.filter((each) => each.ariaPressed === "true").map((each) => each.dataset.class);
  for (const figure of figures) {
    const has = figure.dataset.classes.split(" ");
    figure.hidden = wanted.length > 0 && !wanted.some((each) => has.includes(each));
  }
  const visible = figures.filter((figure) => !figure.hidden).length;
  shown.textContent = wanted.length > 0 ? visible + " of " + figures.length + " pictures" : all;
  clear.hidden = wanted.length === 0;
}
for (const each of classes)
  each.addEventListener("click", () => {
    each.ariaPressed = each.ariaPressed === "true" ? "false" : "true";
    filter();
  });
clear?.addEventListener("click", () => {
  for (const each of classes) each.ariaPressed = "false";
  filter();
});

const dialog = document.querySelector("dialog");
const large = dialog.querySelector("img");
const caption = dialog.querySelector("p");
let current = null;
function open(figure) {
  current = figure;
  const small = figure.querySelector("img");
  large.src = small.src;
  large.alt = small.alt;
  caption.textContent = figure.querySelector("strong").textContent;
  if (!dialog.open) dialog.showModal();
}
function step(by) {
  const visible = figures.filter((figure) => !figure.hidden && figure.querySelector("img"));
  const at = visible.indexOf(current) + by;
  if (visible[at]) open(visible[at]);
}
for (const figure of figures) figure.querySelector(".open")?.addEventListener("click", () => open(figure));
dialog.addEventListener("click", () => dialog.close());
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") step(1);
  if (event.key === "ArrowLeft") step(-1);
});
dialog.addEventListener("close", () => current?.querySelector(".open").focus());
`;
