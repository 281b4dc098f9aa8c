/** Part of the pages' style: numbers, bars, histogram, timeline. */

export const figures = `
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1px; margin: 1.1rem 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.facts div { padding: 0.55rem 0.9rem; box-shadow: 0 0 0 1px var(--line); }
.facts dt { color: var(--soft); font-size: 0.8rem; }
.facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; white-space: nowrap; }
.found { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 1.25rem; }
.classes { padding: 0.35rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 0 0.75rem; max-height: 15.5rem; overflow: auto; }
.class { display: grid; grid-template-columns: minmax(5rem, 8rem) 1fr auto; gap: 0.6rem; align-items: center; padding: 0.2rem 0.5rem; border-radius: 5px; width: 100%; }
.class:hover { background: var(--page); }
.class[aria-pressed="true"] { background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); }
.class span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { height: 0.5rem; background: var(--well); border-radius: 3px; overflow: hidden; }
.bar i { display: block; height: 100%; min-width: 2px; background: var(--accent); border-radius: 3px; }
.count { font-variant-numeric: tabular-nums; min-width: 2.5rem; text-align: right; }
.histogram { padding: 0.8rem 0.9rem 0.4rem; }
.columns { display: grid; grid-template-columns: repeat(20, 1fr); gap: 2px; height: 8.5rem; border-bottom: 1px solid var(--line); }
.column { display: flex; align-items: flex-end; height: 100%; }
.column:hover { background: var(--well); }
.column i { display: block; width: 100%; background: var(--accent); border-radius: 2px 2px 0 0; }
.column.out i { opacity: 0.3; }
.axis { display: flex; justify-content: space-between; margin: 0.15rem 0 0; font-size: 0.8rem; }
.timeline { padding: 0.6rem 0.9rem; }
.strip { display: grid; grid-template-columns: minmax(5rem, 13rem) minmax(0, 1fr); gap: 0.75rem; align-items: center; }
.strip + .strip { margin-top: 3px; }
.strip > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.strip svg { display: block; width: 100%; background: var(--page); border-radius: 3px; }
.succeeded { fill: var(--accent); background: var(--accent); }
.failed { fill: var(--bad); background: var(--bad); }
.unended { fill: var(--soft); background: var(--soft); }
.strip rect:hover { opacity: 0.7; }
.keys i { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 2px; margin-left: 0.6rem; }
.ticks { position: relative; height: 1.2rem; margin: 0; font-size: 0.8rem; overflow: hidden; }
.ticks span { position: absolute; padding-left: 3px; border-left: 1px solid var(--line); }
@media (max-width: 52rem) { .found { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 40rem) {
  .facts { grid-template-columns: 1fr 1fr; }
  .strip { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
`;
