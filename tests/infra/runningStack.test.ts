import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../infra/runningStack";

const defaults = {
  vmSize: "Standard_D2s_v3",
  scaling: "fixed",
  poolNodes: "2",
  minNodes: "0",
  maxNodes: "4",
  spotShare: "0",
  modelFile: "model.onnx",
  seedFolder: "",
  confidence: "0.25",
  iou: "0.7",
  maxDetections: "300",
  classes: "[]",
  agnostic: "false",
  annotate: "all",
  acceptTruncated: "false",
  maxFailedShare: "1",
  maxTaskMinutes: "120",
  maxJobHours: "24",
  manageRoles: "true",
  operators: "[]",
  retainRunsDays: "90",
  resourceGroup: "",
  storageAccount: "",
  subnetId: "",
  protect: "false",
  retainResults: "false",
  tags: "{}",
};

async function configure(settings: Record<string, string>): Promise<void> {
  const none = () => ({ id: "", state: {} });
  await pulumi.runtime.setMocks({ newResource: none, call: () => ({}) }, "object-detection", "night");
  const own = Object.entries({ ...defaults, ...settings }).map(([key, value]) => [
    `object-detection:${key}`,
    value,
  ]);
  pulumi.runtime.setAllConfig({
    ...(Object.fromEntries(own) as Record<string, string>),
    "azure-native:location": "japaneast",
    "pulumi:disable-default-providers": "[]",
  });
}

it("reads the stack's own settings and its region, and leaves those of others alone", async () => {
  await configure({ poolNodes: "7" });

  expect(readStackConfig()).toMatchObject({ location: "japaneast", scaling: { kind: "fixed", nodes: 7 } });
});

it("names the file to edit, and ends the program without a stack trace", async () => {
  await configure({ poolNodes: "250", iou: "7" });

  expect(() => readStackConfig()).toThrow(pulumi.RunError);
  expect(() => readStackConfig()).toThrow(
    "Pulumi.night.yaml needs your attention:\n  poolNodes: expected 0–100, got 250\n  iou: expected 0–1, got 7",
  );
});
