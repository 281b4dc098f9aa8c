import { leavingFirst } from "../../../local/compute/resizes";

describe("the nodes that a pool gives back", () => {
  it("are those that were asked for, then the idle ones and those with a job's manager last", () => {
    const nodes = [
      { id: "managed", tasks: 1, manager: true },
      { id: "busy", tasks: 3, manager: false },
      { id: "chosen", tasks: 2, manager: true, chosen: true },
      { id: "idle", tasks: 0, manager: false },
      { id: "less busy", tasks: 1, manager: false },
    ];

    const inTurn = leavingFirst(
      nodes,
      ({ chosen = false }) => chosen,
      ({ tasks }) => tasks,
      ({ manager }) => manager,
    );

    expect(inTurn.map(({ id }) => id)).toEqual(["chosen", "idle", "less busy", "busy", "managed"]);
  });
});
