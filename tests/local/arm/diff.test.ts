/** Diff by azure-native's rules: what is changed in place, and what replaces the resource. */
import { typeOf } from "../../../local/arm/catalog";
import { diff, type Change } from "../../../local/arm/diff";

const pool = typeOf("azure-native:batch:Pool");
const group = typeOf("azure-native:resources:ResourceGroup");
const assignment = typeOf("azure-native:authorization:RoleAssignment");

const poolInputs = {
  resourceGroupName: "rg",
  accountName: "account",
  poolName: "pool-1",
  vmSize: "Standard_D2s_v3",
  scaleSettings: { fixedScale: { targetDedicatedNodes: 2 } },
  metadata: [{ name: "a", value: "1" }],
};

const changesOf = (news: object): readonly Change[] =>
  diff(pool, poolInputs, { ...poolInputs, ...news }).changes;

it("finds nothing between equal inputs, whatever azure-native marked them with", () => {
  expect(
    diff(group, { location: "Japan East", __createBeforeDelete: true }, { location: "japaneast" }),
  ).toEqual({
    changes: [],
    deleteBeforeReplace: false,
  });
});

it("names what changed by its path, as the engine writes it", () => {
  expect(changesOf({ scaleSettings: { fixedScale: { targetDedicatedNodes: 3 } } })).toEqual([
    { path: "scaleSettings.fixedScale.targetDedicatedNodes", kind: "update", replaces: false },
  ]);
  expect(changesOf({ metadata: [...poolInputs.metadata, { name: "b", value: "2" }] })).toEqual([
    { path: "metadata[1]", kind: "add", replaces: false },
  ]);
  expect(diff(group, { tags: { "a.b": "1", c: "2" } }, { tags: { "a.b": "2" } }).changes).toEqual([
    { path: 'tags["a.b"]', kind: "update", replaces: false },
    { path: "tags.c", kind: "delete", replaces: false },
  ]);
});

it("plans another VM size as an update, which Batch may refuse: only a name in the id replaces a pool", () => {
  expect(changesOf({ vmSize: "Standard_D4s_v3" })).toEqual([
    { path: "vmSize", kind: "update", replaces: false },
  ]);
  expect(changesOf({ poolName: "pool-2" })).toEqual([{ path: "poolName", kind: "update", replaces: true }]);
});

it("removes before it makes anew, unless the old name was random", () => {
  const moved = { resourceGroupName: "rg", location: "westeurope" };

  expect(diff(group, { resourceGroupName: "rg", location: "japaneast" }, moved)).toMatchObject({
    changes: [{ path: "location", replaces: true }],
    deleteBeforeReplace: true,
  });
  expect(
    diff(group, { resourceGroupName: "rg", location: "japaneast", __createBeforeDelete: true }, moved),
  ).toMatchObject({ deleteBeforeReplace: false });
});

it("gives a role to somebody else by another assignment", () => {
  expect(diff(assignment, { principalId: "a" }, { principalId: "b" }).changes).toEqual([
    { path: "principalId", kind: "update", replaces: true },
  ]);
});
