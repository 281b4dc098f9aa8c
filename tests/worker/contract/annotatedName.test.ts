import { annotatedName } from "../../../worker/contract/annotatedName";

describe("an annotated name", () => {
  it("is that of a JPEG, and .jpg is appended to others", () => {
    expect(annotatedName("a.jpg", "all")).toBe("annotated/a.jpg");
    expect(annotatedName("b/c.JPEG", "all")).toBe("annotated/b/c.JPEG");
    expect(annotatedName("d.png", "all")).toBe("annotated/d.png.jpg");
  });

  it.each(["a.png", "a.PNG", "b/c.tiff"])(
    "is never that of another image: %s and its name with .jpg",
    (image) => {
      const name = annotatedName(`${image}.jpg`, "all");

      expect(name).not.toBe(annotatedName(image, "all"));
      expect(name).toMatch(new RegExp(`^annotated/${image}-[0-9a-f]{8}\\.jpg$`));
    },
  );

  it("of a JPEG with two endings of its own is left alone", () => {
    expect(annotatedName("a.jpg.jpg", "all")).toBe("annotated/a.jpg.jpg");
    expect(annotatedName("a.png.jpeg", "all")).toBe("annotated/a.png.jpeg");
    expect(annotatedName("a.v2.jpg", "all")).toBe("annotated/a.v2.jpg");
  });

  it("is there for every image with positives, which only detection can tell, and for none with none", () => {
    expect(annotatedName("a.jpg", "positives")).toBe("annotated/a.jpg");
    expect(annotatedName("a.jpg", "none")).toBeNull();
  });

  it("is there for about the share that is wanted, which a larger share contains", () => {
    const images = Array.from({ length: 5000 }, (_, index) => `cam-1/${index}.jpg`);
    const chosen = (share: number): string[] =>
      images.filter((image) => annotatedName(image, share) !== null);

    expect(chosen(0.1).length).toBeGreaterThan(400);
    expect(chosen(0.1).length).toBeLessThan(600);
    expect(chosen(0.3)).toEqual(expect.arrayContaining(chosen(0.1)));
  });
});
