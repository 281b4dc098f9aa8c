import { request } from "node:https";
import { Access, type RoleAssignmentRecord } from "../../../local/access";
import { operations } from "../../../local/batch/routes";
import { builtInRoles, type RoleName } from "../../../local/roleDefinitions";
import { type BatchCloud, accountId, batchAudience, bearer, refusal, withBatchCloud } from "./batchCloud";
import { pool } from "./fixtures";

/** The role of a caller is his name. */
function accessByName(): Access {
  const records: RoleAssignmentRecord[] = Object.entries(builtInRoles).map(([name, { id }]) => ({
    id: name,
    scope: accountId,
    principalId: name,
    roleDefinitionId: id,
    effectiveAtMs: 0,
  }));
  const nothing = (): undefined => undefined;
  return new Access({
    assignments: { get: nothing, put: nothing, delete: nothing, list: () => records, clear: nothing },
    delayMs: 0,
  });
}

const access = accessByName();
const withRoles = (test: (cloud: BatchCloud) => Promise<void>): Promise<void> =>
  withBatchCloud(test, { allows: (...asked) => access.allows(...asked) });

/** What a caller with a role may do, of the things below. */
async function allowedTo(cloud: BatchCloud, role: string): Promise<string[]> {
  const { pool: pools, computeNode, job, task, account } = cloud.clientWith(bearer(batchAudience, role));
  const id = role.toLowerCase();
  const attempts: [string, () => Promise<unknown>][] = [
    ["read pools", () => pools.list()],
    ["read nodes", () => computeNode.list("kept")],
    ["read jobs", () => job.list()],
    ["read tasks", () => task.list("kept")],
    ["read images", () => account.listSupportedImages()],
    ["add jobs", () => job.add({ id, poolInfo: { poolId: "kept" } })],
    ["add tasks", () => task.add("kept", { id, commandLine: "true" })],
    ["delete jobs", () => job.deleteMethod("none")],
    ["add pools", () => pools.add(pool({ id, targetDedicatedNodes: 0 }))],
    ["reboot nodes", () => computeNode.reboot("kept", "none")],
    ["delete pools", () => pools.deleteMethod("none")],
  ];
  const allowed: string[] = [];
  for (const [what, attempt] of attempts) {
    const status = await attempt().then(
      () => 200,
      (error: unknown) => (error as { statusCode?: number }).statusCode,
    );
    if (status !== 403) allowed.push(what);
  }
  return allowed;
}

const readings = ["read pools", "read nodes", "read jobs", "read tasks", "read images"];
const jobWork = ["add jobs", "add tasks", "delete jobs"];
const poolWork = ["add pools", "reboot nodes", "delete pools"];

describe("a caller with a token", () => {
  const cases: [RoleName | "nobody", string[]][] = [
    ["owner", [...readings, ...jobWork, ...poolWork]],
    ["contributor", [...readings, ...jobWork, ...poolWork]],
    ["reader", readings],
    ["batchDataContributor", [...readings, ...jobWork, ...poolWork]],
    ["batchJobSubmitter", [...readings.filter((what) => what !== "read images"), ...jobWork]],
    ["blobContributor", []],
    ["nobody", []],
  ];
  it.each(cases)("and the role of %s may %j", (role, expected) =>
    withRoles(async (cloud) => {
      await cloud.client.pool.add(pool({ id: "kept", targetDedicatedNodes: 0 }));
      await cloud.client.job.add({ id: "kept", poolInfo: { poolId: "kept" } });

      expect(await allowedTo(cloud, role)).toEqual(expected);
    }),
  );

  it("is told which permission is missing where", () =>
    withRoles(async (cloud) => {
      const { job } = cloud.clientWith(bearer(batchAudience, "reader"));

      expect(await refusal(job.add({ id: "job", poolInfo: { poolId: "kept" } }))).toMatchObject({
        status: 403,
        code: "AuthorizationFailure",
        body: {
          values: [
            {
              value: `The user identity used for this operation does not have the required privilege Microsoft.Batch/batchAccounts/jobs/write on the specified resource ${accountId}.`,
            },
          ],
        },
      });
    }));

  it("gets nothing from any operation without a role", () =>
    withRoles(async (cloud) => {
      const { authorization } = await signed();
      const answers = await Promise.all(
        operations.map(async ({ name, verb, path }) => {
          const real = path.replace(/:\w+/g, "x").replace("*", "(x)");
          return [name, await statusOf(cloud, verb, real, authorization)];
        }),
      );

      expect(answers).toEqual(operations.map(({ name }) => [name, 403]));
    }));
});

async function signed(): Promise<{ authorization: string }> {
  const headers = new Map<string, string>();
  const web = { headers: { set: (name: string, value: string) => headers.set(name.toLowerCase(), value) } };
  await bearer(batchAudience, "nobody").signRequest(web as never);
  return { authorization: headers.get("authorization")! };
}

function statusOf(
  cloud: BatchCloud,
  method: string,
  path: string,
  authorization: string,
): Promise<number | undefined> {
  const url = new URL(`${path}?api-version=2022-10-01.16.0`, cloud.url);
  return new Promise((resolve, reject) => {
    const options = { method, ca: cloud.certificate, agent: false, headers: { authorization } };
    const sent = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject);
    sent.end();
  });
}
