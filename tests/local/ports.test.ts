import { portsFrom } from "../../local/ports";

describe("the ports of the local cloud", () => {
  it("follow the first one, around those that accounts keep from an earlier time", async () => {
    const ports = portsFrom(10_000, (port) => port === 10_001 || port === 10_002);

    expect([await ports(), await ports(), await ports()]).toEqual([10_000, 10_003, 10_004]);
  });
});
