/**
 * The door by which faults are looked at and set while the cloud runs. It is the operator's own: on loopback, beside what stands for Azure, at an
 * address that holds a key and that only a file of the operator's tells.
 */
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Listener, readBody, respondJson } from "../listener";
import type { Faults } from "./faults";
import { parseFaults } from "./settings";

const mostBytes = 64 * 1024;

export class FaultsDoor {
  readonly #path = `/${randomBytes(16).toString("hex")}/faults`;
  readonly #listener = new Listener((request, response) => this.#answer(request, response));

  /** `file` is written and taken away again. */
  constructor(
    private readonly faults: Faults,
    private readonly file: string,
  ) {}

  async start(): Promise<void> {
    const port = await this.#listener.start(0);
    // A mode is for new files only.
    rmSync(this.file, { force: true });
    writeFileSync(this.file, `http://127.0.0.1:${port}${this.#path}\n`, { mode: 0o600 });
  }

  async stop(): Promise<void> {
    rmSync(this.file, { force: true });
    await this.#listener.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mistakes = request.url === this.#path ? await this.#act(request) : ["there is nothing here"];
    if (mistakes.length > 0) respondJson(response, request.url === this.#path ? 400 : 404, { mistakes });
    else respondJson(response, 200, { settings: this.faults.settings, injected: this.faults.injected() });
  }

  /** Returns what is wrong with the request. */
  async #act(request: IncomingMessage): Promise<readonly string[]> {
    if (request.method === "GET") return [];
    if (request.method !== "PUT") return [`expected GET or PUT, got ${request.method ?? ""}`];
    const body = await readBody(request, mostBytes);
    if (body === undefined) return [`expected at most ${mostBytes} bytes`];
    const parsed = parseFaults(body);
    if ("mistakes" in parsed) return parsed.mistakes;
    this.faults.set(parsed.settings);
    return [];
  }
}
