import { Access, type Permission, permits, type RoleAssignmentRecord } from "../../local/access";
import { builtInRoles, type RoleName } from "../../local/roleDefinitions";
import type { Table } from "../../local/store";

const subscription = "/subscriptions/s";
const group = `${subscription}/resourceGroups/g`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
const container = `${account}/blobServices/default/containers/input`;

const action = (name: string): Permission => ({ kind: "action", name });
const dataAction = (name: string): Permission => ({ kind: "dataAction", name });
const readBlobs = dataAction("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read");
const submitJobs = dataAction("Microsoft.Batch/batchAccounts/jobs/write");

function memoryTable<T>(): Table<T> {
  const records = new Map<string, T>();
  return {
    get: (key) => records.get(key),
    put: (key, value) => void records.set(key, value),
    delete: (key) => void records.delete(key),
    list: () => [...records.values()],
    clear: () => records.clear(),
  };
}

function emptyAccess(delayMs = 0) {
  const clock = { nowMs: 1000 };
  const assignments = memoryTable<RoleAssignmentRecord>();
  const access = new Access({ assignments, delayMs, nowMs: () => clock.nowMs });
  const give = (role: RoleName, scope: string, id = `${scope}/r`): void =>
    access.assign({ id, scope, principalId: "P", roleDefinitionId: builtInRoles[role].id });
  return { access, clock, give };
}

describe("a role", () => {
  const cases: [RoleName, Permission, boolean][] = [
    ["owner", action("Microsoft.Authorization/roleAssignments/write"), true],
    ["owner", readBlobs, false],
    ["contributor", action("Microsoft.Storage/storageAccounts/write"), true],
    ["contributor", action("Microsoft.Authorization/roleAssignments/write"), false],
    ["contributor", action("Microsoft.Authorization/roleAssignments/delete"), false],
    ["contributor", action("Microsoft.Authorization/roleAssignments/read"), true],
    ["reader", action("Microsoft.Batch/batchAccounts/read"), true],
    ["reader", action("Microsoft.Batch/batchAccounts/listKeys/action"), false],
    ["blobReader", readBlobs, true],
    [
      "blobReader",
      dataAction("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"),
      false,
    ],
    [
      "blobContributor",
      dataAction("microsoft.storage/storageaccounts/blobservices/CONTAINERS/blobs/write"),
      true,
    ],
    ["blobContributor", action("Microsoft.Storage/storageAccounts/listKeys/action"), false],
    ["batchDataContributor", submitJobs, true],
    ["batchDataContributor", action("Microsoft.Batch/batchAccounts/jobs/write"), false],
    ["batchDataContributor", action("Microsoft.Batch/batchAccounts/pools/write"), true],
    ["batchDataContributor", action("Microsoft.Batch/batchAccounts/write"), false],
    ["batchJobSubmitter", submitJobs, true],
    ["batchJobSubmitter", action("Microsoft.Batch/batchAccounts/pools/write"), false],
  ];
  it.each(cases)("of %s permits %j: %s", (role, permission, expected) => {
    expect(permits(builtInRoles[role], permission)).toBe(expected);
  });
});

describe("a role assignment", () => {
  it.each([subscription, group, account, container, container.toUpperCase(), `${container}/`])(
    "at %s holds for the container",
    (scope) => {
      const { access, give } = emptyAccess();

      give("blobReader", scope);

      expect(access.allows("p", readBlobs, container)).toBe(true);
    },
  );

  it.each([
    `${container}s`,
    `${account}/blobServices/default/containers/in`,
    `${group}2`,
    `${container}/blobs/b`,
  ])("at %s does not hold for the container", (scope) => {
    const { access, give } = emptyAccess();

    give("blobReader", scope);

    expect(access.allows("P", readBlobs, container)).toBe(false);
  });

  it("is its principal's alone, and ends when it is revoked", () => {
    const { access, give } = emptyAccess();
    give("blobReader", container, "/An/Id");

    expect(access.allows("somebody else", readBlobs, container)).toBe(false);
    access.revoke("/an/ID");
    expect(access.allows("P", readBlobs, container)).toBe(false);
  });

  it("takes effect after the delay; given again it does not wait again", () => {
    const { access, clock, give } = emptyAccess(5000);
    give("blobReader", container);
    clock.nowMs += 4999;
    expect(access.allows("P", readBlobs, container)).toBe(false);

    give("blobReader", container);
    clock.nowMs += 1;

    expect(access.allows("P", readBlobs, container)).toBe(true);
  });

  it("adds to others: what one role excludes another may grant", () => {
    const { access, give } = emptyAccess();
    give("contributor", subscription, "one");
    give("owner", group, "two");
    const assign = "Microsoft.Authorization/roleAssignments/write";

    expect(access.mayAct("P", assign, account)).toBe(true);
    expect(access.mayAct("P", assign, `${subscription}/resourceGroups/other`)).toBe(false);
  });

  it("is refused when nobody knows its role", () => {
    const { access } = emptyAccess();

    expect(() =>
      access.assign({ id: "i", scope: group, principalId: "P", roleDefinitionId: "no-such-role" }),
    ).toThrow("does not know the role no-such-role");
  });
});
