/** A day of load on the stack's formula, in virtual time. */
import { type Burst, simulateDay } from "./simulatedPool";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const taskMs = 2 * minuteMs;
const slots = 2;
const settings = { minNodes: 0, maxNodes: 8, spotShare: 0 };
/** Three bursts, away from the ends of an interval; the second comes while the first is at work. */
const bursts: readonly Burst[] = [
  { atMs: 6 * hourMs + minuteMs, tasks: 40 },
  { atMs: 6 * hourMs + 11 * minuteMs, tasks: 200 },
  { atMs: 18 * hourMs + minuteMs, tasks: 3 },
];
const tasks = bursts.reduce((sum, burst) => sum + burst.tasks, 0);
const workHours = (tasks * taskMs) / slots / hourMs;

describe("a day of load", () => {
  const day = simulateDay(settings, slots, taskMs, bursts, true);

  it("is done, with nodes that follow the queue up to the most and down to none", () => {
    expect(day).toMatchObject({ tasksDone: tasks, mostNodes: 8, nodesLeft: 0 });
  });

  it("costs the work and, for each time that nodes come, their start and what passes until they go", () => {
    const fixedHours = 8 * 24;
    // Of each of the two waves a node stands at most its start (5), the last tasks, three minutes of samples and an interval (5).
    const standingHours = ((8 + 2) * (5 + 2 + 3 + 5 + 1)) / 60;

    expect(day.nodeHours).toBeGreaterThan(workHours);
    expect(day.nodeHours).toBeLessThan(workHours + standingHours);
    expect(day.nodeHours).toBeLessThan(0.05 * fixedHours);
  });

  it("does not let the first task wait for an interval where the submit asks", () => {
    const alone = [bursts[2]!];
    const asked = simulateDay(settings, slots, taskMs, alone, true);
    const unasked = simulateDay(settings, slots, taskMs, alone, false);

    // The start of a node, and a sample period until the tasks are seen.
    expect(asked.longestWaitMs).toBe(5.5 * minuteMs);
    expect(unasked.longestWaitMs).toBe(9 * minuteMs);
  });

  it("is the same day with Spot nodes, of which half of the node-hours are", () => {
    const spot = simulateDay({ ...settings, spotShare: 0.5 }, slots, taskMs, bursts, true);

    expect(spot).toMatchObject({ tasksDone: tasks, mostNodes: 8, nodesLeft: 0 });
    expect(spot.spotNodeHours / spot.nodeHours).toBeGreaterThan(0.35);
    expect(spot.spotNodeHours / spot.nodeHours).toBeLessThanOrEqual(0.5);
  });

  it("keeps the fewest nodes all day, dedicated ones, where some are always to be there", () => {
    const floor = simulateDay({ ...settings, minNodes: 2, spotShare: 1 }, slots, taskMs, [], true);

    expect(floor).toMatchObject({ mostNodes: 2, nodesLeft: 2, spotNodeHours: 0 });
  });
});
