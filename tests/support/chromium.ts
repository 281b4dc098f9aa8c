/** Chromium without a window, spoken to over its debugging pipe (Chrome DevTools Protocol), so that a test needs nothing but the browser. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Where distributions put it; undefined when it is not installed. */
export const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);

const keys = {
  Tab: 9,
  Enter: 13,
  Escape: 27,
  ArrowLeft: 37,
  ArrowRight: 39,
  ArrowDown: 40,
  "/": 191,
} as const;
export type Key = keyof typeof keys;

export interface Look {
  readonly dark?: boolean;
  readonly width?: number;
  readonly whole?: boolean;
}

export interface Browser {
  open(url: string): Promise<void>;
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  press(key: Key): Promise<void>;
  /** `dark`: as for a person who prefers it; `whole`: not the window alone, but the page. PNG. */
  screenshot(look?: Look): Promise<Buffer>;
  /** Set how wide the window is. */
  resize(width: number): Promise<void>;
  /** What the page complained of since it was opened: exceptions, refused loads. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const deadlineMs = 20_000;

export async function openBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
  ];
  const child = spawn(program, [...flags, "--remote-debugging-pipe", `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const connection = new Connection(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetId } = await connection.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await connection.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method: string, params: object = {}) => connection.send(method, params, sessionId as string);
  const complaints: string[] = [];
  connection.on("Runtime.exceptionThrown", ({ exceptionDetails }) =>
    complaints.push(JSON.stringify(exceptionDetails)),
  );
  connection.on("Log.entryAdded", ({ entry }) => complaints.push(JSON.stringify(entry)));
  const loads = new Loads();
  connection.on("Page.lifecycleEvent", ({ name, loaderId }) => {
    if (name === "load") loads.note(loaderId as string);
  });
  for (const domain of ["Page", "Runtime", "Log"]) await send(`${domain}.enable`);
  await send("Page.setLifecycleEventsEnabled", { enabled: true });
  const resize = async (width: number): Promise<void> => {
    await send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
  };
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  };
  return {
    complaints,
    evaluate,
    resize,
    open: async (url) => {
      complaints.length = 0;
      const { loaderId } = await send("Page.navigate", { url });
      await within(`the load of ${url}`, loads.of(loaderId as string));
    },
    press: async (key) => {
      const text = key === "Enter" ? "\r" : key === "/" ? key : "";
      const event = { key, code: key, windowsVirtualKeyCode: keys[key], text };
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...event, text: "" });
    },
    screenshot: async ({ dark = false, width = 1200, whole = true } = {}) => {
      await resize(width);
      const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
      await send("Emulation.setEmulatedMedia", { features });
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: whole });
      return Buffer.from(data as string, "base64");
    },
    close: async () => {
      await connection.send("Browser.close").catch(() => child.kill("SIGKILL"));
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Which loads are over: each has an id, since one of an earlier page may end late. */
class Loads {
  readonly #over = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  note(loaderId: string): void {
    this.#over.add(loaderId);
    this.#waiting.get(loaderId)?.();
  }

  of(loaderId: string): Promise<void> {
    if (this.#over.has(loaderId)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(loaderId, resolve));
  }
}

/** Messages are JSON, each ended by a NUL. */
class Connection {
  #count = 0;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #heard = new Map<string, ((params: Record<string, unknown>) => void)[]>();

  constructor(
    private readonly into: Writable,
    from: Readable,
  ) {
    let rest = "";
    from.setEncoding("utf8").on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#take(JSON.parse(message) as Message);
    });
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#count;
    const answer = within(method, new Promise<Message>((resolve) => this.#waiting.set(id, resolve)));
    this.into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  on(method: string, act: (params: Record<string, unknown>) => void): void {
    this.#heard.set(method, [...(this.#heard.get(method) ?? []), act]);
  }

  #take(message: Message): void {
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    for (const act of this.#heard.get(message.method ?? "") ?? []) act(message.params ?? {});
  }
}

function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Chromium did not answer ${what} in ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
