import { blobRequestOf } from "../../../local/faults/blobRequest";
import { Faults } from "../../../local/faults/faults";
import type { GivenFaults } from "../../../local/faults/settings";
import { faultsOf } from "./given";

const times = <T>(count: number, ask: () => T): T[] => Array.from({ length: count }, ask);
const get = (name: string) => blobRequestOf("GET", `/account/${name}`);
const put = (name: string) => blobRequestOf("PUT", `/account/${name}`);

describe("faults", () => {
  it("never strike where none are set", () => {
    const faults = new Faults();

    expect(faults.batchRequest()).toBeUndefined();
    expect(faults.blobRequest(get("input/a.jpg"))).toBeUndefined();
    expect([faults.failsStartTask(), faults.bootDelayMs(), faults.preempts(3)]).toEqual([
      false,
      0,
      undefined,
    ]);
    expect(faults.coreQuota(true, Infinity)).toBe(Infinity);
    expect(Object.values(faults.injected()).every((count) => count === 0)).toBe(true);
  });

  it("strike the same way again with the same seed, and another way with another", () => {
    const story = (seed: number): unknown[] => {
      const faults = faultsOf({ seed, batchRequests: { rate: 0.5 }, startTasks: { rate: 0.5 } });
      return times(40, () => [faults.batchRequest()?.status, faults.failsStartTask()]);
    };

    expect(story(3)).toEqual(story(3));
    expect(story(3)).not.toEqual(story(4));
  });

  it("of one kind do not change those of another", () => {
    const given: GivenFaults = { batchRequests: { rate: 0.5 }, startTasks: { rate: 0.5 } };
    const [alone, mixed] = [faultsOf(given), faultsOf(given)];

    const expected = times(30, () => alone.failsStartTask());

    expect(
      times(30, () => {
        mixed.batchRequest();
        return mixed.failsStartTask();
      }),
    ).toEqual(expected);
  });

  it("come at about their rate, and at most so often", () => {
    const faults = faultsOf({ batchRequests: { rate: 0.25 }, startTasks: { most: 2 } });

    const refused = times(1000, () => faults.batchRequest()).filter((refusal) => refusal !== undefined);

    expect(refused.length).toBeGreaterThan(200);
    expect(refused.length).toBeLessThan(300);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429, 503]));
    expect(times(4, () => faults.failsStartTask())).toEqual([true, true, false, false]);
    expect(faults.injected()).toMatchObject({ batchRequests: refused.length, startTasks: 2 });
  });

  it("begin anew when they are set while the cloud runs, and tell who wants to know", () => {
    const faults = faultsOf({ startTasks: { most: 1 } });
    let told = 0;
    const forget = faults.onChange(() => (told += 1));
    expect(times(2, () => faults.failsStartTask())).toEqual([true, false]);

    faults.set(faults.settings);
    forget();
    faults.set(faults.settings);

    expect(told).toBe(1);
    expect([faults.injected().startTasks, faults.failsStartTask()]).toEqual([0, true]);
  });

  it("choose a node among those there are, and none where there is none", () => {
    const faults = faultsOf({ preemption: { everySeconds: 1, most: 50 } });

    const chosen = times(50, () => faults.preempts(3));

    expect(new Set(chosen)).toEqual(new Set([0, 1, 2]));
    expect([faults.preempts(0), faults.preempts(3)]).toEqual([undefined, undefined]);
  });

  it("make a quota smaller, never larger", () => {
    const faults = faultsOf({ quotas: { dedicatedCores: 4 } });

    expect([faults.coreQuota(true, Infinity), faults.coreQuota(true, 2)]).toEqual([4, 2]);
    expect(faults.coreQuota(false, 7)).toBe(7);
  });
});

describe("faults of blobs", () => {
  it("take away the same share of blobs whoever asks in whichever order, and never one that is written or listed", () => {
    const names = times(60, () => "").map((_, index) => `input/${index}.jpg`);
    const gone = (order: readonly string[]): string[] => {
      const faults = faultsOf({ missingBlobs: { blobs: "input/**", rate: 0.3 } });
      const missing = order.filter((name) => faults.blobRequest(get(name)) === "missing");
      for (const name of order)
        expect(faults.blobRequest(blobRequestOf("HEAD", `/account/${name}`)) === "missing").toBe(
          missing.includes(name),
        );
      expect(faults.injected().missingBlobs).toBe(missing.length);
      return missing.sort();
    };

    const missing = gone(names);

    expect(missing.length).toBeGreaterThan(5);
    expect(missing.length).toBeLessThan(35);
    expect(gone([...names].reverse())).toEqual(missing);
    const faults = faultsOf({ missingBlobs: { blobs: "input/**" } });
    expect(faults.blobRequest(put("input/a"))).toBeUndefined();
    expect(
      faults.blobRequest(blobRequestOf("GET", "/account/input?restype=container&comp=list")),
    ).toBeUndefined();
    expect(faults.blobRequest(get("output/a"))).toBeUndefined();
  });

  it("refuse uploads of the blobs that are named, content only, names decoded", () => {
    const faults = faultsOf({ uploads: { blobs: "output/ä b/*", status: 403 } });
    const named = "/account/output/%C3%A4%20b/c.txt";

    expect(faults.blobRequest(blobRequestOf("PUT", named))).toBe("denied");
    expect(faults.blobRequest(blobRequestOf("PUT", `${named}?comp=block&blockid=1`))).toBe("denied");
    expect(faults.blobRequest(blobRequestOf("PUT", `${named}?comp=metadata`))).toBeUndefined();
    expect(faults.blobRequest(blobRequestOf("GET", named))).toBeUndefined();
    expect(faults.blobRequest(put("output/other"))).toBeUndefined();
    expect(faultsOf({ uploads: { blobs: "**" } }).blobRequest(put("a/.b"))).toBe("busy");
  });

  it("call storage busy for any request", () => {
    const faults = faultsOf({ blobRequests: { most: 3 } });
    const requests = [
      get("input/a"),
      put("input/a"),
      blobRequestOf("GET", "/account/?comp=list"),
      get("input/a"),
    ];

    expect(requests.map((request) => faults.blobRequest(request))).toEqual([
      "busy",
      "busy",
      "busy",
      undefined,
    ]);
  });
});
