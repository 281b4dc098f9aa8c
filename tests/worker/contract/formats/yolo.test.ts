import fc from "fast-check";
import { general, yoloNames, yoloText } from "../../../../worker/contract/formats/yolo";
import { detection, doneLine } from "./lines";

describe("YOLO labels", () => {
  it("hold class, centre and size as shares of the picture, a line for each box", () => {
    const line = doneLine("a.jpg", [detection([0, 0, 640, 480]), detection([160, 120, 320, 360], 7)]);

    expect(yoloText(line, false)).toBe("0 0.5 0.5 1 1\n7 0.375 0.5 0.25 0.5\n");
    expect(yoloText(line, true)).toBe("0 0.5 0.5 1 1 0.87654\n7 0.375 0.5 0.25 0.5 0.87654\n");
  });

  it("are, on a photograph, those of ultralytics 8.4.190 to the byte", () => {
    // COCO val2017 000000000139.jpg, yolov8n.onnx: the television and the first chair.
    const line = doneLine(
      "000000000139.jpg",
      [
        detection([6.2547, 165.46173, 154.51007, 261.79572], 62, "tv"),
        detection([293.96991, 218.04822, 354.00232, 312.19629], 56, "chair"),
      ],
      [640, 426],
    );

    expect(yoloText(line, false)).toBe(
      "62 0.125597 0.501476 0.231649 0.226136\n56 0.506228 0.622353 0.0938006 0.221005\n",
    );
  });

  it("are empty without a detection", () => {
    expect(yoloText(doneLine("a.jpg"), false)).toBe("");
  });

  it("have the image's path with .txt for its extension, unless that would be two images' name", () => {
    expect(yoloNames(["x/b.jpg", "a.png", "a.jpg", ".hidden/photo", "a.png.jpg"])).toEqual([
      "labels/x/b.txt",
      "labels/a.png.txt",
      "labels/a.jpg.txt",
      "labels/.hidden/photo.txt",
      "labels/a.png.jpg.txt",
    ]);
  });

  it("never share a name, whatever the images are called", () => {
    const part = fc.constantFrom("a", ".", "/", "b", "jpg", "png", "txt");
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (images) => {
        expect(new Set(yoloNames(images)).size).toBe(images.length);
      }),
    );
  });
});

describe("numbers in labels", () => {
  it.each([
    [0, "0"],
    [1, "1"],
    [0.5, "0.5"],
    [0.123456789, "0.123457"],
    [0.1953125, "0.195312"],
    [0.5859375, "0.585938"],
    [0.0001, "0.0001"],
    [0.00001234567, "1.23457e-05"],
    [1e-10, "1e-10"],
    [0.9999999, "1"],
    [0.00009999999, "0.0001"],
  ])("are written as C writes %d with %%g", (value, text) => {
    expect(general(value)).toBe(text);
  });
});
