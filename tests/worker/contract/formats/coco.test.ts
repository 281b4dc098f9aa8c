import { cocoCategories, cocoImageIds, cocoResults } from "../../../../worker/contract/formats/coco";
import { detection, doneLine } from "./lines";

describe("COCO results", () => {
  it("have a box as left, top, width and height to 3 decimals, and the score to 5", () => {
    const line = doneLine("000000000139.jpg", [
      detection([6.2547, 165.46173, 154.51007, 261.79572], 62, "tv"),
    ]);

    expect(cocoResults(line, 139, (classNumber) => classNumber + 10)).toEqual([
      {
        image_id: 139,
        file_name: "000000000139.jpg",
        category_id: 72,
        bbox: [6.255, 165.462, 148.255, 96.334],
        score: 0.87654,
      },
    ]);
  });

  it("name an image by the number that its name is, or by its name without folder and extension", () => {
    expect(
      cocoImageIds(["val/000000000139.jpg", "street.7.png", "x/12a.jpg", "99999999999999999999.jpg"]),
    ).toEqual([139, "street.7", "12a", "99999999999999999999"]);
  });

  it("name images by their whole name where two would share an id", () => {
    expect(cocoImageIds(["a/1.jpg", "b/001.jpg", "c.png", "c.jpg", "2.jpg"])).toEqual([
      "a/1.jpg",
      "b/001.jpg",
      "c.png",
      "c.jpg",
      2,
    ]);
  });

  it("have COCO's category ids for a model of COCO's 80 classes", () => {
    const categoryOf = cocoCategories(80, [
      [0, "person"],
      [79, "toothbrush"],
    ]);

    // From COCO's instances_val2017.json.
    expect([0, 10, 11, 24, 60, 62, 79].map(categoryOf)).toEqual([1, 11, 13, 27, 67, 72, 90]);
  });

  it("count the classes of any other model from 1", () => {
    expect([0, 79].map(cocoCategories(80, [[0, "helmet"]]))).toEqual([1, 80]);
    expect([0, 3].map(cocoCategories(4, [[0, "person"]]))).toEqual([1, 4]);
  });
});
