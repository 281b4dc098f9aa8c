import { chaosOf } from "../../../local/faults/chaos";
import { faultKinds, type GivenFaults, noFaults, parseFaults } from "../../../local/faults/settings";
import { faultLines } from "../../../local/faults/words";

describe("a file of faults", () => {
  it("that says nothing means none", () => {
    expect(parseFaults("{}")).toEqual({ settings: noFaults });
    expect(faultKinds.filter((kind) => noFaults[kind] !== undefined)).toEqual([]);
  });

  it("strikes always, without an end, where it names a kind and no more", () => {
    const given: GivenFaults = { startTasks: {}, batchRequests: {}, uploads: { blobs: "output/**" } };

    expect(parseFaults(JSON.stringify(given))).toEqual({
      settings: {
        seed: 1,
        startTasks: { rate: 1 },
        batchRequests: { rate: 1, retryAfterSeconds: 1 },
        uploads: { blobs: "output/**", rate: 1, status: 503 },
      },
    });
  });

  it("hears of all its mistakes at once, each by its place", () => {
    const given = {
      seed: -1,
      preemtion: {},
      startTasks: { rate: 2, often: true },
      batchRequests: { status: 418 },
      missingBlobs: {},
      preemption: { everySeconds: 0 },
    };

    const parsed = parseFaults(JSON.stringify(given));

    expect("mistakes" in parsed && [...parsed.mistakes].sort()).toEqual([
      expect.stringMatching(/^batchRequests\.status: /),
      expect.stringMatching(/^missingBlobs\.blobs: /),
      expect.stringMatching(/^preemption\.everySeconds: /),
      "preemtion: there is no such setting; there are seed, nodeBoot, startTasks, preemption, quotas, batchRequests, blobRequests, missingBlobs, uploads",
      expect.stringMatching(/^seed: /),
      "startTasks.often: there is no such setting; there are rate, most",
      expect.stringMatching(/^startTasks\.rate: /),
    ]);
  });

  it.each(["", "{", "[]", "null", "7"])("that holds %j is refused with a sentence", (text) => {
    expect(parseFaults(text)).toEqual({ mistakes: [expect.any(String)] });
  });
});

describe("chaos", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  it("is the same for the same seed, and another for others", () => {
    expect(chaosOf(7, 2)).toEqual(chaosOf(7, 2));
    expect(new Set(seeds.map((seed) => JSON.stringify(chaosOf(seed, 2)))).size).toBe(seeds.length);
  });

  it("is a file of faults that anybody could write", () => {
    for (const seed of seeds) {
      const settings = chaosOf(seed, 2);
      expect(parseFaults(JSON.stringify(settings))).toEqual({ settings });
    }
  });

  it("takes a node for good where there are others, never the last one, in every way there is", () => {
    const lost = (nodes: number) =>
      seeds.map((seed) => {
        const { startTasks, quotas } = chaosOf(seed, nodes);
        return `${String(startTasks?.most)} ${String(quotas?.dedicatedCores)}`;
      });

    expect(new Set(lost(1))).toEqual(new Set(["undefined undefined"]));
    expect(new Set(lost(3))).toEqual(new Set(["1 undefined", "undefined 4", "undefined undefined"]));
  });
});

describe("faults in words", () => {
  it("are a line for each kind that is set, with its count", () => {
    const parsed = parseFaults('{"startTasks":{"most":1}}');
    const injected = Object.fromEntries(faultKinds.map((kind) => [kind, 3])) as Record<
      (typeof faultKinds)[number],
      number
    >;

    expect("settings" in parsed && faultLines(parsed.settings, injected)).toEqual([
      "startTasks     3  start tasks failed (rate 1, most 1)",
    ]);
    expect(faultLines(noFaults, injected)).toEqual(["no faults"]);
  });
});
