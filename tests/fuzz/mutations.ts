/** Mutations: what happens to files on their way (bits, ends, foreign pieces) and what somebody does to them on purpose (lengths, sizes). */

/** 0 ≤ x < 1. */
export type Random = () => number;

export type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

export const mutations: Readonly<Record<string, Mutation>> = {
  bits: (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let flips = 1 + Math.floor(random() ** 3 * 60); flips > 0; flips--) {
      const at = positionIn(flipped, random);
      flipped[at] = flipped[at]! ^ (1 << Math.floor(random() * 8));
    }
    return flipped;
  },
  /** Headers are small and most of the decisions: half of all flips would otherwise miss them. */
  "header-bits": (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let flips = 1 + Math.floor(random() * 6); flips > 0; flips--) {
      const at = Math.floor(random() * Math.min(flipped.length, 200));
      flipped[at] = flipped[at]! ^ (1 << Math.floor(random() * 8));
    }
    return flipped;
  },
  cut: (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  "missing-piece": (bytes, random) => {
    const at = positionIn(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + lengthUpTo(bytes.length, random))]);
  },
  "repeated-piece": (bytes, random) => {
    const at = positionIn(bytes, random);
    const piece = bytes.subarray(at, at + lengthUpTo(bytes.length, random));
    const times = 1 + Math.floor(random() * 8);
    return Buffer.concat([
      bytes.subarray(0, at),
      ...new Array<Buffer>(times).fill(piece),
      bytes.subarray(at),
    ]);
  },
  garbage: (bytes, random) => {
    const at = positionIn(bytes, random);
    const noise = Buffer.from(Array.from({ length: lengthUpTo(400, random) }, () => random() * 256));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  flat: (bytes, random) => {
    const at = positionIn(bytes, random);
    const end = Math.min(bytes.length, at + lengthUpTo(bytes.length, random));
    return Buffer.from(bytes).fill(random() < 0.5 ? 0 : 0xff, at, end);
  },
  /** The start of one file and the rest of another, often of another format. */
  splice: (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, positionIn(bytes, random)), other.subarray(positionIn(other, random))]),
  "foreign-signature": (bytes, random, other) =>
    Buffer.concat([other.subarray(0, 2 + Math.floor(random() * 14)), bytes.subarray(16)]),
  length: (bytes, random) => edited(bytes, lengthFields(bytes), random),
  size: (bytes, random) => edited(bytes, sizeFields(bytes), random),
};

/** A whole number of a file: where, how many bytes, in which order. */
interface Field {
  readonly at: number;
  readonly bytes: 2 | 3 | 4;
  readonly littleEndian: boolean;
}

const telling = [
  0,
  1,
  2,
  3,
  7,
  255,
  256,
  9_999,
  16_383,
  32_767,
  65_500,
  65_535,
  2 ** 24 - 1,
  2 ** 31 - 1,
  2 ** 32 - 1,
];

function edited(bytes: Buffer, fields: readonly Field[], random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const wanted = fields.filter(({ at, bytes: count }) => at >= 0 && at + count <= changed.length);
  for (let edits = 1 + Math.floor(random() * 2); edits > 0; edits--) {
    const field = wanted[Math.floor(random() * wanted.length)];
    const value = random() < 0.7 ? telling[Math.floor(random() * telling.length)]! : random() * 5000;
    if (field === undefined) continue;
    const fitting = Math.floor(value) % 256 ** field.bytes;
    if (field.littleEndian) changed.writeUIntLE(fitting, field.at, field.bytes);
    else changed.writeUIntBE(fitting, field.at, field.bytes);
  }
  return changed;
}

/** Lengths of JPEG segments, PNG and RIFF chunks, MP4 boxes; counts and offsets of a TIFF's first directory. */
function lengthFields(bytes: Buffer): Field[] {
  const text = bytes.toString("latin1");
  const found = (pattern: RegExp, shift: number, count: 2 | 4, littleEndian = false): Field[] =>
    [...text.matchAll(pattern)].map(({ index }) => ({ at: index + shift, bytes: count, littleEndian }));
  switch (text.slice(0, 2)) {
    case "\xff\xd8":
      return found(/\xff[\xc0-\xcf\xda-\xef]/g, 2, 2);
    case "\x89P":
      return found(/IHDR|PLTE|tRNS|IDAT|IEND|eXIf|gAMA|iCCP|fcTL|fdAT/g, -4, 4);
    case "RI":
      return found(/RIFF|VP8[ LX]|ALPH|EXIF|ANIM|ANMF/g, 4, 4, true);
    case "II":
      return directoryFields(bytes);
    case "GI":
      return found(/[,!]/g, 1, 2, true);
    default:
      return found(/ftyp|meta|iloc|iinf|ipco|ipma|ispe|pixi|av1C|colr|mdat|moov|trak|stsz/g, -4, 4);
  }
}

/** Width and height as the header tells them; a TIFF's are among its tags. */
function sizeFields(bytes: Buffer): Field[] {
  const text = bytes.toString("latin1");
  const at = (start: number, count: 2 | 3 | 4, littleEndian: boolean): Field[] =>
    [start, start + count].map((position) => ({ at: position, bytes: count, littleEndian }));
  switch (text.slice(0, 2)) {
    case "\xff\xd8":
      return at(text.search(/\xff[\xc0-\xc2]\0/) + 5, 2, false);
    case "\x89P":
      return at(16, 4, false);
    case "RI":
      return [...at(24, 3, true), ...at(26, 2, true), ...at(21, 2, true)];
    case "II":
      return directoryFields(bytes);
    case "GI":
      return [...at(6, 2, true), ...at(text.indexOf(",") + 5, 2, true)];
    default:
      return at(text.indexOf("ispe") + 8, 4, false);
  }
}

/** TIFF 6.0: entries of 12 bytes, each tag, type, count, value. */
function directoryFields(bytes: Buffer): Field[] {
  if (bytes.length < 8) return [];
  const start = bytes.readUInt32LE(4);
  if (start + 2 > bytes.length) return [];
  const entries = Math.min(bytes.readUInt16LE(start), 40);
  return Array.from({ length: entries }, (_, index) => start + 2 + index * 12).flatMap((entry) => [
    { at: entry + 2, bytes: 2, littleEndian: true } as const,
    { at: entry + 4, bytes: 4, littleEndian: true } as const,
    { at: entry + 8, bytes: 4, littleEndian: true } as const,
    { at: entry + 8, bytes: 4, littleEndian: true } as const,
  ]);
}

function positionIn(bytes: Buffer, random: Random): number {
  return Math.floor(random() * bytes.length);
}

function lengthUpTo(limit: number, random: Random): number {
  return 1 + Math.floor(random() ** 2 * (limit - 1));
}
