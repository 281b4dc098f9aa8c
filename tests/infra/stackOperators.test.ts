import { declareFixtureStack, defaultConfig, type DeclaredStack } from "./fixtureStack";

const person = "11111111-2222-3333-4444-555555555555";
const pipeline = "66666666-7777-8888-9999-000000000000";

describe("a stack with listed operators and larger nodes", () => {
  let stack: DeclaredStack;
  beforeAll(async () => {
    stack = await declareFixtureStack({
      ...defaultConfig,
      vmSize: "Standard_D4s_v5",
      vCpus: 4,
      roles: {
        kind: "listed",
        operators: [
          { principalId: person, principalType: "User" },
          { principalId: pipeline, principalType: "ServicePrincipal" },
        ],
      },
    });
  });
  const operatorRoles = () => stack.resources.filter(({ name }) => name.startsWith("operator-"));

  it("gives each of them the four roles, and the caller none", () => {
    const principals = operatorRoles().map(({ inputs }) => [inputs.principalId, inputs.principalType]);

    expect(principals).toHaveLength(8);
    expect(new Set(principals.map((pair) => pair.join(" ")))).toEqual(
      new Set([`${person} User`, `${pipeline} ServicePrincipal`]),
    );
  });

  it("follows the list: nothing of it is kept against a change", () => {
    expect(operatorRoles().map(({ name }) => stack.options.get(name)!.ignoreChanges)).toEqual(
      Array(8).fill([]),
    );
  });

  it("gives every assignment a name of its own", () => {
    const names = stack.resources
      .filter(({ type }) => type === "azure-native:authorization:RoleAssignment")
      .map(({ inputs }) => inputs.roleAssignmentName);

    expect(new Set(names).size).toBe(names.length);
  });

  it("has as many slots a node as the size has vCPUs", () => {
    expect(stack.resources.find(({ name }) => name === "pool")!.inputs.taskSlotsPerNode).toBe(4);
  });
});
