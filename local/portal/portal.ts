/**
 * The portal: pages to watch the Batch accounts by, as people watch Batch in Azure's. It changes nothing. Its address holds a key, since
 * the output of tasks is for the person who started the cloud and not for every account of the machine.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import findMyWay from "find-my-way";
import { html } from "../../worker/contract/markup";
import { type BatchAccounts, batchEndpoint } from "../batchAccounts";
import type { BatchAccount } from "../compute/account";
import { BatchFailure } from "../compute/failure";
import { Listener } from "../listener";
import { accountPage } from "./accountPage";
import { framed, type Page, script, style } from "./frame";
import { jobPage, taskPage } from "./jobPage";
import { link, table } from "./parts";
import { nodePage, poolPage } from "./poolPage";

type Parameters = Readonly<Record<string, string | undefined>>;
/** Undefined: there is no such page. */
type Look = (parameters: Parameters) => Page | Promise<Page> | undefined;
type LookAtAccount = (account: BatchAccount, base: string, at: Parameters) => Page | Promise<Page>;

export class Portal {
  readonly #key = randomBytes(16).toString("hex");
  readonly #listener = new Listener((request, response) => this.#answer(request, response));
  readonly #base = `/${this.#key}/`;
  readonly #routes = findMyWay({ maxParamLength: 512 });

  constructor(batch: BatchAccounts) {
    const page = (path: string, look: Look): void => {
      this.#routes.on("GET", `${this.#base}${path}`, () => undefined, look);
    };
    const pageOfAccount = (path: string, look: LookAtAccount): void =>
      page(`:account/${path}`, (at) => {
        const { account = "" } = at;
        return batch.has(account) ? look(batch.account(account), `${this.#base}${account}/`, at) : undefined;
      });
    page("", () => accountsPage(batch, this.#base));
    pageOfAccount("", accountPage);
    pageOfAccount("pools/:pool", (account, base, { pool = "" }) => poolPage(account, base, pool));
    pageOfAccount("pools/:pool/nodes/:node", (account, base, { pool = "", node = "" }) =>
      nodePage(account, base, pool, node, Date.now()),
    );
    pageOfAccount("jobs/:job", (account, base, { job = "" }) => jobPage(account, base, job, Date.now()));
    pageOfAccount("jobs/:job/tasks/:task", (account, base, { job = "", task = "" }) =>
      taskPage(account, base, job, task, Date.now()),
    );
  }

  /** Returns the address to open. */
  async start(port: number): Promise<string> {
    return `http://127.0.0.1:${await this.#listener.start(port)}/${this.#key}/`;
  }

  stop(): Promise<void> {
    return this.#listener.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const { status, type, text } = !isForThisMachine(request)
      ? plain(403, "The portal answers to this machine's own names only.")
      : request.method === "GET"
        ? await this.#look(path)
        : plain(405, "The portal only shows; it changes nothing.");
    response.writeHead(status, { ...headers, "content-type": `${type}; charset=utf-8` }).end(text);
  }

  async #look(path: string): Promise<Answer> {
    if (path === `${this.#base}style.css`) return { status: 200, type: "text/css", text: style };
    if (path === `${this.#base}live.js`) return { status: 200, type: "text/javascript", text: script };
    const found = this.#routes.find("GET", path);
    const answerWith = (status: number, page: Page): Answer => ({
      status,
      type: "text/html",
      text: framed(this.#base, page),
    });
    try {
      const page = await (found?.store as Look | undefined)?.(found?.params ?? {});
      return page === undefined ? plain(404, "There is no such page.") : answerWith(200, page);
    } catch (error) {
      if (!(error instanceof BatchFailure)) throw error;
      const body = html`<p>${error.message}</p>`;
      return answerWith(404, { title: "Not there", above: [["Accounts", ""]], body });
    }
  }
}

/** A page of another name may not become the portal's by having its name lead here (DNS rebinding). */
function isForThisMachine({ headers: { host = "" } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const plain = (status: number, text: string): Answer => ({ status, type: "text/plain", text: `${text}\n` });

/** Nothing from elsewhere may be loaded or sent, and no other page learns the address. */
const headers = {
  "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

function accountsPage(batch: BatchAccounts, base: string): Page {
  const accounts = batch.options.records.list();
  return {
    title: "Batch accounts",
    above: [],
    body: table(
      ["account", "endpoint", "keys"],
      accounts.map((record) => [
        link(`${base}${record.name}/`, record.name),
        batchEndpoint(record),
        record.allowSharedKey ? "allowed" : "refused",
      ]),
      "There is no Batch account yet.",
    ),
  };
}
