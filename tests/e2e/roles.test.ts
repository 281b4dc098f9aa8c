/**
 * Why the stack gives each of its roles: without it something breaks, in these words. One stack, applied once into a cloud where
 * a new role takes a while to arrive; then one role after the other is taken away and given back.
 */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { containerUrl, parseJobTarget, type JobTarget } from "../../infra/job/target";
import type { RoleAssignmentRecord } from "../../local/access";
import { userSide } from "../../local/cloud";
import { principals, type PrincipalName } from "../../local/principals";
import { builtInRoles, roleDefinition } from "../../local/roleDefinitions";
import { project, type CommandOptions, type Finished } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";

let cloud: TestCloud;
let target: string;
let values: JobTarget;

beforeAll(async () => {
  cloud = await openLocalCloud({ roleDelayMs: 10 * 60_000 });
  // The deployer, an Owner, and somebody who may otherwise only look.
  const operators = [principals.operator, principals.reader].map(({ objectId, type }) => ({
    principalId: objectId,
    principalType: type,
  }));
  // They arrive when their lack has been noticed, however long that takes on this machine.
  const arrive = (): void => {
    for (const assignment of assignments().values()) cloud.cloud.access.assignFromTheStart(assignment);
  };
  target = await cloud.applyStack(
    { seedFolder: "", scaling: "fixed", poolNodes: 1, operators },
    { onceSaid: { text: "waiting", act: arrive } },
  );
  values = parseJobTarget(JSON.parse(readFileSync(target, "utf8")), target);
}, 180_000);
afterAll(() => cloud.stop(), 60_000);

/** The stack's own assignments by who and what for: "nodes input". */
function assignments(): Map<string, RoleAssignmentRecord> {
  const who: Readonly<Record<string, string>> = {
    [principals.operator.objectId]: "deployer",
    [principals.reader.objectId]: "operator",
  };
  const own = cloud.cloud.access.assignments().filter(({ scope }) => scope.includes("/resourceGroups/"));
  return new Map(
    own.map((assignment) => {
      const last = assignment.scope.split("/").at(-1)!;
      const where = assignment.scope.includes("/containers/") ? last : "batch";
      return [`${who[assignment.principalId] ?? "nodes"} ${where}`, assignment];
    }),
  );
}

/** Runs something without one of the stack's roles, and gives it back. */
async function without<T>(name: string, act: () => Promise<T>): Promise<T> {
  const assignment = assignments().get(name);
  if (assignment === undefined) throw new Error(`the stack gives no role ${name}`);
  cloud.cloud.access.revoke(assignment.id);
  try {
    return await act();
  } finally {
    cloud.cloud.access.assignFromTheStart(assignment);
  }
}

function as(
  principal: PrincipalName,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Finished> {
  return cloud.job(args, { environment: userSide(process.env, cloud.cloud, principal), ...options });
}

let pictures = 0;
/** One more picture to detect in. */
async function addPicture(): Promise<void> {
  const name = `street-${String((pictures % 24) + 1).padStart(2, "0")}.jpg`;
  const input = cloud.containerAs("operator", containerUrl(values, "input"));
  const body = readFileSync(join(project, "assets/images", name));
  await input.getBlockBlobClient(`${pictures}-${name}`).uploadData(body);
  pictures += 1;
}

async function runToItsEnd(): Promise<Finished> {
  await as("reader", ["submit", "--target", target]);
  return as("reader", ["status", "--wait", "--target", target]);
}

const upload = (container: string): string[] => {
  const folder = join(cloud.folder, "pictures");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(project, "assets/images/street-01.jpg"), join(folder, "one.jpg"));
  return ["upload", "--blob-endpoint", values.blobEndpoint, "--container", container, "--folder", folder];
};

describe("a stack whose roles take a while to arrive", () => {
  it("waits for them and says so", () => {
    expect(cloud.applying()).toMatch(
      /Storage refuses https:.*\/layers \(403\)\. A new role takes up to 10 minutes/,
    );
  });

  it("gives these roles and no others", () => {
    const given = [...assignments()].map(([name, { roleDefinitionId }]) => [
      name,
      roleDefinition(roleDefinitionId)?.name,
    ]);
    const { blobReader, blobContributor, batchDataContributor } = builtInRoles;
    const ofAnOperator = (who: string): [string, string][] => [
      [`${who} input`, blobContributor.name],
      [`${who} output`, blobContributor.name],
      [`${who} layers`, blobContributor.name],
      [`${who} batch`, batchDataContributor.name],
    ];

    expect(new Map(given as [string, string][])).toEqual(
      new Map([
        ["nodes input", blobReader.name],
        ["nodes layers", blobReader.name],
        ["nodes output", blobContributor.name],
        ...ofAnOperator("deployer"),
        ...ofAnOperator("operator"),
      ]),
    );
  });

  it("runs in the name of an operator who may otherwise only look", async () => {
    await addPicture();

    expect(await runToItsEnd()).toMatchObject({ code: 0 });
  });
});

