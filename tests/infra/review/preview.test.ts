import { parsePreview } from "../../../infra/review/preview";

const poolUrn = "urn:pulumi:dev::object-detection::azure-native:batch:Pool::pool";
const state = (nodes: number) => ({
  type: "azure-native:batch:Pool",
  custom: true,
  inputs: { nodes },
  retainOnDelete: true,
});
const detailedDiff = { nodes: { kind: "update", inputDiff: true } };
const config = { "azure-native:location": "japaneast" };
const digest = {
  config,
  steps: [{ op: "update", urn: poolUrn, oldState: state(1), newState: state(2), detailedDiff }],
  diagnostics: [{ message: "warning: a plugin from $PATH\n", severity: "warning" }],
  changeSummary: { update: 1 },
};
const event = (content: object): string => JSON.stringify({ sequence: 1, timestamp: 2, ...content });
const events = [
  event({ diagnosticEvent: { message: "a plugin from $PATH", severity: "warning" } }),
  event({ preludeEvent: { config } }),
  event({
    resourcePreEvent: {
      metadata: { op: "update", urn: poolUrn, old: state(1), new: state(2), detailedDiff },
    },
  }),
  event({ cancelEvent: {} }),
].join("\n");

describe("a preview", () => {
  it.each([
    ["one object", JSON.stringify(digest, undefined, 4)],
    ["an event a line", events],
    [
      "one object after a line of npm's and before another",
      `\n> pulumi preview\nwarning: {old}\n${JSON.stringify(digest)}\nbye`,
    ],
    ["with Windows' ends of lines", JSON.stringify(digest, undefined, 4).replaceAll("\n", "\r\n")],
  ])("is read from %s", (_form, text) => {
    expect(parsePreview(text, "f")).toEqual({
      stack: "dev",
      config,
      steps: [
        {
          op: "update",
          urn: poolUrn,
          type: "azure-native:batch:Pool",
          name: "pool",
          isReal: true,
          before: { inputs: { nodes: 1 }, isRetained: true },
          after: { inputs: { nodes: 2 }, isRetained: true },
          changedPaths: ["nodes"],
        },
      ],
      errors: [],
    });
  });

  it("of nothing has no steps", () => {
    const text = JSON.stringify({ config, steps: null, changeSummary: { same: 24 } });

    expect(parsePreview(text, "f")).toEqual({ stack: undefined, config, steps: [], errors: [] });
  });

  it("says what failed, without Pulumi's prefix", () => {
    const failed = {
      config: {},
      steps: [],
      diagnostics: [{ message: "error: poolNodes: 999\n", severity: "error" }],
    };

    expect(parsePreview(JSON.stringify(failed), "f").errors).toEqual(["poolNodes: 999"]);
  });

  it("has a replacement once, though its parts are listed too", () => {
    const parts = ["create-replacement", "replace", "delete-replaced"].map((op) => ({
      ...digest.steps[0]!,
      op,
    }));
    const text = JSON.stringify({ ...digest, steps: parts });

    expect(parsePreview(text, "f").steps.map(({ op }) => op)).toEqual(["replace"]);
  });

  it("knows the stack itself and components for what they are", () => {
    const steps = [
      {
        op: "create",
        urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
        newState: { type: "pulumi:pulumi:Stack", custom: false },
      },
      {
        op: "create",
        urn: "urn:pulumi:dev::p::detect:infra:Storage::storage",
        newState: { type: "detect:infra:Storage", custom: false },
      },
    ];

    expect(parsePreview(JSON.stringify({ config, steps }), "f").steps.map(({ isReal }) => isReal)).toEqual([
      false,
      false,
    ]);
  });

  it.each([
    ["nothing", ""],
    ["text", "Previewing update (dev)\n"],
    ["another object", '{"version":3,"deployment":{"resources":[]}}'],
    ["an empty object", "{}"],
    ["half an object", '{"config":{},\n"steps":['],
    ["a list", "[{}]"],
    ["steps of another kind", '{"config":{},"steps":[{"op":1}]}'],
  ])("is not %s, which is refused by the file's name", (_what, text) => {
    expect(() => parsePreview(text, "plan.json")).toThrow(
      "plan.json holds no preview. Write it with: pulumi preview --json",
    );
  });
});
