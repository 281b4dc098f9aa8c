import { type FreeNode, place, type Queue, type WaitingTask } from "../../../local/compute/placement";

type Task = WaitingTask & Omit<Queue, "tasks">;

const task = (taskId: string, more: Partial<Task> = {}): Task => ({
  jobId: "job",
  taskId,
  poolId: "pool",
  priority: 0,
  order: Number(taskId),
  requiredSlots: 1,
  ...more,
});

const node = (nodeId: string, freeSlots: number, more: Partial<FreeNode> = {}): FreeNode => ({
  poolId: "pool",
  nodeId,
  affinityId: `TVM:${nodeId}`,
  isDedicated: true,
  slots: freeSlots,
  freeSlots,
  fill: "spread",
  isClosedTo: () => false,
  ...more,
});

/** Task and node of each placement of tasks that wait in a queue each. */
const placed = (
  waiting: readonly Task[],
  nodes: readonly FreeNode[],
  freeTasks = Infinity,
): [string, string][] =>
  place(
    waiting.map((one) => ({ ...one, tasks: [one] })),
    nodes,
    () => freeTasks,
  ).map(({ taskId, nodeId }) => [taskId, nodeId]);

describe("placement", () => {
  it("takes the tasks of the more important job first, and within it who came first", () => {
    const waiting = [task("1"), task("3", { jobId: "urgent", priority: 5 }), task("2")];

    expect(placed(waiting, [node("a", 2)])).toEqual([
      ["3", "a"],
      ["1", "a"],
    ]);
  });

  it("spreads tasks over the emptiest nodes", () => {
    expect(placed([task("1"), task("2"), task("3")], [node("a", 2), node("b", 3)])).toEqual([
      ["1", "b"],
      ["2", "a"],
      ["3", "b"],
    ]);
  });

  it("packs tasks onto the fullest node where the pool wants that", () => {
    const nodes = [node("a", 4, { fill: "pack" }), node("b", 2, { fill: "pack" })];

    expect(placed([task("1"), task("2"), task("3")], nodes)).toEqual([
      ["1", "b"],
      ["2", "b"],
      ["3", "a"],
    ]);
  });

  it("lets a task that is too big wait, and smaller ones behind it run", () => {
    expect(placed([task("1", { requiredSlots: 3 }), task("2")], [node("a", 2)])).toEqual([["2", "a"]]);
  });

  it("takes from several queues of a job in the order of arrival, and no more than it places, and one", () => {
    const taken: string[] = [];
    function* queueOf(...tasks: Task[]): Generator<Task, void> {
      for (const one of tasks) {
        taken.push(one.taskId);
        yield one;
      }
    }
    const queues = [
      { ...task("0"), tasks: queueOf(task("1"), task("4"), task("5"), task("6"), task("7")) },
      { ...task("0", { requiredSlots: 2 }), tasks: queueOf(task("2"), task("3"), task("8")) },
    ];

    const placements = place(queues, [node("a", 6)], () => Infinity);

    expect(placements.map(({ taskId }) => taskId)).toEqual(["1", "2", "3", "4"]);
    expect(taken.sort()).toEqual(["1", "2", "3", "4", "5", "8"]);
  });

  it("runs no more tasks of a job at once than it may", () => {
    expect(placed([task("1"), task("2"), task("3")], [node("a", 8)], 2)).toHaveLength(2);
  });

  it("gives a node that is closed to a job none of its tasks", () => {
    const closed = node("a", 4, { isClosedTo: (jobId) => jobId === "job" });

    expect(placed([task("1"), task("2", { jobId: "other" })], [closed])).toEqual([["2", "a"]]);
  });

  it("places no task outside of its job's pool", () => {
    expect(placed([task("1", { poolId: "other" })], [node("a", 1)])).toEqual([]);
  });

  it("takes a job's manager before the job's other tasks, and gives it a whole node where it wants one", () => {
    const manager = { wholeNode: true, dedicated: false };
    const waiting = [task("1"), task("2", { manager }), task("3", { jobId: "urgent", priority: 1 })];

    expect(placed(waiting, [node("a", 2)])).toEqual([
      ["3", "a"],
      ["1", "a"],
    ]);
    expect(placed(waiting.slice(0, 2), [node("a", 2)])).toEqual([["2", "a"]]);
    expect(placed([task("2", { manager })], [node("a", 1, { slots: 2 })])).toEqual([]);
  });

  it("lets a manager that wants a dedicated node wait for one", () => {
    const manager = { wholeNode: false, dedicated: true };
    const nodes = [node("a", 1, { isDedicated: false }), node("b", 1)];

    expect(placed([task("1", { manager })], nodes)).toEqual([["1", "b"]]);
    expect(placed([task("1", { manager })], nodes.slice(0, 1))).toEqual([]);
  });

  it("follows an affinity while its node has room", () => {
    const waiting = [task("1", { affinityId: "TVM:b" }), task("2", { affinityId: "TVM:b" })];

    expect(placed(waiting, [node("a", 4), node("b", 1)])).toEqual([
      ["1", "b"],
      ["2", "a"],
    ]);
  });
});
