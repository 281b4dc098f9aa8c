import {
  differingPaths,
  isUnknown,
  knownPart,
  segmentsOf,
  shown,
  valueAt,
} from "../../../infra/review/values";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc",
};

describe("paths", () => {
  it("are read in the engine's notation", () => {
    expect(segmentsOf('a.b[0]["c.d"].managed-by')).toEqual(["a", "b", "0", "c.d", "managed-by"]);
    expect(valueAt({ a: { b: [{ "c.d": 7 }] } }, 'a.b[0]["c.d"]')).toBe(7);
    expect(valueAt({ a: "text" }, "a.length.b")).toBeUndefined();
  });

  it("tell where two trees differ, as deep as both go, without a provider's own", () => {
    const before = { same: 1, gone: 1, tree: { list: [1, 2], "a.b": 1 }, __provider: "old code" };
    const after = { same: 1, new: 1, tree: { list: [1, 3, 4], "a.b": 2 }, __provider: "new code" };

    expect(differingPaths(before, after).sort()).toEqual(
      ["gone", "new", "tree.list[1]", "tree.list[2]", 'tree["a.b"]'].sort(),
    );
  });

  it("do not lead into a secret", () => {
    expect(differingPaths({ key: secret }, { key: { ...secret, ciphertext: "v1:def" } })).toEqual(["key"]);
  });
});

describe("values", () => {
  it("that are secret or not known are never shown", () => {
    expect(shown(secret, unknown)).toEqual(["[secret]", "[unknown]"]);
    expect(shown({ a: secret }, { a: `https://${unknown}/x` })).toEqual([
      '{"a":"[secret]"}',
      '{"a":"[unknown]"}',
    ]);
    expect(shown("[secret]", undefined)).toEqual(["[secret]", "(none)"]);
  });

  it("that are long are cut to where they part", () => {
    const [before, after] = shown(
      `${"x".repeat(200)}A${"y".repeat(200)}`,
      `${"x".repeat(200)}B${"y".repeat(200)}`,
    );

    expect(before).toMatch(/^…x{12}Ay+…$/);
    expect(after).toMatch(/^…x{12}By+…$/);
    expect(before.length).toBeLessThan(60);
  });

  it("that are not known have a mark for each kind", () => {
    expect(isUnknown("3eeb2bf0-c639-47a8-9e75-3b44932eb421")).toBe(true);
    expect(isUnknown("3eeb2bf0")).toBe(false);
  });

  it("that are known remain when the others are left out", () => {
    expect(knownPart({ a: unknown, b: [1, unknown], c: { d: secret, __e: 1 }, f: null })).toEqual({
      b: [1],
      c: { d: "[secret]" },
      f: null,
    });
  });
});
