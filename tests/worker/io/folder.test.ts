import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResultLine } from "../../../worker/contract/result";
import type { Summary } from "../../../worker/contract/summary";
import { ImageError } from "../../../worker/failure";
import { openFolderSink, openFolderSource } from "../../../worker/io/folder";
import { withTemporaryFolder } from "../../support/temporaryFolder";

function files(folder: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

describe("a folder as a source of images", () => {
  it("gives the pictures of all its folders, sorted, by their path in it", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "b.JPG", "a/z.png", "a/notes.txt", "a b/ü#%.jpeg", ".hidden/c.webp");

      const { images } = await openFolderSource([folder], "all", "out");

      expect(images.map(({ name }) => name)).toEqual([".hidden/c.webp", "a b/ü#%.jpeg", "a/z.png", "b.JPG"]);
      expect(images[1]).toEqual({
        name: "a b/ü#%.jpeg",
        etag: null,
        bytes: Buffer.byteLength("a b/ü#%.jpeg"),
        annotated: "annotated/a b/ü#%.jpeg",
      });
    });
  });

  it("takes a file that is named whatever its extension, and wants no annotated pictures when told so", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "photo", "x/other.jpg");

      const source = await openFolderSource([join(folder, "photo"), join(folder, "x")], "none", "out");

      expect(source.images.map(({ name, annotated }) => [name, annotated])).toEqual([
        ["photo", null],
        ["other.jpg", null],
      ]);
      expect(Buffer.from(await source.read(source.images[0]!)).toString()).toBe("photo");
    });
  });

  it("leaves out what an earlier run into the same folder annotated, and refuses it where it is named", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "a.jpg", "annotated/a.jpg", "annotated-too/b.jpg", "out/annotated/c.jpg");

      const images = async (path: string, out: string): Promise<string[]> =>
        (await openFolderSource([join(folder, path)], "all", join(folder, out))).images.map(
          ({ name }) => name,
        );

      expect(await images("", "")).toEqual(["a.jpg", "annotated-too/b.jpg", "out/annotated/c.jpg"]);
      expect(await images("", "out")).toEqual(["a.jpg", "annotated-too/b.jpg", "annotated/a.jpg"]);
      for (const named of ["annotated", "annotated/a.jpg"])
        await expect(images(named, "")).rejects.toThrow(
          `${join(folder, named)} is where annotated pictures are written: choose another --out than `,
        );
    });
  });

  it("takes a file once that is named twice", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "a.jpg");

      const { images } = await openFolderSource(
        [folder, join(folder, "a.jpg"), `${folder}/./a.jpg`],
        "all",
        "out",
      );

      expect(images).toHaveLength(1);
    });
  });

  it("refuses two files that would have one name", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "x/a.jpg", "y/a.jpg");

      await expect(openFolderSource([join(folder, "x"), join(folder, "y")], "all", "out")).rejects.toThrow(
        /x\/a\.jpg and .*y\/a\.jpg would both have the name a\.jpg: give one folder above both\./,
      );
    });
  });

  it("says what is missing, or that there is nothing", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "file", "empty/readme.md");

      await expect(openFolderSource([join(folder, "nowhere")], "all", "out")).rejects.toThrow(
        `There is no file or folder ${join(folder, "nowhere")}.`,
      );
      await expect(openFolderSource([join(folder, "file/below")], "all", "out")).rejects.toThrow(
        /cannot be read: a file is in the place of a folder above it\./,
      );
      await expect(openFolderSource([join(folder, "empty")], "all", "out")).rejects.toThrow(
        "There are no pictures in",
      );
    });
  });

  it("fails an image that cannot be read, and only when it is read", async () => {
    await withTemporaryFolder(async (folder) => {
      symlinkSync("nowhere", join(folder, "a.jpg"));
      mkdirSync(join(folder, "target"));
      symlinkSync("target", join(folder, "b.jpg"));

      const source = await openFolderSource([folder], "all", "out");
      const messages = await Promise.all(
        source.images.map((image) => source.read(image).catch((error: unknown) => error)),
      );

      expect(messages).toEqual([
        new ImageError("read", "unreadable", "The file cannot be read: it does not exist."),
        new ImageError("read", "unreadable", "The file cannot be read: it is a folder."),
      ]);
    });
  });
});

