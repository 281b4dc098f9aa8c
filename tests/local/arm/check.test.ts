/** Check, type by type, as azure-native does it. */
import { typeOf } from "../../../local/arm/catalog";
import { check, type CheckRequest } from "../../../local/arm/check";
import { unknown } from "../../../local/arm/unknown";

const asked = (news: Record<string, unknown>, more: Partial<CheckRequest> = {}): CheckRequest => ({
  name: "thing",
  olds: {},
  news,
  autonaming: { kind: "default" },
  seed: "00ff",
  location: "japaneast",
  ...more,
});
const group = typeOf("azure-native:resources:ResourceGroup");
const account = typeOf("azure-native:storage:StorageAccount");
const container = typeOf("azure-native:storage:BlobContainer");
const assignment = typeOf("azure-native:authorization:RoleAssignment");
const pool = typeOf("azure-native:batch:Pool");

describe("a name that nobody gave", () => {
  it("is the logical name and 8 digits of the engine's seed, and may have a successor beside it", () => {
    const first = check(group, asked({}));
    const again = check(group, asked({}));

    expect(first.inputs.resourceGroupName).toMatch(/^thing[0-9a-f]{8}$/);
    expect(first.inputs.__createBeforeDelete).toBe(true);
    expect(again).toEqual(first);
    expect(check(group, asked({}, { seed: "0100" })).inputs).not.toEqual(first.inputs);
  });

  it("stays the old one, with its mark", () => {
    const olds = { resourceGroupName: "thing12345678", __createBeforeDelete: true };

    expect(check(group, asked({}, { olds })).inputs).toMatchObject(olds);
  });

  it("is the logical name itself below another resource, and a GUID for a role assignment", () => {
    expect(check(container, asked({})).inputs).toMatchObject({ containerName: "thing" });
    expect(check(container, asked({})).inputs).not.toHaveProperty("__createBeforeDelete");
    expect(check(assignment, asked({})).inputs.roleAssignmentName).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-/);
  });

  it("follows the stack's own autonaming, which may also forbid it", () => {
    const named = check(group, asked({}, { autonaming: { kind: "named", name: "mine" } }));
    const disabled = check(group, asked({}, { autonaming: { kind: "disabled" } }));

    expect(named.inputs).toEqual({ resourceGroupName: "mine", location: "japaneast" });
    expect(disabled.failures).toEqual([
      { property: "resourceGroupName", reason: "missing required property 'resourceGroupName'" },
    ]);
  });
});

it("takes the location from the inputs, else the old one, else the provider's", () => {
  const locationOf = (news: object, olds: object): unknown =>
    check(group, asked({ resourceGroupName: "rg", ...news }, { olds: { ...olds } })).inputs.location;

  expect(locationOf({ location: "a" }, { location: "b" })).toBe("a");
  expect(locationOf({}, { location: "b" })).toBe("b");
  expect(locationOf({}, {})).toBe("japaneast");
});

it("fills in what azure-native fills in", () => {
  expect(check(pool, asked({})).inputs).toMatchObject({ taskSlotsPerNode: 1, poolName: "thing" });
});

it("names every property that is missing or wrong", () => {
  const { failures } = check(account, asked({ accountName: "Not-Allowed", sku: {} }));

  expect(failures.map(({ property }) => property)).toEqual([
    "resourceGroupName",
    "accountName",
    "kind",
    "sku.name",
  ]);
  expect(failures[1]!.reason).toBe('"Not-Allowed": expected 3–24 lower-case letters and digits');
});

it("says nothing against what hangs on a value that is not known yet", () => {
  const news = { resourceGroupName: unknown, accountName: "abc", kind: unknown, sku: unknown };

  expect(check(account, asked(news)).failures).toEqual([]);
});
