/** What all pages of the portal have: head, way back, style and the script that keeps them current. */
import { html, type Markup } from "../../worker/contract/markup";

export interface Page {
  readonly title: string;
  /** From the first page to the one above this, with paths below the portal's own: ["Accounts", ""]. */
  readonly above: readonly (readonly [label: string, path: string])[];
  readonly body: Markup;
}

/** `base`: the path that every address of the portal starts with, with a slash at its end. */
export function framed(base: string, { title, above, body }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · local Batch</title>
        <link rel="stylesheet" href="${base}style.css" />
        <script src="${base}live.js" defer></script>
      </head>
      <body>
        <header>
          <nav aria-label="Way back">
            ${above.map(([label, path]) => html`<a href="${base}${path}">${label}</a> <span>›</span>`)}
          </nav>
          <p role="status"></p>
        </header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`.markup;
}

/** Asks for the page again while somebody looks at it, and says when it no longer can. */
export const script = `
const main = document.querySelector("main"), status = document.querySelector("[role=status]");
async function refresh() {
  if (document.hidden || String(getSelection()) !== "") return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status === 404) { status.textContent = "It is gone."; return; }
    const text = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main").innerHTML;
    if (text === main.dataset.shown) return;
    const open = [...main.querySelectorAll("details")].map((each) => each.open);
    const at = [...main.querySelectorAll("pre")].map((each) => each.scrollTop + each.clientHeight >= each.scrollHeight - 4 ? Infinity : each.scrollTop);
    const focused = document.activeElement?.getAttribute("href");
    main.innerHTML = text;
    main.dataset.shown = text;
    main.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
    main.querySelectorAll("pre").forEach((each, index) => { each.scrollTop = at[index] === Infinity ? each.scrollHeight : at[index] ?? 0; });
    if (focused) main.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus();
    status.textContent = "";
  } catch {
    status.textContent = "The local cloud does not answer.";
  }
}
setInterval(refresh, 2000);
`;

export const style = `
:root {
  color-scheme: light dark;
  --page: #f3f5f8; --card: #fff; --line: #d7dde5; --text: #16202b; --soft: #566373; --accent: #0a66c2;
  --bad: #b3261e; --good: #12693a; --warn: #7a4d00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1319; --card: #171e27; --line: #2b3643; --text: #e7edf3; --soft: #9aa8b7; --accent: #6db3f8;
    --bad: #ff9d94; --good: #7fd6a0; --warn: #f2c46d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; gap: 1rem; justify-content: space-between; padding: 0.75rem clamp(1rem, 4vw, 2.5rem); border-bottom: 1px solid var(--line); min-height: 3rem; }
header p { margin: 0; color: var(--bad); }
nav span { color: var(--soft); }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; }
th, td { padding: 0.35rem 0.9rem; vertical-align: top; }
td { border-top: 1px solid var(--line); white-space: nowrap; }
td:has(.text) { white-space: normal; min-width: 18rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.25rem; margin: 0 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.good { color: var(--good); }
.warn { color: var(--warn); }
.bad { color: var(--bad); }
.soft { color: var(--soft); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; max-height: 28rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
