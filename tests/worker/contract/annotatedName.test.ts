import { annotatedNames } from "../../../worker/contract/annotatedName";

describe("annotated names", () => {
  it("keep the name of a JPEG and append .jpg to others", () => {
    expect(annotatedNames(["a.jpg", "b/c.JPEG", "d.png"], "all")).toEqual([
      "annotated/a.jpg",
      "annotated/b/c.JPEG",
      "annotated/d.png.jpg",
    ]);
  });

  it("never collide: the second of two images that want one name gets a hash", () => {
    const names = annotatedNames(["a.png", "a.png.jpg"], "all");

    expect(names[0]).toBe("annotated/a.png.jpg");
    expect(names[1]).toMatch(/^annotated\/a\.png-[0-9a-f]{8}\.jpg$/);
  });

  it("are there for every image with positives, which only detection can tell, and for none with none", () => {
    expect(annotatedNames(["a.jpg", "b.jpg"], "positives")).toEqual(["annotated/a.jpg", "annotated/b.jpg"]);
    expect(annotatedNames(["a.jpg", "b.jpg"], "none")).toEqual([null, null]);
  });

  it("are there for about the share that is wanted, which a larger share contains", () => {
    const images = Array.from({ length: 5000 }, (_, index) => `cam-1/${index}.jpg`);
    const chosen = (share: number): (string | null)[] =>
      annotatedNames(images, share).filter((name) => name !== null);

    expect(chosen(0.1).length).toBeGreaterThan(400);
    expect(chosen(0.1).length).toBeLessThan(600);
    expect(chosen(0.3)).toEqual(expect.arrayContaining(chosen(0.1)));
  });

  it("are chosen for an image by its own name, whatever images are beside it", () => {
    const images = Array.from({ length: 100 }, (_, index) => `${index}.jpg`);

    expect(images.map((image) => annotatedNames([image], 0.5)[0])).toEqual(annotatedNames(images, 0.5));
  });
});
