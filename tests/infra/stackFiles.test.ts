import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStackConfiguration } from "../../infra/stackFiles";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the configuration of a stack", () => {
  it("is the project's defaults, then the stack's values, then the overlays; non-strings as JSON", () =>
    withTemporaryFolder((folder) => {
      writeFileSync(
        join(folder, "Pulumi.yaml"),
        [
          "name: demo",
          "runtime: nodejs",
          "config:",
          "  azure-native:location: { value: japaneast }",
          "  nodes: { type: integer, default: 2 }",
          "  size: { type: string, default: small }",
          "  tags: { type: object, default: {} }",
        ].join("\n"),
      );
      writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  demo:size: large\n");

      const { project, values } = readStackConfiguration(folder, "dev", { nodes: 3, absent: undefined });

      expect(project).toBe("demo");
      expect(values).toEqual({
        "azure-native:location": "japaneast",
        "demo:nodes": "3",
        "demo:size": "large",
        "demo:tags": "{}",
      });
      return Promise.resolve();
    }));

  it("names the stack file that is not there", () =>
    withTemporaryFolder((folder) => {
      writeFileSync(join(folder, "Pulumi.yaml"), "name: demo\n");

      expect(() => readStackConfiguration(folder, "prod", {})).toThrow("Pulumi.prod.yaml");
      return Promise.resolve();
    }));
});
