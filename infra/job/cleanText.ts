/** What cleaning would delete, for a terminal. Pure. */
import type { Rubbish } from "./clean";
import { plural, sizeText } from "./words";

/** What would go, a line each, and the sum. */
export function rubbishTable({ runs, layers, undecided }: Rubbish): string {
  const lines = [
    ...runs.map(
      ({ job, submittedAt, blobs, bytes }) =>
        `run    ${job}  ${submittedAt.slice(0, 10)}  ${blobs.length} blobs, ${sizeText(bytes)}`,
    ),
    ...layers.map(({ blob, bytes }) => `layer  ${blob}  ${sizeText(bytes)}`),
    ...undecided.map((job) => `stays  ${job}: it is not sure that it ended`),
  ];
  const bytes = [...runs, ...layers].reduce((sum, item) => sum + item.bytes, 0);
  const sum = `${plural(runs.length, "old run")}, ${plural(layers.length, "orphaned layer")}: ${sizeText(bytes)}`;
  return [...lines, sum].join("\n");
}

export function blobCount({ runs, layers }: Rubbish): number {
  return runs.reduce((sum, { blobs }) => sum + blobs.length, layers.length);
}
