import { vCpusOf } from "../../../local/compute/vCpus";

describe("vCpusOf", () => {
  it.each([
    ["Standard_D2s_v3", 2],
    ["standard_d16ads_v5", 16],
    ["Standard_E4-2ds_v5", 2],
    ["Standard_NC24ads_A100_v4", 24],
    ["Standard_F8s_v2", 8],
    ["Standard_DS2_v2", undefined],
    ["Standard_A4", undefined],
    ["huge", undefined],
  ])("reads %s as %s", (vmSize, vCpus) => {
    expect(vCpusOf(vmSize)).toBe(vCpus);
  });
});
