/**
 * Faults: whether one strikes now. Each place where one may strike asks once and does what it is told; which fault, how often and how
 * many are decided here. Each kind has dice of its own, so that what one place asks does not change what another is told.
 */
import picomatch from "picomatch";
import { type BlobRequest, isUpload } from "./blobRequest";
import { seededRandom } from "./seededRandom";
import { type FaultKind, faultKinds, type FaultSettings, noFaults } from "./settings";

export interface BatchRefusal {
  readonly status: 429 | 503;
  readonly retryAfterSeconds: number;
}

/** `busy` is 503, `denied` 403, `missing` 404. */
export type BlobFault = "busy" | "denied" | "missing";

export type Injected = Readonly<Record<FaultKind, number>>;

type Chance = { readonly rate: number; readonly most?: number } | undefined;

export class Faults {
  #settings: FaultSettings;
  #dice = new Map<FaultKind, () => number>();
  #injected = new Map<FaultKind, number>();
  /** Those that are gone, by `container/name`. */
  #missing = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(settings: FaultSettings = noFaults) {
    this.#settings = settings;
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** From now on these, from the first throw of their dice, and counted from none. */
  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.#dice = new Map();
    this.#injected = new Map();
    this.#missing = new Set();
    for (const listener of this.#listeners) listener();
  }

  /** Calls whenever the settings change, until what it returns is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many have struck since the settings were set. */
  injected(): Injected {
    const counted = faultKinds.map((kind) => [kind, this.#injected.get(kind) ?? 0] as const);
    return Object.fromEntries(counted) as Record<FaultKind, number>;
  }

  /** How much longer a node takes to boot. */
  bootDelayMs(): number {
    const { nodeBoot } = this.#settings;
    if (nodeBoot === undefined) return 0;
    this.#count("nodeBoot");
    return nodeBoot.extraSeconds * 1000;
  }

  failsStartTask(): boolean {
    return this.#strikes("startTasks", this.#settings.startTasks);
  }

  /** Which of so many nodes goes now; undefined: none. */
  preempts(nodes: number): number | undefined {
    const { preemption } = this.#settings;
    if (preemption === undefined || nodes === 0) return undefined;
    if (!this.#strikes("preemption", { rate: 1, most: preemption.most })) return undefined;
    return Math.floor(this.#roll("preemption") * nodes);
  }

  /** vCPUs that the nodes of an account may have: what it may have anyway, or fewer. */
  coreQuota(isDedicated: boolean, otherwise: number): number {
    const { quotas } = this.#settings;
    return Math.min(otherwise, (isDedicated ? quotas?.dedicatedCores : quotas?.lowPriorityCores) ?? Infinity);
  }

  /** A resize did not reach its target. */
  quotaReached(): void {
    if (this.#settings.quotas !== undefined) this.#count("quotas");
  }

  batchRequest(): BatchRefusal | undefined {
    const { batchRequests } = this.#settings;
    if (batchRequests === undefined || !this.#strikes("batchRequests", batchRequests)) return undefined;
    const { status = this.#roll("batchRequests") < 0.5 ? 429 : 503, retryAfterSeconds } = batchRequests;
    return { status, retryAfterSeconds };
  }

  blobRequest(request: BlobRequest): BlobFault | undefined {
    const { blobRequests, missingBlobs, uploads } = this.#settings;
    if (blobRequests === undefined && missingBlobs === undefined && uploads === undefined) return undefined;
    if (this.#strikes("blobRequests", blobRequests)) return "busy";
    const { blob, method } = request;
    if (blob === undefined) return undefined;
    const named = (pattern: string): boolean => picomatch.isMatch(blob, pattern, { dot: true });
    if (uploads !== undefined && isUpload(request) && named(uploads.blobs))
      if (this.#strikes("uploads", uploads)) return uploads.status === 403 ? "denied" : "busy";
    const reads = method === "GET" || method === "HEAD";
    if (missingBlobs !== undefined && reads && named(missingBlobs.blobs))
      if (this.#isMissing(blob, missingBlobs)) return "missing";
    return undefined;
  }

  /** A blob is gone or there, whoever asks and however often: its name throws the dice. */
  #isMissing(blob: string, { rate, most = Infinity }: NonNullable<Chance>): boolean {
    if (this.#missing.has(blob)) return true;
    if (this.#missing.size >= most) return false;
    if (seededRandom(seedOf(this.#settings.seed, blob))() >= rate) return false;
    this.#missing.add(blob);
    this.#count("missingBlobs");
    return true;
  }

  #strikes(kind: FaultKind, chance: Chance): boolean {
    if (chance === undefined) return false;
    if ((this.#injected.get(kind) ?? 0) >= (chance.most ?? Infinity)) return false;
    if (this.#roll(kind) >= chance.rate) return false;
    this.#count(kind);
    return true;
  }

  #roll(kind: FaultKind): number {
    const dice = this.#dice.get(kind) ?? seededRandom(seedOf(this.#settings.seed, kind));
    this.#dice.set(kind, dice);
    return dice();
  }

  #count(kind: FaultKind): void {
    this.#injected.set(kind, (this.#injected.get(kind) ?? 0) + 1);
  }
}

/** FNV-1a over a name, begun with the seed. */
function seedOf(seed: number, name: string): number {
  return Buffer.from(name).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x0100_0193) >>> 0,
    (seed ^ 0x811c_9dc5) >>> 0,
  );
}
