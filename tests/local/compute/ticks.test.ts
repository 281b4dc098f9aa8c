import { ticksOf, timestampAfter } from "../../../local/compute/ticks";

describe("ticks", () => {
  it("count from the year 1, to the seventh digit of a second", () => {
    // Recorded from the real service: its time, and the tag that it made of it.
    expect(ticksOf("2023-03-14T20:33:31.5488Z").toString(16).toUpperCase()).toBe("8DB24CB604A1D00");
    expect(ticksOf("2023-03-14T20:33:31.5488001Z") - ticksOf("2023-03-14T20:33:31.5488Z")).toBe(1n);
    expect(ticksOf("2023-03-14T20:33:32Z") - ticksOf("2023-03-14T20:33:31.5Z")).toBe(5_000_000n);
  });
});

describe("the time of a change", () => {
  it("is later than that of the change before, even where the clock is not", () => {
    const later = "2999-12-31T23:59:59.999Z";

    const [first, second] = [timestampAfter(later), timestampAfter("2999-12-31T23:59:59.9999999Z")];

    expect(first).toBe("2999-12-31T23:59:59.9990001Z");
    expect(second).toBe("3000-01-01T00:00:00.000Z");
  });

  it("is now where that was earlier", () => {
    const before = Date.now();

    expect(Date.parse(timestampAfter("2020-01-01T00:00:00Z"))).toBeGreaterThanOrEqual(before);
  });
});
