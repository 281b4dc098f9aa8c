import { annotatedNames } from "../../../worker/contract/annotatedName";

describe("annotated names", () => {
  it("keep the name of a JPEG and append .jpg to others", () => {
    expect(annotatedNames(["a.jpg", "b/c.JPEG", "d.png"])).toEqual([
      "annotated/a.jpg",
      "annotated/b/c.JPEG",
      "annotated/d.png.jpg",
    ]);
  });

  it("never collide: the second of two images that want one name gets a hash", () => {
    const names = annotatedNames(["a.png", "a.png.jpg"]);

    expect(names[0]).toBe("annotated/a.png.jpg");
    expect(names[1]).toMatch(/^annotated\/a\.png-[0-9a-f]{8}\.jpg$/);
  });
});