describe("without its role", () => {
  const cases: [PrincipalName, string, string][] = [
    ["operator", "deployer", "input"],
    ["reader", "operator", "input"],
    ["operator", "deployer", "output"],
    ["reader", "operator", "output"],
  ];
  it.each(cases)("%s (%s) cannot submit for want of %s", async (principal, who, container) => {
    await addPicture();

    const finished = await without(`${who} ${container}`, () =>
      as(principal, ["submit", "--target", target]),
    );

    expect(finished).toMatchObject({ code: 1, stdout: "" });
    expect(finished.stderr).toMatch(new RegExp(`^Could not .*/${container}: `));
    expect(finished.stderr).toContain(
      "You need the role Storage Blob Data Contributor on this container (setting `operators`).",
    );
  });

  it.each([
    ["operator", "deployer", "layers"],
    ["reader", "operator", "layers"],
    ["reader", "operator", "input"],
  ] as const)("%s (%s) cannot upload into %s, and waits for the role", async (principal, who, container) => {
    const finished = await without(`${who} ${container}`, () =>
      as(principal, upload(container), { interruptAfter: "waiting" }),
    );

    expect(finished.code).toBe(130);
    expect(finished.stderr).toContain(`/${container} (403). A new role takes up to 10 minutes`);
    expect(await as(principal, upload(container))).toMatchObject({ code: 0 });
  });

  it("the operator may look at jobs and add none; the deployer, who may list keys, needs it not", async () => {
    await addPicture();

    const [looked, submitted] = await without("operator batch", async () => [
      await as("reader", ["status", "--target", target]),
      await as("reader", ["submit", "--target", target]),
    ]);

    expect(looked).toMatchObject({ code: 0 });
    expect(submitted).toMatchObject({ code: 1, stdout: "" });
    expect(submitted.stderr).toMatch(/^Could not add job .*Batch answered AuthorizationFailure/);
    expect(submitted.stderr).toContain("Microsoft.Batch/batchAccounts/jobs/write");
    const byDeployer = await without("deployer batch", () => as("operator", ["submit", "--target", target]));
    expect(byDeployer).toMatchObject({ code: 0 });
    expect(await as("reader", ["status", "--wait", "--target", target])).toMatchObject({ code: 0 });
  });

  it.each([
    ["input", /AuthorizationPermissionMismatch|403/],
    ["output", /BlobAccessDenied/],
    ["layers", /preparation failed on every node.*Access for one of the specified Azure Blob\(s\) is denied/],
  ])("the nodes cannot work for want of %s", async (container, words) => {
    await addPicture();

    const finished = await without(`nodes ${container}`, runToItsEnd);

    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(words);
  });

  it("a node that started without the layers is rebooted by the submit once the role is given, and all is well again", async () => {
    await as("reader", ["cancel", "--all", "--target", target]);
    const account = cloud.batchAccount();
    const poolId = values.poolId;
    const [node] = account.pools.nodesOf(account.pools.get(poolId));
    const assignment = assignments().get("nodes layers")!;
    cloud.cloud.access.revoke(assignment.id);
    account.nodes.reboot(poolId, node!.id, "requeue");
    await until(
      "the start task to fail",
      () => account.nodes.get(poolId, node!.id).state === "starttaskfailed",
    );

    cloud.cloud.access.assignFromTheStart(assignment);
    const submitted = await as("reader", ["submit", "--target", target]);
    const waited = await as("reader", ["status", "--wait", "--target", target]);

    expect(submitted).toMatchObject({ code: 0 });
    expect(submitted.stderr).toContain(
      `Node ${node!.id} started before its role had arrived (BlobAccessDenied); rebooting it.`,
    );
    expect(waited).toMatchObject({ code: 0 });
    expect(waited.stdout).toMatch(/(\d+) of \1 images done/);
  });
});

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited 30 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
