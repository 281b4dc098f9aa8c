import { retirementRules } from "../../../infra/policy/retirement";
import { judged } from "./judged";

const pool = "batch:Pool";
const at = (day: string) => ({ today: new Date(day) });
const withAgent = (nodeAgentSkuId: string) => ({
  deploymentConfiguration: { virtualMachineConfiguration: { nodeAgentSkuId } },
});

/** The day of a size's retirement; none for a size that stays. */
function retiresOn(vmSize: string): string | undefined {
  const rule = retirementRules.find(({ name }) => name === "vm-size-retired")!;
  const subject = { type: `azure-native:${pool}`, name: "pool", inputs: { vmSize } };
  return /on (\S+) /.exec(rule.check(subject, new Date("2100-01-01"), [])[0] ?? "")?.[1];
}

describe("what Azure takes out of service", () => {
  const jammy = withAgent("batch.node.ubuntu 22.04");

  it("is not mentioned until 180 days before its day", () => {
    expect(judged("node-agent-retiring", pool, jammy, at("2026-12-31T23:59:59Z"))).toEqual([]);
    expect(judged("node-agent-retired", pool, jammy, at("2026-12-31T23:59:59Z"))).toEqual([]);
  });

  it("is warned of from then on", () => {
    expect(judged("node-agent-retiring", pool, jammy, at("2027-01-01T00:00:00Z"))).toEqual([
      "batch.node.ubuntu 22.04 (Ubuntu 22.04) retires on 2027-06-30, in 180 days (Azure/Batch#200)",
    ]);
    expect(judged("node-agent-retiring", pool, jammy, at("2027-06-29T23:59:59Z"))).toEqual([
      expect.stringContaining("in 1 day "),
    ]);
    expect(judged("node-agent-retired", pool, jammy, at("2027-06-29T23:59:59Z"))).toEqual([]);
  });

  it("is refused from its day on", () => {
    expect(judged("node-agent-retired", pool, jammy, at("2027-06-30T00:00:00Z"))).toEqual([
      "batch.node.ubuntu 22.04 (Ubuntu 22.04) was retired on 2027-06-30 (Azure/Batch#200)",
    ]);
    expect(judged("node-agent-retiring", pool, jammy, at("2027-06-30T00:00:00Z"))).toEqual([]);
  });

  it("is refused where a warning only speaks", () => {
    expect(
      new Set(retirementRules.map(({ name, enforcement }) => `${name.split("-").at(-1)!} ${enforcement}`)),
    ).toEqual(new Set(["retired mandatory", "retiring advisory"]));
  });
});

it.each([
  ["Standard_D2", "2028-05-01"],
  ["Standard_DS3", "2028-05-01"],
  ["Standard_D2_v2", "2028-05-01"],
  ["Standard_DS11-1_v2", "2028-05-01"],
  ["standard_ds2_v2", "2028-05-01"],
  ["Standard_L8s", "2028-05-01"],
  ["Standard_F4", "2028-11-15"],
  ["Standard_F4s", "2028-11-15"],
  ["Standard_F4s_v2", "2028-11-15"],
  ["Standard_L8s_v2", "2028-11-15"],
  ["Standard_A2_v2", "2028-11-15"],
  ["Standard_A2m_v2", "2028-11-15"],
  ["Standard_B2ms", "2028-11-15"],
  ["Standard_G2", "2028-11-15"],
  ["Standard_D2s_v3", "2029-11-15"],
  ["Standard_E64is_v3", "2029-11-15"],
  ["Standard_HB120rs_v2", "2027-05-31"],
  ["Standard_HC44-16rs", "2027-05-31"],
  ["Standard_NP10s", "2027-05-31"],
  ["Standard_NV12s_v3", "2026-09-30"],
  ["Standard_NV4as_v4", "2026-09-30"],
  ["Standard_NC24rs_v3", "2025-09-30"],
])("knows the day of %s: %s", (vmSize, day) => {
  expect(retiresOn(vmSize)).toBe(day);
});

it.each([
  "Standard_D2s_v4",
  "Standard_D2ds_v5",
  "Standard_D2as_v5",
  "Standard_D8s_v6",
  "Standard_E4s_v5",
  "Standard_L8s_v3",
  "Standard_F4as_v6",
  "Standard_B2s_v2",
  "Standard_HB120rs_v3",
  "Standard_NV6ads_A10_v5",
  "Standard_NC4as_T4_v3",
])("lets %s be", (vmSize) => {
  expect(retiresOn(vmSize)).toBeUndefined();
});

it("knows agents, images and ways of communication that went", () => {
  const today = at("2027-02-01");

  for (const agent of ["ubuntu 18.04", "ubuntu 20.04", "centos 7", "debian 10"])
    expect(judged("node-agent-retired", pool, withAgent(`batch.node.${agent}`), today)).toHaveLength(1);
  for (const agent of ["ubuntu 24.04", "debian 12", "el 9", "windows amd64"])
    expect(judged("node-agent-retired", pool, withAgent(`batch.node.${agent}`), today)).toEqual([]);
  const image = (sku: string) => ({
    deploymentConfiguration: { virtualMachineConfiguration: { imageReference: { sku } } },
  });
  expect(judged("image-retired", pool, image("2016-datacenter-smalldisk"), today)).toHaveLength(1);
  expect(judged("image-retired", pool, image("2022-datacenter"), today)).toEqual([]);
  const mode = (targetNodeCommunicationMode: string) => ({ targetNodeCommunicationMode });
  expect(judged("node-communication-retired", pool, mode("Classic"), today)).toHaveLength(1);
  expect(judged("node-communication-retired", pool, mode("Simplified"), today)).toEqual([]);
});
