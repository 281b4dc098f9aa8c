/** The portal as a person uses it: read, walked through with the keyboard, left open, and shown what a task has written to harm it. */
import type { BatchAccount } from "../../../local/compute/account";
import { Portal } from "../../../local/portal/portal";
import { type Browser, chromium, openBrowser } from "../../support/chromium";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";
import { eventually } from "../batch/batchCloud";
import { bash, pool } from "../batch/fixtures";

const attack = "<script>window.harmed=1</script><img src=x onerror=window.harmed=1>";
const identityResourceIds: string[] = [];

if (chromium === undefined) {
  console.warn("Chromium is not installed: nobody looked at the portal.");
  it.skip("the portal in Chromium, which is not installed", () => undefined);
} else
  describe("the portal in a browser", () => {
    let cloud: TestCloud;
    let portal: Portal;
    let browser: Browser;
    let account: BatchAccount;
    let address: string;
    beforeAll(async () => {
      cloud = await openLocalCloud({ quotas: { dedicatedCores: 4 } });
      await cloud.cloud.batch.ensure("one", "/subscriptions/s/resourceGroups/g/providers/b/one", false);
      account = cloud.cloud.batch.account("one");
      fill(account);
      portal = new Portal(cloud.cloud.batch);
      address = await portal.start(0);
      browser = await openBrowser(chromium!);
      await eventually("tasks and nodes to come to their ends", () => Promise.resolve(isSettled(account)));
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await portal.stop();
      await cloud.stop();
    }, 60_000);

    const shown = (selector = "main"): Promise<string> =>
      browser.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);
    /** Of a page that may be on its way. */
    const comes = (text: string, selector = "main"): Promise<boolean> =>
      eventually(`'${text}' to show`, async () => (await shown(selector).catch(() => "")).includes(text));
    const open = (path: string): Promise<void> => browser.open(address + path);

    it("tells of a pool why it has not its nodes, and of a job what became of its tasks", async () => {
      await open("one/");

      const text = await shown();
      expect(text).toContain("AccountCoreQuotaReached");
      expect(text).toContain("the start task failed on 1 of 1 nodes");
      expect(text).toMatch(/hostile\s+active\s+1 succeeded, 1 failed/);
      expect(browser.complaints).toEqual([]);
    });

    it("shows what a task and its start task wrote, and why they failed", async () => {
      await open("one/jobs/hostile/tasks/fails");
      expect(await shown()).toMatch(/FailureExitCode.*exit code 3/);
      expect(await shown("h2 + pre + h2 + pre")).toBe("no such module\n");

      await open("one/pools/bad");
      await browser.evaluate("document.querySelector('td a').click()");
      await comes("no layers here");
      expect(await shown()).toContain("starttaskfailed");
    });

    it("shows what a job's preparation wrote where it failed", async () => {
      await open("one/jobs/unprepared");

      expect(await shown()).toMatch(/Preparation failed[^]*exit code 9[^]*no space/);
    });

    it.each(["one/", "one/jobs/hostile", "one/jobs/hostile/tasks/writes", "one/jobs/ended"])(
      "shows an attack as the text that it is: %s",
      async (path) => {
        await open(path);

        const main = await browser.evaluate<string>("document.querySelector('main').innerHTML");
        expect(main).not.toMatch(/<(script|img)/);
        expect(await browser.evaluate("typeof window.harmed")).toBe("undefined");
        expect(browser.complaints).toEqual([]);
        if (path.includes("tasks") || path.endsWith("ended")) expect(await shown()).toContain(attack);
      },
    );

    it("leads from the accounts to a task by the keyboard alone, and back", async () => {
      await open("");
      const follow = async (label: string): Promise<void> => {
        const focused = (): Promise<string> => browser.evaluate("document.activeElement.innerText");
        for (let tabs = 0; (await focused()) !== label; tabs += 1) {
          if (tabs > 30) throw new Error(`no way leads to ${label}`);
          await browser.press("Tab");
        }
        await browser.press("Enter");
        await comes(label, "h1");
      };

      for (const label of ["one", "hostile", "fails", "hostile", "one"]) await follow(label);
    });

    it("shows what happens while it is open, and stays where the reader is", async () => {
      await open("one/jobs/grows");
      await browser.evaluate("document.querySelector('dd a').focus()");

      account.tasks.add("grows", { id: "later", commandLine: "/bin/true" });

      await comes("later");
      expect(await browser.evaluate("document.activeElement.innerText")).toBe("good");
      expect(browser.complaints).toEqual([]);
    });

    it("says when what it shows is gone", async () => {
      account.jobs.add({ id: "goes", poolInfo: { poolId: "good" } });
      await open("one/jobs/goes");

      await account.jobs.delete("goes");

      await comes("It is gone.", "[role=status]");
    });

    it.each(["one/", "one/jobs/hostile", "one/jobs/hostile/tasks/writes", "one/pools/bad"])(
      "fits a narrow window: %s",
      async (path) => {
        await browser.resize(360);
        await open(path);

        expect(await browser.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      },
    );
  });

function fill(account: BatchAccount): void {
  const startTask = { commandLine: bash("echo no layers here >&2; exit 7"), waitForSuccess: true };
  account.createPool({ ...pool({ id: "good" }), identityResourceIds });
  account.createPool({ ...pool({ id: "bad", startTask }), identityResourceIds });
  account.createPool({ ...pool({ id: "large" }), targetDedicatedNodes: 9, identityResourceIds });
  const poolInfo = { poolId: "good" };
  for (const id of ["hostile", "grows", "ended"]) account.jobs.add({ id, poolInfo });
  account.tasks.add("hostile", { id: "writes", commandLine: bash(`echo '${attack}'`) });
  account.tasks.add("hostile", { id: "fails", commandLine: bash("echo no such module >&2; exit 3") });
  account.jobs.terminate("ended", attack);
  const jobPreparationTask = { commandLine: bash("echo no space >&2; exit 9"), waitForSuccess: true };
  account.jobs.add({ id: "unprepared", poolInfo, jobPreparationTask });
  account.tasks.add("unprepared", { id: "waits", commandLine: "/bin/true" });
}

function isSettled(account: BatchAccount): boolean {
  const prepared = account.preparations.list(account.jobs.get("unprepared"));
  return (
    account.tasks.list("hostile").every(({ state }) => state === "completed") &&
    account.pools.nodesOf(account.pools.get("bad")).some(({ state }) => state === "starttaskfailed") &&
    account.pools.get("large").allocationState === "steady" &&
    prepared.some(({ preparation }) => preparation.result === "failure")
  );
}
