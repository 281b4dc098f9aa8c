import { taskSlots, vCpusOf } from "../../infra/vmSize";

it.each([
  ["Standard_D2s_v3", 2],
  ["Standard_D64as_v5", 64],
  ["Standard_E8-4s_v5", 4],
  ["Standard_F16s_v2", 16],
  ["Standard_B2ms", 2],
  ["Standard_NC24ads_A100_v4", 24],
  ["Standard_HB120rs_v3", 120],
  ["Standard_A4_v2", 4],
])("reads the vCPUs of %s from its name", (size, vCpus) => {
  expect(vCpusOf(size)).toBe(vCpus);
});

it.each([
  ["an Arm size", "Standard_D2ps_v5"],
  ["a generation that is numbered otherwise (8 vCPUs)", "Standard_DS4_v2"],
  ["the same, older", "Standard_D3"],
  ["a name in small letters", "standard_d2s_v3"],
  ["no size at all", "two"],
])("does not guess for %s", (_what, size) => {
  expect(vCpusOf(size)).toBeUndefined();
});

it("gives a node one slot a vCPU, and no more than Batch allows", () => {
  expect([taskSlots(2), taskSlots(416)]).toEqual([2, 256]);
});
