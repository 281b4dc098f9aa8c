import { csvHeader, csvRows } from "../../../../worker/contract/formats/csv";
import { detection, doneLine } from "./lines";

describe("CSV", () => {
  it("has a header and a row for each box", () => {
    const line = doneLine("x/a.jpg", [
      detection([1.5, 2, 3, 4]),
      detection([0, 0, 1, 1], 2, "traffic light"),
    ]);

    expect(csvHeader).toBe("image,width,height,class,name,confidence,x1,y1,x2,y2\r\n");
    expect(csvRows(line)).toEqual([
      "x/a.jpg,640,480,0,person,0.87654,1.5,2,3,4\r\n",
      "x/a.jpg,640,480,2,traffic light,0.87654,0,0,1,1\r\n",
    ]);
  });

  it("quotes names with commas, quotes and line ends, and doubles the quotes", () => {
    const [row] = csvRows(doneLine('a,"b"\n.jpg', [detection([0, 0, 1, 1], 0, "cat, dog")]));

    expect(row).toBe('"a,""b""\n.jpg",640,480,0,"cat, dog",0.87654,0,0,1,1\r\n');
  });

  it("lets no spreadsheet take a name for a formula", () => {
    const [row] = csvRows(doneLine('=HYPERLINK("x").jpg', [detection([0, 0, 1, 1], 0, "@sum")]));

    expect(row).toBe(`"'=HYPERLINK(""x"").jpg",640,480,0,'@sum,0.87654,0,0,1,1\r\n`);
  });
});
