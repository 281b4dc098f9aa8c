import { declareFixtureStack, defaultConfig, type DeclaredStack } from "./fixtureStack";

describe("a stack with automatic scaling, no seed pictures and roles given elsewhere", () => {
  let stack: DeclaredStack;
  beforeAll(async () => {
    stack = await declareFixtureStack({
      ...defaultConfig,
      scaling: { kind: "auto", minNodes: 0, maxNodes: 8, spotShare: 0 },
      roles: { kind: "none" },
      seedFolder: undefined,
    });
  });
  const inputsOf = (name: string) => stack.resources.find((resource) => resource.name === name)?.inputs;

  it("lets the formula decide how many nodes there are", () => {
    expect(inputsOf("pool")!.scaleSettings).toEqual({
      autoScale: { formula: expect.stringContaining("maxNodes = 8;") as string, evaluationInterval: "PT5M" },
    });
  });

  it("assigns no role to anybody", () => {
    expect(stack.resources.filter(({ type }) => type.includes("authorization"))).toEqual([]);
  });

  it("submits what is in the input container, without a seed", () => {
    expect(inputsOf("seed-images")).toBeUndefined();
    expect(inputsOf("detection")).not.toHaveProperty("seedDigest");
  });
});
