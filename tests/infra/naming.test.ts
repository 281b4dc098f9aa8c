import fc from "fast-check";
import {
  poolName,
  resourceTags,
  roleAssignmentName,
  stackNames,
  type StackIdentity,
} from "../../infra/naming";

const identity = fc.record({
  subscriptionId: fc.uuid(),
  project: fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/),
  stack: fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/),
});
const dev: StackIdentity = {
  subscriptionId: "00000000-0000-0000-0000-000000000001",
  project: "object-detection",
  stack: "dev",
};

it("names the parts of a stack so that people know them", () => {
  expect(stackNames(dev)).toEqual({
    resourceGroup: "rg-object-detection-dev",
    storageAccount: expect.stringMatching(/^stdev[0-9a-f]{10}$/) as string,
    batchAccount: expect.stringMatching(/^badev[0-9a-f]{10}$/) as string,
    identity: "id-object-detection-dev",
  });
});

it("keeps within Azure's rules for any project and stack", () => {
  fc.assert(
    fc.property(identity, (any) => {
      const names = stackNames(any);
      expect(names.storageAccount).toMatch(/^[a-z0-9]{3,24}$/);
      expect(names.batchAccount).toMatch(/^[a-z0-9]{3,24}$/);
      expect(names.resourceGroup).toMatch(/^[A-Za-z0-9_-]{1,90}$/);
      expect(names.identity).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/);
    }),
  );
});

it("gives the accounts of two subscriptions, projects or stacks different names", () => {
  fc.assert(
    fc.property(identity, identity, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(stackNames(one).storageAccount).not.toBe(stackNames(other).storageAccount);
      expect(stackNames(one).batchAccount).not.toBe(stackNames(other).batchAccount);
    }),
  );
});

it("does not give two stacks one resource group because their names were shortened", () => {
  const long = "s".repeat(90);

  expect(stackNames({ ...dev, stack: `${long}1` }).resourceGroup).not.toBe(
    stackNames({ ...dev, stack: `${long}2` }).resourceGroup,
  );
});

it("changes a pool's name with any of what cannot change in place, and with nothing else", () => {
  const pool = { vmSize: "Standard_D2s_v3", image: { sku: "server" } };

  expect(poolName(pool)).toMatch(/^pool-[0-9a-f]{12}$/);
  expect(poolName({ image: { sku: "server" }, vmSize: "Standard_D2s_v3" })).toBe(poolName(pool));
  expect(poolName({ ...pool, vmSize: "Standard_D4s_v3" })).not.toBe(poolName(pool));
});

it("names role assignments with GUIDs that follow from what they assign", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (scope, principal, role) => {
      const name = roleAssignmentName(scope, principal, role);
      expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(roleAssignmentName(scope, principal, role)).toBe(name);
      expect(roleAssignmentName(scope, principal, `${role}x`)).not.toBe(name);
    }),
  );
});

it("lets a team's tags win over ours", () => {
  expect(resourceTags(dev, { owner: "vision", "managed-by": "us" })).toEqual({
    "managed-by": "us",
    "pulumi-project": "object-detection",
    "pulumi-stack": "dev",
    owner: "vision",
  });
});
