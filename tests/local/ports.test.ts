import { createServer } from "node:net";
import { freePort, portsFrom } from "../../local/ports";

describe("the ports of the local cloud", () => {
  it("follow the first one, around those that accounts keep from an earlier time", async () => {
    const ports = portsFrom(10_000, (port) => port === 10_001 || port === 10_002);

    expect([await ports(), await ports(), await ports()]).toEqual([10_000, 10_003, 10_004]);
  });

  it("are none that a connection that goes out may get, and none that is kept", async () => {
    const ports = portsFrom(undefined, (port) => port % 2 === 0);

    for (let times = 0; times < 50; times++) {
      const port = await ports();
      expect(port).toBeLessThan(32_768);
      expect(port % 2).toBe(1);
    }
  });

  it("are free", async () => {
    const port = await freePort();
    const server = createServer();

    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

    await expect(freePort((other) => other !== port)).rejects.toThrow("no free port");
    await new Promise((resolve) => server.close(resolve));
  });
});
