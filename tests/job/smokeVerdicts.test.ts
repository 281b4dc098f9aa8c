/** The verdicts of `npm run smoke` on what Azure may answer and the local cloud never does, and the page that they point to. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import { checks } from "../../infra/job/smoke/checks";
import { assessClock } from "../../infra/job/smoke/clock";
import { assessIfMatch } from "../../infra/job/smoke/containers";
import {
  assessLogs,
  assessNodeIdentity,
  assessPreparations,
  assessResults,
  type LastRun,
} from "../../infra/job/smoke/lastRun";
import { assessLayer } from "../../infra/job/smoke/layers";
import { assessNodes } from "../../infra/job/smoke/nodes";
import { assessIdentity, assessImage, assessResize } from "../../infra/job/smoke/pool";
import { assessKeyRefusal, assessRefusal } from "../../infra/job/smoke/refusals";
import { assessAudience } from "../../infra/job/smoke/service";
import { findingOf } from "../../infra/job/smoke/verdicts";
import { project } from "../support/command";
import { emptyPool } from "./emptyPool";

const page = readFileSync(join(project, "docs/first-azure-run.md"), "utf8");

/** As GitHub makes them of headings: small letters, no punctuation, hyphens for spaces. */
const anchors = [...page.matchAll(/^#{2,4} (.+)$/gm)].map(([, heading]) =>
  heading!
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-"),
);

describe("docs/first-azure-run.md", () => {
  it("has the heading that each check points to, and names each check there", () => {
    for (const { id, anchor } of checks) {
      expect(anchors).toContain(anchor);
      expect(page).toContain(`\`${id}\``);
    }
  });

  it("names no check that there is not", () => {
    const named = [...page.matchAll(/Settled by smoke:\*\* ((?:`[a-z-]+`(?:,\s+)?)+)/g)].flatMap(([, list]) =>
      [...list!.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id),
    );

    expect(new Set(named)).toEqual(new Set(checks.map(({ id }) => id)));
  });

  it("names files that there are", () => {
    const named = [...page.matchAll(/`((?:infra|worker)\/[\w/.-]+)`/g)].map(([, file]) => file!);

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(join(project, file)))).toEqual([]);
  });

  it("has no two headings with one anchor, and links to none that is missing", () => {
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);

    expect(new Set(anchors).size).toBe(anchors.length);
    expect(anchors).toEqual(expect.arrayContaining(links));
  });
});

describe("the checks", () => {
  it("need only what was checked before them", () => {
    const before: string[] = [];
    for (const { id, needs } of checks) {
      expect(before).toEqual(expect.arrayContaining([...needs]));
      expect(before).not.toContain(id);
      before.push(id);
    }
  });
});

const pool = (resourceId?: string): BatchServiceModels.CloudPool => ({
  virtualMachineConfiguration: {
    imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
    nodeAgentSKUId: "batch.node.ubuntu 24.04",
  },
  ...(resourceId !== undefined && {
    identity: { type: "UserAssigned", userAssignedIdentities: [{ resourceId, clientId: "c" }] },
  }),
});
const image = (
  change: Partial<BatchServiceModels.ImageInformation>,
): BatchServiceModels.ImageInformation => ({
  imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" },
  nodeAgentSKUId: "batch.node.ubuntu 24.04",
  osType: "linux",
  verificationType: "verified",
  ...change,
});
const nowMs = Date.parse("2027-01-01T00:00:00Z");

describe("the node image", () => {
  it("is supported when Batch lists it as verified, in whatever letters", () => {
    expect(assessImage(pool(), [image({})], nowMs).kind).toBe("ok");
  });

  it.each([
    ["is not listed", []],
    ["is listed with another agent only", [image({ nodeAgentSKUId: "batch.node.ubuntu 22.04" })]],
    ["is unverified", [image({ verificationType: "unverified" })]],
    ["loses its support within 90 days", [image({ batchSupportEndOfLife: new Date("2027-02-01") })]],
  ])("is wrong when it %s", (_, images) => {
    expect(assessImage(pool(), images, nowMs).kind).toBe("wrong");
  });
});

