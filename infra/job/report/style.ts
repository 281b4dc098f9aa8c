/** The look of report.html: light and dark by the reader's preference, from a phone's width up. */

export const style = `
:root {
  color-scheme: light dark;
  --page: #f3f5f8; --card: #ffffff; --well: #e8ecf1; --line: #d7dde5;
  --text: #16202b; --soft: #566373; --accent: #0a66c2; --accent-soft: #d8e8f8;
  --bad: #b3261e; --bad-soft: #fdecea; --good: #12693a; --good-soft: #dff3e6; --warn: #7a4d00; --warn-soft: #fdf0d5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1319; --card: #171e27; --well: #0a0e13; --line: #2b3643;
    --text: #e7edf3; --soft: #9aa8b7; --accent: #6db3f8; --accent-soft: #17324d;
    --bad: #ff9d94; --bad-soft: #3a1a19; --good: #7fd6a0; --good-soft: #14301f; --warn: #f2c46d; --warn-soft: #35270d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 76rem; margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 0.75rem; letter-spacing: -0.005em; }
code, .mono { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
.soft { color: var(--soft); }
.head { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; justify-content: space-between; }
.head p { margin: 0.25rem 0 0; overflow-wrap: anywhere; }
.pill { padding: 0.35rem 0.9rem; border-radius: 999px; font-weight: 600; background: var(--good-soft); color: var(--good); }
.pill.partly { background: var(--warn-soft); color: var(--warn); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 1.5rem 0 0; }
.facts div, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.facts div { padding: 0.8rem 1rem; }
.facts dt { color: var(--soft); font-size: 0.85rem; }
.facts dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.failures { border-color: color-mix(in srgb, var(--bad) 45%, var(--line)); overflow: hidden; }
.failures ul { list-style: none; margin: 0; padding: 0; }
.failures li { padding: 0.7rem 1rem; display: grid; grid-template-columns: minmax(10rem, 1fr) 2fr; gap: 0.1rem 1.25rem; }
.failures li + li { border-top: 1px solid var(--line); }
.failures li > * { overflow-wrap: anywhere; min-width: 0; }
.code { color: var(--bad); background: var(--bad-soft); border-radius: 4px; padding: 0.1rem 0.4rem; margin-right: 0.5rem; }
.tasks { padding: 0.8rem 1rem; margin-bottom: 0.75rem; color: var(--bad); overflow-wrap: anywhere; }
.tasks p { margin: 0.2rem 0; }
.classes { padding: 0.5rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0 0.75rem; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.class {
  display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr auto; gap: 0.75rem; align-items: center;
  padding: 0.35rem 0.6rem; border-radius: 6px; width: 100%;
}
.class:hover { background: var(--page); }
.class[aria-pressed="true"] { background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); }
.class span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { height: 0.55rem; background: var(--well); border-radius: 3px; overflow: hidden; }
.bar i { display: block; height: 100%; min-width: 2px; background: var(--accent); border-radius: 3px; }
.count { font-variant-numeric: tabular-nums; min-width: 2.5rem; text-align: right; }
.shown { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; margin: 2.5rem 0 0.75rem; }
.shown h2 { margin: 0; }
.shown button { color: var(--accent); text-decoration: underline; text-underline-offset: 3px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; overflow: hidden; content-visibility: auto; contain-intrinsic-size: auto 20rem; }
figure[hidden] { display: none; }
figure .open { display: block; width: 100%; background: var(--well); }
figure .open:focus-visible { outline-offset: -3px; }
figure img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; }
figure .none { aspect-ratio: 4 / 3; display: grid; place-items: center; background: var(--well); color: var(--soft); }
figcaption { padding: 0.7rem 0.9rem 0.8rem; }
figcaption strong { display: block; font-weight: 600; overflow-wrap: anywhere; line-height: 1.35; }
.chips { margin: 0.4rem 0 0; display: flex; flex-wrap: wrap; gap: 0.3rem; font-size: 0.85rem; }
.chips span { background: var(--well); border-radius: 4px; padding: 0.05rem 0.45rem; }
details { margin-top: 0.5rem; font-size: 0.875rem; }
summary { cursor: pointer; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-top: 0.3rem; }
th { text-align: left; color: var(--soft); font-weight: 500; }
th, td { padding: 0.2rem 0.75rem 0.2rem 0; vertical-align: top; }
.right { text-align: right; }
td.wrap { overflow-wrap: anywhere; }
.run { padding: 0.8rem 1rem; }
.run table { margin: 0; }
dialog {
  border: 0; padding: 0; background: transparent; color: #fff; width: 100vw; height: 100vh; max-width: none; max-height: none;
}
dialog[open] { display: grid; grid-template-rows: 1fr auto; }
dialog::backdrop { background: rgb(6 9 13 / 0.9); }
dialog img { width: 100%; height: 100%; min-height: 0; object-fit: contain; padding: 1rem 1rem 0; }
dialog p { margin: 0; padding: 0.75rem 1rem 1rem; text-align: center; overflow-wrap: anywhere; }
dialog button { position: fixed; top: 0.75rem; right: 0.75rem; padding: 0.35rem 0.9rem; border-radius: 999px; background: rgb(40 50 60 / 0.9); }
@media (max-width: 36rem) {
  h1 { font-size: 1.45rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  .failures li { grid-template-columns: 1fr; }
}
@media print { .open, .class { break-inside: avoid; } details { display: none; } }
`;