const line: ResultLine = {
  version: 1,
  image: { name: "a.jpg", etag: null },
  error: { stage: "decode", code: "empty", message: "The file is empty." },
};
const summary: Summary = {
  ...{ version: 1, images: 1, done: 0, failed: 1, detections: 0, byClass: {}, byFailure: { empty: 1 } },
  ...{ seconds: 1, imagesPerSecond: 1, threads: 1, versions: {} },
  model: { sha256: "", inputHeight: 1, inputWidth: 1, classes: 1 },
};

describe("a folder as the place of results", () => {
  it("gives the results their name only when they are whole", async () => {
    await withTemporaryFolder(async (folder) => {
      const out = join(folder, "new/out");
      const sink = await openFolderSink(out);

      await sink.append(line);
      await sink.append(line);
      await sink.writeAnnotated("annotated/x/a.jpg", Buffer.from("jpeg"));
      expect(readdirSync(out)).toEqual(["annotated", "results.ndjson.partial"]);
      await sink.finish(summary);

      expect(readdirSync(out)).toEqual(["annotated", "results.ndjson", "summary.json"]);
      expect(readFileSync(join(out, "results.ndjson"), "utf8")).toBe(`${JSON.stringify(line)}\n`.repeat(2));
      expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toEqual(summary);
      expect(readdirSync(join(out, "annotated/x"))).toEqual(["a.jpg"]);
    });
  });

  it("keeps what there is of an interrupted run", async () => {
    await withTemporaryFolder(async (folder) => {
      const sink = await openFolderSink(folder);
      await sink.append(line);
      await sink.abandon();

      expect(readdirSync(folder)).toEqual(["results.ndjson.partial"]);
      expect(readFileSync(join(folder, "results.ndjson.partial"), "utf8")).toBe(`${JSON.stringify(line)}\n`);
    });
  });

  it("writes over the results of an earlier run", async () => {
    await withTemporaryFolder(async (folder) => {
      for (const content of ["first", "second"]) {
        const sink = await openFolderSink(folder);
        await sink.append(line);
        await sink.writeAnnotated("annotated/a.jpg", Buffer.from(content));
        await sink.finish(summary);
      }

      expect(readFileSync(join(folder, "annotated/a.jpg"), "utf8")).toBe("second");
      expect(readFileSync(join(folder, "results.ndjson"), "utf8").split("\n")).toHaveLength(2);
    });
  });

  it("fails only the image whose annotated picture cannot have its name", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "annotated/file", "annotated/folder/x");
      const sink = await openFolderSink(folder);
      const failure = (name: string): Promise<unknown> =>
        sink.writeAnnotated(name, Buffer.from("jpeg")).catch((error: unknown) => error);

      expect(await failure(`annotated/${"n".repeat(256)}`)).toEqual(
        new ImageError(
          "write",
          "unwritable",
          "The annotated picture cannot be written: its name is too long.",
        ),
      );
      expect(await failure("annotated/file/below.jpg")).toBeInstanceOf(ImageError);
      expect(await failure("annotated/folder")).toBeInstanceOf(ImageError);
      expect(await failure(`annotated/${"n".repeat(250)}.jpg`)).toBeUndefined();
      await sink.abandon();

      expect(readdirSync(join(folder, "annotated")).filter((name) => name.endsWith(".partial"))).toEqual([]);
    });
  });

  const fullDisk = existsSync("/dev/full") ? it : it.skip;
  fullDisk("ends the run with a sentence when the disk is full", async () => {
    await withTemporaryFolder(async (folder) => {
      symlinkSync("/dev/full", join(folder, "results.ndjson.partial"));
      const sink = await openFolderSink(folder);

      await expect(sink.append(line)).rejects.toThrow(
        /results\.ndjson\.partial cannot be written: the disk is full\.$/,
      );
      await sink.abandon();
    });
  });

  it("says why it cannot be made", async () => {
    await withTemporaryFolder(async (folder) => {
      files(folder, "file");

      await expect(openFolderSink(join(folder, "file"))).rejects.toThrow(
        /cannot be made: a file is in its place\./,
      );
      await expect(openFolderSink(join(folder, "file/out"))).rejects.toThrow(
        `The folder ${join(folder, "file")} cannot be made: a file is in its place.`,
      );
    });
  });
});
