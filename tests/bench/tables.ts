/** The numbers of a measurement as text for people. */
import { textTable } from "../../worker/textTable";
import { median } from "./measure";
import type { MemoryReport } from "./memory";
import type { SpeedRow } from "./speed";
import type { StageRow } from "./stages";
import type { StreamReport } from "./stream";

export function speedTable(rows: readonly SpeedRow[]): string {
  return textTable(
    ["mode", "images/s", "slowest–fastest", "of raw"],
    rows.map(({ mode, median: middle, slowest, fastest, ofRaw }) => [
      mode,
      middle.toFixed(1),
      `${slowest.toFixed(1)}–${fastest.toFixed(1)}`,
      ofRaw.toFixed(2),
    ]),
  );
}

export function stageTable(rows: readonly StageRow[]): string {
  return textTable(
    ["pictures", "decode", "tensor", "run", "boxes", "draw", "encode", "ms of one core in all"],
    rows.map(({ size, stages }) => {
      const times = Object.values(stages);
      return [size, ...times, times.reduce((sum, ms) => sum + ms, 0)].map((cell) =>
        typeof cell === "number" ? cell.toFixed(1) : cell,
      );
    }),
  );
}

export function memoryTable({ pictures, size, threads, peakMb, earlyMb, lateMb }: MemoryReport): string {
  return textTable(
    ["pictures", "threads", "peak", "early", "late", "late / early"],
    [
      [
        `${pictures} of ${size}`,
        String(threads),
        ...[peakMb, earlyMb, lateMb].map((megabytes) => `${megabytes.toFixed(0)} MB`),
        (lateMb / earlyMb).toFixed(2),
      ],
    ],
  );
}

export function streamTable({ latencyMs, threads, rounds }: StreamReport): string {
  const sizes = [...new Set(rounds.map(({ size }) => size))];
  return textTable(
    [`threads: ${threads}`, "folder", `containers, ${latencyMs} ms away`, "ratio"],
    sizes.map((size) => {
      const own = rounds.filter((round) => round.size === size);
      return [
        size,
        `${median(own.map(({ folder }) => folder)).toFixed(1)} images/s`,
        `${median(own.map(({ containers }) => containers)).toFixed(1)} images/s`,
        median(own.map(({ folder, containers }) => containers / folder)).toFixed(2),
      ];
    }),
  );
}
