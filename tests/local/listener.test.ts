import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { Listener } from "../../local/listener";

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const settle = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", settle(true)).once("error", settle(false)).once("timeout", settle(false));
  });
}

describe("a service of the local cloud", () => {
  it("listens on 127.0.0.1 and on no other address of this machine", async () => {
    const listener = new Listener((_, response) => void response.end());
    const port = await listener.start(0);
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const others = addresses.map(({ address }) => address).filter((address) => address !== "127.0.0.1");
    try {
      expect(await connects("127.0.0.1", port)).toBe(true);
      // 127.0.0.2 is this machine too, and open to whoever listens on all addresses.
      for (const address of ["127.0.0.2", ...others])
        expect([address, await connects(address, port)]).toEqual([address, false]);
    } finally {
      await listener.stop();
    }
  });
});
