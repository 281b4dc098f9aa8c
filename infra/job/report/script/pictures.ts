/** Part of the page's script: the pictures as data.ts wrote them, and each as an element, with boxes drawn where it cannot be had. */

export const pictures = `
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("data");
const embedded = read("embedded");
const pictures = data.pictures.map(([name, width, height, annotated, flags, numbers], index) => {
  const detections = [];
  for (let at = 0; at < numbers.length; at += 6) {
    const [cls, confidence, x1, y1, x2, y2] = numbers.slice(at, at + 6);
    detections.push({ cls, confidence, x1, y1, x2, y2 });
  }
  return { index, name, lower: name.toLowerCase(), width, height, annotated, flags, detections, isMissing: false };
});

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawing(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function sourceOf({ index, name, annotated, isMissing }) {
  if (annotated === 0 || isMissing) return null;
  const file = annotated === 1 ? "annotated/" + name : annotated;
  return embedded[index] ?? data.toRoot + file.split("/").map(encodeURIComponent).join("/");
}

/** The picture, or its boxes on a blank of its size. */
function show(picture, place, isLarge) {
  const source = sourceOf(picture);
  if (source === null) return place.replaceChildren(boxes(picture, isLarge));
  const image = element("img", { src: source, alt: "", decoding: "async" });
  image.addEventListener("error", () => {
    picture.isMissing = true;
    tellMissing();
    if (image.isConnected) show(picture, place, isLarge);
  });
  place.replaceChildren(image);
}

/** Colours that are far apart, however many classes there are. */
const colour = (cls) => "hsl(" + ((cls * 137.5) % 360) + " 70% 50%)";

function boxes({ width, height, detections }, isLarge) {
  const size = Math.max(width, height) / 36;
  return drawing(
    "svg",
    { viewBox: "0 0 " + width + " " + height, class: "blank" },
    drawing("rect", { width, height, class: "paper" }),
    ...detections.flatMap(({ cls, confidence, x1, y1, x2, y2 }) => [
      drawing("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, class: "box", stroke: colour(cls) }),
      ...(isLarge
        ? [
            drawing(
              "text",
              { x: x1 + size / 4, y: Math.max(y1 - size / 4, size), "font-size": size },
              data.classes[cls] + " " + confidence.toFixed(2),
            ),
          ]
        : []),
    ]),
  );
}

function tellMissing() {
  const notice = document.getElementById("notice");
  if (!notice.hidden) return;
  notice.hidden = false;
  const folder = decodeURIComponent(new URL(data.toRoot || ".", location.href).pathname);
  const isFile = location.protocol === "file:";
  notice.append(
    "Pictures that cannot be loaded are shown as their boxes on a blank. ",
    isFile
      ? "They belong in the folder annotated/ of " + folder + ". To fetch them: "
      : "A browser cannot sign in to a private container. To see them, fetch the results, and the report into the same folder: ",
    element("code", {}, "npm run job -- results --job " + data.job + " --out " + (isFile ? quoted(folder) : "DIR") + " --stack NAME"),
  );
}

const quoted = (path) => (/^[\\w./:-]+$/.test(path) ? path : "'" + path.replaceAll("'", "'\\\\''") + "'");

/** "3 car, 1 dog". */
function countsOf({ detections }) {
  const counts = new Map();
  for (const { cls } of detections) counts.set(cls, (counts.get(cls) ?? 0) + 1);
  return [...counts].map(([cls, count]) => count + " " + data.classes[cls]);
}
`;
