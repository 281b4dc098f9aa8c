/** A submit whose services refuse, lose answers and are busy: it ends with one job of all its tasks, each once, or says what to do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import { project, type Finished } from "../support/command";
import { openFaultyDoor, type Fault } from "../support/faultyDoor";
import { changedTarget, openLocalCloud, type TestCloud } from "../support/localCloud";

/** No node starts while the tests run, so that no task ends meanwhile. */
const neverMs = 3_600_000;

/** As many as the pool has slots a node: a task each. */
const images = 8;

let cloud: TestCloud;
let target: string;
let values: JobTarget;

beforeAll(async () => {
  cloud = await openLocalCloud({ nodeBootMs: neverMs });
  const settings = { seedFolder: "", scaling: "fixed", poolNodes: 1, vmSize: "Standard_D8s_v3" };
  target = await cloud.applyStack(settings);
  values = parseJobTarget(JSON.parse(readFileSync(target, "utf8")), target);
  const input = await cloud.container(containerUrl(values, "input"));
  const picture = readFileSync(join(project, "assets/images/street-01.jpg"));
  for (let number = 1; number <= images; number += 1)
    await input.getBlockBlobClient(`${number}.jpg`).uploadData(picture);
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

const none: Fault = { kind: "none" };
type FaultOf = (request: string, body: string) => Fault;

let lineages = 0;

/** Submits in a lineage of its own, through a door before Batch and one before storage. */
async function submitThrough(doors: {
  readonly batch?: FaultOf;
  readonly storage?: FaultOf;
}): Promise<{ readonly submitted: Finished; readonly again: Finished }> {
  const batch = await openFaultyDoor(cloud, values.batchEndpoint, doors.batch ?? (() => none));
  const storage = await openFaultyDoor(cloud, values.blobEndpoint, doors.storage ?? (() => none));
  lineages += 1;
  const lineage = `${lineages}`.padStart(16, "0");
  const direct = changedTarget(target, `direct-${lineages}`, (stack) => ({ ...stack, lineage }));
  const faulty = changedTarget(target, `faulty-${lineages}`, (stack) => ({
    ...stack,
    lineage,
    batchEndpoint: batch.endpoint,
    blobEndpoint: storage.endpoint,
  }));
  try {
    const submitted = await cloud.job(["submit", "--target", faulty, "--json"]);
    return { submitted, again: await cloud.job(["submit", "--target", direct, "--json"]) };
  } finally {
    await batch.close();
    await storage.close();
  }
}

/** It did what was asked, and the service has it once. */
function expectOneWholeJob({ submitted, again }: Awaited<ReturnType<typeof submitThrough>>): void {
  expect(submitted).toMatchObject({ code: 0 });
  const { kind, jobId, tasks } = JSON.parse(submitted.stdout) as Record<string, unknown>;
  expect({ kind, tasks }).toEqual({ kind: "submitted", tasks: images });
  const account = cloud.batchAccount();
  expect(account.tasks.list(String(jobId)).map(({ id }) => id)).toEqual(
    Array.from({ length: images }, (_, index) => `shard-0000${index + 1}`),
  );
  expect(account.jobs.get(String(jobId)).spec.onAllTasksComplete).toBe("terminatejob");
  expect(again).toMatchObject({ code: 0 });
  expect(JSON.parse(again.stdout)).toMatchObject({ kind: "already-running", jobId });
}

/** A request that was not met before. */
function eachOnce(fault: Fault): FaultOf {
  const met = new Set<string>();
  return (request) => {
    if (met.has(request)) return none;
    met.add(request);
    return fault;
  };
}

const batchRefusal = (status: number, code: string, headers = {}): Fault => ({
  kind: "answer",
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ code, message: { lang: "en-US", value: `${code}, says the door.` } }),
});
const busyStorage: Fault = {
  kind: "answer",
  status: 503,
  headers: { "content-type": "application/xml", "x-ms-error-code": "ServerBusy" },
  body: "<Error><Code>ServerBusy</Code><Message>busy, says the door</Message></Error>",
};
const isAddingTasks = (request: string): boolean => request.endsWith("/addtaskcollection");
const idsIn = (body: string): string[] =>
  (JSON.parse(body) as { value: { id: string }[] }).value.map(({ id }) => id);

describe("a submit", () => {
  it("ends with each task once when every first answer of Batch is lost", async () => {
    expectOneWholeJob(await submitThrough({ batch: eachOnce({ kind: "lost" }) }));
  });

  it("ends with each task once when every first answer of storage is lost", async () => {
    expectOneWholeJob(await submitThrough({ storage: eachOnce({ kind: "lost" }) }));
  });

  it("waits as it is told when each first request to Batch is refused, with 429 and 503 in turns", async () => {
    const [throttled, busy] = [
      eachOnce(batchRefusal(429, "TooManyRequests", { "retry-after": "1" })),
      eachOnce(batchRefusal(503, "ServerBusy", { "retry-after": "1" })),
    ];
    let turn = 0;
    const refused: FaultOf = (request, body) => (turn++ % 2 === 0 ? throttled : busy)(request, body);

    expectOneWholeJob(await submitThrough({ batch: refused }));
  });

  it("goes on when each first request to storage finds it busy", async () => {
    expectOneWholeJob(await submitThrough({ storage: eachOnce(busyStorage) }));
  });

  it("halves a collection of tasks that Batch finds too large", async () => {
    const sizes: number[] = [];
    const atMostThree: FaultOf = (request, body) => {
      if (!isAddingTasks(request)) return none;
      sizes.push(idsIn(body).length);
      return sizes.at(-1)! > 3 ? batchRefusal(413, "RequestBodyTooLarge") : none;
    };

    expectOneWholeJob(await submitThrough({ batch: atMostThree }));
    expect(sizes).toEqual([8, 4, 2, 2, 4, 2, 2]);
  });

  it("sends again the tasks that failed on the service's side, and those alone", async () => {
    const sent: string[][] = [];
    const halfFails: FaultOf = (request, body) => {
      if (!isAddingTasks(request)) return none;
      sent.push(idsIn(body));
      if (sent.length > 1) return none;
      const value = sent[0]!.map((taskId) => ({
        taskId,
        status: "servererror",
        error: { code: "ServerBusy", message: { lang: "en-US", value: "says the door" } },
      }));
      return {
        kind: "answer",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ value }),
      };
    };

    expectOneWholeJob(await submitThrough({ batch: halfFails }));
    expect(sent[1]).toEqual(sent[0]);
  });

  it("says what failed when Batch refuses for good, and the next one ends what it began", async () => {
    const { submitted, again } = await submitThrough({
      batch: (request) => (isAddingTasks(request) ? batchRefusal(403, "PermissionDenied") : none),
    });

    expect(submitted.code).toBe(1);
    expect(submitted.stderr).toContain("PermissionDenied, says the door.");
    expect(again).toMatchObject({ code: 0 });
    const { jobId } = JSON.parse(again.stdout) as { readonly jobId: string };
    expect(cloud.batchAccount().tasks.list(jobId)).toHaveLength(images);
    expect(cloud.batchAccount().jobs.get(jobId).spec.onAllTasksComplete).toBe("terminatejob");
  });
});
