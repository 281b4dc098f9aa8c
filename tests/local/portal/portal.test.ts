/** The portal over an account that has been through something: a job with a failure, a pool whose start task failed. */
import { request } from "node:http";
import { Portal } from "../../../local/portal/portal";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";

const image = {
  imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
  nodeAgentSKUId: "batch.node.ubuntu 24.04",
};
const pool = (id: string, startTask?: string) => ({
  id,
  vmSize: "Standard_D2s_v3",
  virtualMachineConfiguration: image,
  targetDedicatedNodes: 1,
  identityResourceIds: [],
  ...(startTask !== undefined && {
    startTask: { commandLine: startTask, waitForSuccess: true, maxTaskRetryCount: 0 },
  }),
});

describe("the portal", () => {
  let cloud: TestCloud;
  let portal: Portal;
  let address: string;
  const read = async (path: string, method = "GET"): Promise<{ status: number; text: string }> => {
    const answer = await fetch(address + path, { method });
    return { status: answer.status, text: await answer.text() };
  };
  beforeAll(async () => {
    cloud = await openLocalCloud();
    await cloud.cloud.batch.ensure("one", "/subscriptions/s/resourceGroups/g/providers/b/one", false);
    portal = new Portal(cloud.cloud.batch);
    address = await portal.start(0);
    const account = cloud.cloud.batch.account("one");
    account.createPool(pool("good"));
    account.createPool(pool("bad", "/bin/sh -c 'echo no layers here >&2; exit 7'"));
    account.jobs.add({ id: "job", poolInfo: { poolId: "good" } });
    account.tasks.add("job", { id: "fine", commandLine: "/bin/echo <hello>" });
    account.tasks.add("job", { id: "wrong", commandLine: "/bin/false" });
    const settled = (): boolean =>
      account.tasks.list("job").every(({ state }) => state === "completed") &&
      account.pools.nodesOf(account.pools.get("bad")).some(({ state }) => state === "starttaskfailed");
    for (const deadline = Date.now() + 30_000; !settled(); await new Promise((go) => setTimeout(go, 20)))
      if (Date.now() > deadline) throw new Error("waited 30 s for the tasks and the start task to end");
  }, 60_000);
  afterAll(async () => {
    await portal.stop();
    await cloud.stop();
  }, 60_000);

  it("leads from the accounts to pools and jobs, with their counts", async () => {
    expect((await read("")).text).toMatch(/<a href="\/[0-9a-f]{32}\/one\/">one<\/a>/);
    const { text } = await read("one/");

    expect(text).toMatch(/pools\/good">good</);
    expect(text).toContain("the start task failed on 1 of 1 nodes");
    expect(text).toContain("<td>1 succeeded, 1 failed</td>");
  });

  it("shows the tasks of a job, failed ones first, with the service's code and the exit code", async () => {
    const { text } = await read("one/jobs/job");

    expect(text.indexOf("tasks/wrong")).toBeLessThan(text.indexOf("tasks/fine"));
    expect(text).toMatch(/FailureExitCode<\/span> .*The task exited with exit code 1/);
    expect(text).toContain("exit code 0");
  });

  it("shows what a task wrote, as text", async () => {
    const { text } = await read("one/jobs/job/tasks/fine");

    expect(text).toMatch(/<pre>&#60;hello&#62;\s*<\/pre>/);
    expect(text).toContain("stdout.txt (8 bytes)");
    expect((await read("one/jobs/job/tasks/wrong")).text).toContain("<pre>(empty)</pre>");
  });

  it("shows why a node does not work, in its start task's own words", async () => {
    const { text } = await read("one/pools/bad");
    const node = /nodes\/[^"]+/.exec(text)?.[0] ?? "";

    expect(text).toContain("starttaskfailed");
    expect((await read(`one/pools/bad/${node}`)).text).toContain("<pre>no layers here");
  });

  it.each([
    "two/",
    "one/jobs/none",
    "one/jobs/job/tasks/none",
    "one/pools/none",
    "one/pools/good/nodes/x",
    "x",
  ])("answers 404 for %s", async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  it("shows nothing to who does not know its key, and changes nothing", async () => {
    const { origin } = new URL(address);

    expect((await fetch(origin)).status).toBe(404);
    expect((await fetch(`${origin}/one/`)).status).toBe(404);
    expect((await read("one/", "POST")).status).toBe(405);
  });

  it("answers to this machine's own names only, so that no other page's name can lead here", async () => {
    const { port, pathname } = new URL(address);
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const call = request({ port, path: pathname, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.on("error", reject).end();
      });

    for (const host of [`127.0.0.1:${port}`, "localhost:8080"]) expect(await statusFor(host)).toBe(200);
    for (const host of ["attacker.example", `127.0.0.1.attacker.example:${port}`])
      expect(await statusFor(host)).toBe(403);
  });

  it("loads nothing from elsewhere, and tells nobody its address", async () => {
    const { headers } = await fetch(address);

    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect((await read("style.css")).status).toBe(200);
    expect((await read("live.js")).status).toBe(200);
  });
});