describe("the pool's identity", () => {
  const wanted = { identityResourceId: "/subscriptions/s/resourceGroups/rg/x/id-a", identityClientId: "c" };

  it("is the same in other letters, which is said", () => {
    const finding = assessIdentity(pool("/subscriptions/s/resourcegroups/RG/x/id-a"), wanted);

    expect(finding).toEqual({
      kind: "ok",
      measured: "id-a (in other letters than declared), with the client id of the outputs",
    });
  });

  it("is wrong when there is none, or one with another client id", () => {
    expect(assessIdentity(pool(), wanted).kind).toBe("wrong");
    expect(assessIdentity(pool(wanted.identityResourceId), { ...wanted, identityClientId: "d" }).kind).toBe(
      "wrong",
    );
  });
});

describe("the pool's size", () => {
  const view = emptyPool;

  it("is wrong by the errors of a resize or a formula, not by nodes that are still to come", () => {
    expect(assessResize(view).kind).toBe("ok");
    expect(assessResize({ ...view, resizeErrors: ["AccountCoreQuotaReached: no cores"] })).toEqual({
      kind: "wrong",
      measured: "steady, 0 of 2 nodes; AccountCoreQuotaReached: no cores",
    });
    expect(assessResize({ ...view, autoscale: { formula: "x", error: "syntax" } }).kind).toBe("wrong");
  });
});

describe("refusals", () => {
  it("settle that keys are off by their own code only", () => {
    expect(
      assessKeyRefusal({ status: 403, code: "KeyBasedAuthenticationNotPermitted", reason: "no" }).kind,
    ).toBe("ok");
    expect(assessKeyRefusal({ status: 403, code: "AuthenticationFailed", reason: "no" }).kind).toBe(
      "unknown",
    );
    expect(assessKeyRefusal(null).kind).toBe("wrong");
  });

  it("are wrong to be missing", () => {
    expect(assessRefusal(null).kind).toBe("wrong");
    expect(assessRefusal({ status: 409, code: "PublicAccessNotPermitted", reason: "no" }).kind).toBe("ok");
    expect(assessRefusal({ status: 503, code: "ServerBusy", reason: "no" }).kind).toBe("unknown");
  });

  it("of the single slash are no fault", () => {
    expect(assessAudience({ status: 401, code: "AuthenticationFailed", reason: "no" }).kind).toBe("ok");
    expect(assessAudience(null).kind).toBe("ok");
  });
});

describe("what a service threw", () => {
  it.each([
    [429, "unknown"],
    [501, "unknown"],
    [503, "unknown"],
    [403, "wrong"],
    [400, "wrong"],
    [undefined, "wrong"],
  ])("with status %s is %s", (statusCode, kind) => {
    expect(findingOf(Object.assign(new Error("no"), { statusCode })).kind).toBe(kind);
  });

  it("is one line that a person can read, also in the shape of the Batch SDK", () => {
    const error = Object.assign(new Error(), {
      statusCode: 400,
      body: { code: "UnsupportedRequestVersion", message: { value: "Too old.\nRequestId:1" } },
      message: { lang: "en-us", value: "Too old.\nRequestId:1" },
    });

    expect(findingOf(error).measured).toBe("Batch answered UnsupportedRequestVersion: Too old. (HTTP 400)");
  });
});

describe("clocks", () => {
  it("agree when the service's whole seconds fit between question and answer", () => {
    expect(assessClock(9_000, 9_900, 10_100)).toEqual({ kind: "ok", measured: "the same to the second" });
  });

  it("are told which way they differ, and are wrong from five minutes on", () => {
    expect(assessClock(0, 62_000, 62_100)).toEqual({ kind: "ok", measured: "this machine is 61 s ahead" });
    expect(assessClock(400_000, 0, 100)).toEqual({ kind: "wrong", measured: "this machine is 400 s behind" });
    expect(assessClock(null, 0, 1).kind).toBe("unknown");
  });
});

describe("conditional reads", () => {
  it("are right by exactly one pair of answers", () => {
    expect(assessIfMatch(200, 412).kind).toBe("ok");
    expect(assessIfMatch(200, 200).kind).toBe("wrong");
    expect(assessIfMatch(412, 412).kind).toBe("wrong");
  });
});

