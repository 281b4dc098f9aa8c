import { after, durationMs, infiniteDuration, normalDuration } from "../../../local/compute/duration";

describe("a duration", () => {
  it.each([
    ["PT06M00S", "PT6M"],
    ["P3Y6M4DT12H30M5S", "P1279DT12H30M5S"],
    ["PT90M", "PT1H30M"],
    ["PT0.5S", "PT0.5S"],
    ["PT0S", "PT0S"],
    ["P2W", "P14D"],
    [infiniteDuration, infiniteDuration],
  ])("comes back as the service spells it: %s as %s", (sent, returned) => {
    expect(normalDuration(sent)).toBe(returned);
  });

  it.each(["3600", "P", "PT", "1h", "P1S", ""])("is none when it reads %j", (text) => {
    expect(durationMs(text)).toBeUndefined();
  });

  it("is without end at the service's maximum", () => {
    expect(durationMs(infiniteDuration)).toBe(Infinity);
  });
});

describe("a timer", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("waits longer than Node's timers can", () => {
    const fired = jest.fn();
    const days = 30 * 86_400_000;
    after(days, fired);

    jest.advanceTimersByTime(days - 1);
    expect(fired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it("does nothing once it is cancelled", () => {
    const fired = jest.fn();
    after(1000, fired)();

    jest.runAllTimers();

    expect(fired).not.toHaveBeenCalled();
  });
});
