/** A slow link in front of a port: what a client sends arrives a little later, as over a distance. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface SlowLink {
  readonly port: number;
  close(): void;
}

/** Every piece of a request waits `latencyMs`; they keep their order, and answers come back at once. */
export async function openSlowLink(toPort: number, latencyMs: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const service = connect(toPort, "127.0.0.1");
    for (const [socket, other] of [
      [client, service],
      [service, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (piece) => setTimeout(() => service.write(piece), latencyMs));
    service.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
