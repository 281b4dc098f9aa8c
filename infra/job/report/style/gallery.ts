/** Part of the pages' style: filters, the cards of the pictures, and one in full. */

export const gallery = `
.filters {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem;
  padding: 0.5rem 0; margin-bottom: 0.4rem; background: var(--page); border-bottom: 1px solid var(--line);
}
.filters label, .filters fieldset { color: var(--soft); font-size: 0.875rem; }
.filters fieldset { border: 0; padding: 0; margin: 0; display: flex; align-items: center; gap: 0.35rem; }
.filters legend { float: left; padding: 0; }
.filters p { margin: 0 0 0 auto; font-size: 0.875rem; }
input, select { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 5px; padding: 0.2rem 0.45rem; }
input[type="search"] { width: 13rem; }
input[type="number"] { width: 4.6rem; }
input:invalid { border-color: var(--bad); }
.notice { padding: 0.5rem 0.9rem; margin: 0 0 0.7rem; border-radius: 8px; background: var(--warn-soft); color: var(--warn); font-size: 0.9rem; overflow-wrap: anywhere; }
.notice code { user-select: all; }
#grid { overflow-anchor: none; }
.cards { display: grid; gap: 12px; will-change: transform; }
.picture { display: grid; grid-template-rows: minmax(0, 1fr) auto auto; height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; padding-bottom: 0.35rem; }
.picture:hover { border-color: var(--accent); }
.picture:focus-visible { border-radius: 8px; }
.thumb { display: block; background: var(--well); min-height: 0; }
.thumb > * { display: block; width: 100%; height: 100%; object-fit: contain; }
.name { display: flex; padding: 0.35rem 0.6rem 0; min-width: 0; font-weight: 500; font-size: 0.875rem; white-space: nowrap; }
.name bdi { overflow: hidden; text-overflow: ellipsis; }
.folder { flex: 0 1 auto; color: var(--soft); font-weight: 400; }
.file { flex: 0 0 auto; max-width: 80%; }
.folder:empty + .file { max-width: 100%; }
.counts { padding: 0 0.6rem; font-size: 0.8rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.paper { fill: var(--card); stroke: var(--line); }
.box { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.blank text { fill: var(--text); }
html { scrollbar-gutter: stable; }
html:has(dialog[open]) { overflow: hidden; }
dialog { border: 0; padding: 0; width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none; background: var(--page); color: var(--text); }
dialog[open] { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) 19rem; }
dialog:focus { outline: none; }
#full-picture { position: relative; background: #0a0d11; min-height: 0; cursor: zoom-out; }
#full-picture > * { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.pointer { pointer-events: none; }
.pointer .box { stroke: #fff; stroke-width: 4; filter: drop-shadow(0 0 3px #000); }
dialog aside { padding: 0.8rem 1rem; overflow: auto; border-left: 1px solid var(--line); }
dialog h2 { margin: 0.9rem 0 0.1rem; overflow-wrap: anywhere; font-size: 1rem; }
.bar-of-view { display: flex; align-items: center; gap: 0.5rem; }
.bar-of-view span { flex: 1; text-align: center; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.bar-of-view button { border: 1px solid var(--line); border-radius: 5px; padding: 0.15rem 0.6rem; background: var(--card); }
.bar-of-view button:disabled { opacity: 0.4; cursor: default; }
#full-list { list-style: none; margin: 0.6rem 0 0; padding: 0; font-size: 0.9rem; }
#full-list li { display: grid; grid-template-columns: minmax(0, 1fr) 4rem auto; gap: 0.6rem; align-items: center; padding: 0.15rem 0.3rem; border-radius: 4px; font-variant-numeric: tabular-nums; }
#full-list li:hover { background: var(--well); }
#full-list span { overflow: hidden; text-overflow: ellipsis; }
.meter { height: 0.4rem; background: var(--well); border-radius: 3px; }
.meter i { display: block; height: 100%; background: var(--accent); border-radius: 3px; }
@media (max-width: 48rem) {
  dialog[open] { grid-template: minmax(0, 3fr) minmax(0, 2fr) / minmax(0, 1fr); }
  dialog aside { border-left: 0; border-top: 1px solid var(--line); }
  .filters { position: static; }
  .filters label:first-child, input[type="search"] { width: 100%; }
  .filters p { margin-left: 0; }
}
@media print { .filters, dialog { display: none; } }
`;
