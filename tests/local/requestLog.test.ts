import { connect } from "node:net";
import { Listener } from "../../local/listener";
import { type AnsweredRequest, lineOf, logRequests } from "../../local/requestLog";
import { eventually } from "./batch/batchCloud";

const request: AnsweredRequest = {
  at: new Date("2026-03-01T12:16:57.123Z"),
  service: "localbatch",
  method: "GET",
  url: "/pools?api-version=2025-06-01",
  status: 200,
  reason: "OK",
  tookMs: 3,
};

describe("the line of a request", () => {
  it("has time, status, duration, service, method and path", () => {
    expect(lineOf(request)).toBe("12:16:57.123 200    3 ms localbatch GET /pools?api-version=2025-06-01");
  });

  it("ends with the reason of a refusal", () => {
    expect(lineOf({ ...request, status: 404, reason: "The specified pool does not exist." })).toMatch(
      / 404 .* \(The specified pool does not exist\.\)$/,
    );
  });

  it.each(["sig=c2VjcmV0", "SIG=c2VjcmV0", "s%69g=c2VjcmV0"])("tells no signature: %s", (signature) => {
    const line = lineOf({ ...request, url: `/a/b?sp=r&${signature}&se=2026` });

    expect(line).toContain("/a/b?sp=r&sig=***&se=2026");
    expect(line).not.toContain("c2VjcmV0");
  });

  it("is one line of plain text, whatever the caller sent", () => {
    expect(lineOf({ ...request, url: "/\u001b[2J\u009b\n" })).toMatch(/ GET \/\?\[2J\?\?$/);
  });
});

describe("the log of requests", () => {
  const lines: string[] = [];
  let port = 0;
  let end: () => void;
  const listener = new Listener((asked, response) => {
    if (asked.url !== "/cut") response.writeHead(201).end("{}");
  });
  beforeAll(async () => {
    port = await listener.start(0);
    end = logRequests(
      (at) => (at === port ? "service" : undefined),
      (line) => lines.push(line),
    );
  });
  beforeEach(() => (lines.length = 0));
  afterAll(() => listener.stop());
  const told = (): Promise<string> => eventually("a line", () => Promise.resolve(lines[0]));

  it("has a line for each that was answered", async () => {
    await (await fetch(`http://127.0.0.1:${port}/a?b=c`)).text();

    expect(await told()).toMatch(/ 201 +\d+ ms service GET \/a\?b=c$/);
  });

  it("says of one whose connection ended first that it was cut", async () => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /cut HTTP/1.1\r\nHost: x\r\n\r\n"));
    setTimeout(() => socket.destroy(), 50);

    expect(await told()).toMatch(/ cut +\d+ ms service GET \/cut$/);
  });

  it("has none of services that nobody asked it for, and none after its end", async () => {
    const other = new Listener((_, response) => void response.end());
    const otherPort = await other.start(0);
    await (await fetch(`http://127.0.0.1:${otherPort}/`)).text();
    await other.stop();
    end();
    await (await fetch(`http://127.0.0.1:${port}/after`)).text();

    expect(lines).toEqual([]);
  });
});
