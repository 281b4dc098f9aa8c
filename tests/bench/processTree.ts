/** The memory of a process and all it started, and its processor time, from Linux' /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Proportional set size: a page that several processes share counts once in all. In MB. */
export function memoryOf(root: number): number {
  const kilobytes = treeOf(root).map((pid) =>
    Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    // proc(5): the parent is the second field behind the name, which stands in parentheses.
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(/^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : "")?.[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
