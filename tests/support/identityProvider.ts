/** A pipeline's identity provider on loopback, by GitHub's protocol, with answers of the test's. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, calls: number) => readonly [status: number, body: string];

/** `use` gets the variables that GitHub sets, and the requests that came. */
export async function withIdentityProvider(
  answer: Answer,
  use: (environment: Record<string, string>, requests: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const [status, body] = answer(request, requests.push(request));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await use(
      {
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
      },
      requests,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