describe("a layer", () => {
  const facts = { digest: "a", bytes: 1024, isGzip: true, found: "a" };

  it("is wrong when it is no archive or has another digest", () => {
    expect(assessLayer(facts).kind).toBe("ok");
    expect(assessLayer({ ...facts, found: "b" }).kind).toBe("wrong");
    expect(assessLayer({ ...facts, isGzip: false }).kind).toBe("wrong");
    expect(assessLayer({ ...facts, bytes: 80 * 1024 * 1024, found: null }).kind).toBe("ok");
  });
});

describe("nodes", () => {
  it("are wrong in the words of the start task that failed, and settle nothing while there are none", () => {
    const failed: BatchServiceModels.ComputeNode = {
      id: "n1",
      state: "starttaskfailed",
      startTaskInfo: {
        state: "completed",
        startTime: new Date(0),
        retryCount: 0,
        result: "failure",
        failureInfo: { category: "usererror", code: "FailureExitCode", message: "exit" },
      },
    };

    expect(assessNodes([failed], "libc too old")).toEqual({
      kind: "wrong",
      measured: "1 starttaskfailed; n1: FailureExitCode: libc too old",
    });
    expect(assessNodes([], null).kind).toBe("unknown");
  });
});

describe("the newest run", () => {
  const job = {
    id: "detect-00000000-000000000000",
    poolId: "p",
    state: "completed",
    sealed: true,
    createdAt: new Date(0),
    endedAt: null,
    terminateReason: "AllTasksComplete",
    eTag: "0x1",
  };
  const task = {
    id: "shard-00001",
    state: "completed",
    succeeded: false,
    exitCode: 1,
    failure: { code: "FailureExitCode", message: "exit code 1" },
    retries: 2,
    nodeId: "n1",
    startedAt: new Date(0),
    endedAt: new Date(1),
  };
  const last = (change: Partial<LastRun>): LastRun => ({
    job,
    run: { tasks: [{ id: task.id, images: 3, bytes: 1 }], images: 3 } as unknown as LastRun["run"],
    tasks: [task],
    names: new Set(),
    preparations: [],
    sample: null,
    ...change,
  });

  it("settles nothing by what it has not done while it lives or when it was cancelled", () => {
    expect(assessResults(last({ job: { ...job, state: "active", terminateReason: null } })).kind).toBe(
      "unknown",
    );
    expect(assessResults(last({ job: { ...job, terminateReason: "cancelled" } })).kind).toBe("unknown");
    expect(assessResults(last({})).kind).toBe("wrong");
  });

  it("speaks against the nodes' identity when tasks failed and none wrote anything", () => {
    const prefix = `runs/${job.id}/${task.id}`;

    expect(assessNodeIdentity(last({})).kind).toBe("wrong");
    expect(assessNodeIdentity(last({ tasks: [] })).kind).toBe("unknown");
    expect(assessNodeIdentity(last({ names: new Set([`${prefix}/parts/00001.ndjson`]) })).kind).toBe("ok");
  });

  it("is wrong by a node whose preparation failed, in the node's words", () => {
    const prepared = { nodeId: "n1", succeeded: true, failure: null };
    const denied = {
      nodeId: "n2",
      succeeded: false,
      failure: { code: "BlobAccessDenied", message: "no role" },
    };

    expect(assessPreparations(last({ preparations: [prepared] })).kind).toBe("ok");
    expect(assessPreparations(last({ preparations: [prepared, denied] }))).toEqual({
      kind: "wrong",
      measured: "prepared 1 of 2 nodes; n2: BlobAccessDenied: no role",
    });
    expect(assessPreparations(last({})).kind).toBe("unknown");
  });

  it("must have both logs of every task that ended by itself", () => {
    const prefix = `runs/${job.id}/${task.id}`;

    expect(assessLogs(last({ names: new Set([`${prefix}/stdout.txt`]) })).kind).toBe("wrong");
    expect(assessLogs(last({ names: new Set([`${prefix}/stdout.txt`, `${prefix}/stderr.txt`]) })).kind).toBe(
      "ok",
    );
  });
});
