/** Part of the pages' style: colours, text, head, cards, tables. */

export const base = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --well: #e9edf2; --line: #d9dfe6;
  --text: #17212c; --soft: #586574; --accent: #0a62bd; --accent-soft: #dceafa;
  --bad: #b3261e; --bad-soft: #fdeceb; --good: #12693a; --good-soft: #dff3e6; --warn: #7a4d00; --warn-soft: #fdf0d5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --card: #171e26; --well: #0a0e13; --line: #2b3542;
    --text: #e6ecf2; --soft: #9aa7b5; --accent: #6fb4f8; --accent-soft: #17324d;
    --bad: #ff9d94; --bad-soft: #3a1a19; --good: #7fd6a0; --good-soft: #14301f; --warn: #f2c46d; --warn-soft: #35270d;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 82rem; margin: 0 auto; padding: 1.75rem clamp(1rem, 3vw, 2.25rem) 4rem; }
h1 { font-size: 1.5rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 0.6rem; letter-spacing: -0.005em; }
p { margin: 0.3rem 0; }
a, .link { color: var(--accent); text-decoration: underline; text-underline-offset: 3px; text-decoration-thickness: 1px; }
code, .mono { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
.soft { color: var(--soft); }
.right { text-align: right; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
.link { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.head { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: flex-start; justify-content: space-between; }
.head p { margin: 0.3rem 0 0; overflow-wrap: anywhere; }
.head .verdict { margin: 0; }
.pill { display: inline-block; padding: 0.1rem 0.6rem; border-radius: 999px; font-size: 0.85rem; font-weight: 600; white-space: nowrap; background: var(--line); }
.pill.good { background: var(--good-soft); color: var(--good); }
.pill.partly { background: var(--warn-soft); color: var(--warn); }
.pill.bad { background: var(--bad-soft); color: var(--bad); }
.verdict .pill { font-size: 1rem; padding: 0.2rem 0.8rem; margin-right: 0.4rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.shown { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; margin: 2rem 0 0.6rem; }
.shown h2 { margin: 0; }
.shown .soft { font-size: 0.875rem; overflow-wrap: anywhere; }
.failures { border-left: 3px solid var(--bad); overflow: hidden; margin-bottom: 0.5rem; }
.failures summary { padding: 0.5rem 0.9rem; font-weight: 600; }
.failures ul { list-style: none; margin: 0; padding: 0; max-height: 22rem; overflow: auto; }
.failures li { padding: 0.35rem 0.9rem; display: grid; grid-template-columns: minmax(10rem, 1fr) 2fr; gap: 0 1.25rem; border-top: 1px solid var(--line); }
.failures li > * { overflow-wrap: anywhere; min-width: 0; }
.failures li strong { font-weight: 500; }
.more { padding: 0.35rem 0.9rem; margin: 0; color: var(--soft); border-top: 1px solid var(--line); }
.code { color: var(--bad); background: var(--bad-soft); border-radius: 4px; padding: 0.1rem 0.4rem; margin-right: 0.3rem; }
.tasks { padding: 0.5rem 0.9rem; margin-bottom: 0.5rem; border-left: 3px solid var(--bad); overflow-wrap: anywhere; }
summary { cursor: pointer; }
.plain { list-style: none; margin: 0.4rem 0; padding: 0; max-height: 18rem; overflow: auto; }
.plain li { padding: 0.1rem 0; overflow-wrap: anywhere; }
.run { padding: 0.6rem 0.9rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; white-space: nowrap; }
th, td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; }
th.right, td.right { text-align: right; }
td.wrap { overflow-wrap: anywhere; width: 100%; }
.scroll { overflow-x: auto; }
section > .scroll { margin: 1.1rem 0 0.5rem; }
.runs th, .runs td { padding: 0.4rem 0.65rem; white-space: nowrap; }
.runs td { border-top: 1px solid var(--line); }
.runs tbody tr:hover { background: var(--page); }
@media (max-width: 40rem) {
  .failures li { grid-template-columns: 1fr; }
  .run th { display: block; }
  .run tr { display: block; padding: 0.25rem 0; }
  .run td { display: block; padding: 0; }
}
`;
