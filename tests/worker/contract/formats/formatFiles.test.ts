import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFormatFiles } from "../../../../worker/contract/formats/formatFiles";
import { withTemporaryFolder } from "../../../support/temporaryFolder";
import { detection, doneLine, failedLine } from "./lines";

const categoryOf = (classNumber: number): number => classNumber + 1;
const box = detection([0, 0, 64, 48]);
const images = ["1.jpg", "x/2.jpg", "3.jpg", "4.jpg"];
const run = { images, categoryOf };

describe("a run's results in other formats", () => {
  it("are in their files when the run is finished, in folders that were made for them", async () => {
    await withTemporaryFolder(async (folder) => {
      const [coco, csv] = [join(folder, "new/results.json"), join(folder, "new/too/boxes.csv")];
      const files = await openFormatFiles({ yolo: { folder, withConfidence: false }, coco, csv }, run);

      await files.append(doneLine("1.jpg", [box, box]));
      await files.append(doneLine("x/2.jpg", [box]));
      await files.append(doneLine("3.jpg"));
      await files.append(failedLine("4.jpg"));
      expect([coco, csv].map((file) => existsSync(file))).toEqual([false, false]);
      await files.finish();

      const results = JSON.parse(readFileSync(coco, "utf8")) as { image_id: number }[];
      expect(results.map((result) => result.image_id)).toEqual([1, 1, 2]);
      expect(readFileSync(csv, "utf8").split("\r\n")).toHaveLength(5);
      expect(readFileSync(join(folder, "labels/x/2.txt"), "utf8")).toBe("0 0.05 0.05 0.1 0.1\n");
      expect(readdirSync(join(folder, "labels")).sort()).toEqual(["1.txt", "x"]);
      expect(readdirSync(join(folder, "new")).sort()).toEqual(["results.json", "too"]);
    });
  });

  it("are valid files when nothing was found", async () => {
    await withTemporaryFolder(async (folder) => {
      const [coco, csv] = [join(folder, "results.json"), join(folder, "boxes.csv")];
      const files = await openFormatFiles({ coco, csv }, run);
      await files.finish();

      expect(JSON.parse(readFileSync(coco, "utf8"))).toEqual([]);
      expect(readFileSync(csv, "utf8")).toBe("image,width,height,class,name,confidence,x1,y1,x2,y2\r\n");
    });
  });

  it("keep no label of an earlier run for a picture without a detection", async () => {
    await withTemporaryFolder(async (folder) => {
      for (const line of [doneLine("1.jpg", [box]), doneLine("1.jpg")]) {
        const files = await openFormatFiles({ yolo: { folder, withConfidence: false } }, run);
        await files.append(line);
        await files.finish();
      }

      expect(readdirSync(join(folder, "labels"))).toEqual([]);
    });
  });

  it("leave an earlier table as it was when the run is interrupted", async () => {
    await withTemporaryFolder(async (folder) => {
      const csv = join(folder, "boxes.csv");
      writeFileSync(csv, "earlier");
      const files = await openFormatFiles({ csv }, run);
      await files.append(doneLine("1.jpg", [box]));
      await files.abandon();

      expect(readdirSync(folder)).toEqual(["boxes.csv"]);
      expect(readFileSync(csv, "utf8")).toBe("earlier");
    });
  });

  it("leave out the label of a blob whose name leads out of the folder, and say so", async () => {
    await withTemporaryFolder(async (folder) => {
      const names = ["a/../../../evil.jpg", "n".repeat(300), "good.jpg"];
      const out = join(folder, "out");
      const wanted = { yolo: { folder: out, withConfidence: false } };
      const files = await openFormatFiles(wanted, { images: names, categoryOf });

      for (const name of names) await files.append(doneLine(name, [box]));

      expect(await files.finish()).toEqual([
        "labels/a/../../../evil.txt leads out of the folder; it is not written.",
        `labels/${"n".repeat(300)}.txt cannot be written (ENAMETOOLONG).`,
      ]);
      expect(readdirSync(folder)).toEqual(["out"]);
      expect(readdirSync(join(out, "labels"))).toEqual(["good.txt"]);
    });
  });

  it("are refused before the run where they cannot be written", async () => {
    await withTemporaryFolder(async (folder) => {
      mkdirSync(join(folder, "there"));
      writeFileSync(join(folder, "file"), "");
      const both = join(folder, "both");

      await expect(openFormatFiles({ csv: join(folder, "there") }, run)).rejects.toThrow(
        /there cannot be written: it is a folder\./,
      );
      await expect(openFormatFiles({ csv: join(folder, "file/x.csv") }, run)).rejects.toThrow(
        /file cannot be made: a file is in its place\./,
      );
      await expect(openFormatFiles({ csv: both, coco: both }, run)).rejects.toThrow("give two files.");
      await expect(openFormatFiles({ coco: both, csv: join(folder, "there") }, run)).rejects.toThrow();
      expect(readdirSync(folder).sort()).toEqual(["file", "there"]);
    });
  });
});
