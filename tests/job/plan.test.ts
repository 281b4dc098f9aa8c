import type { InputImage } from "../../infra/job/inputs";
import { imageKey, type ImageKey } from "../../infra/job/ledger/imageKey";
import type { Standing } from "../../infra/job/ledger/standings";
import { scanInputs, type Selection } from "../../infra/job/plan";

const standings: Readonly<Record<string, Standing>> = {
  "fresh.jpg": { kind: "new" },
  "busy.jpg": { kind: "held" },
  "ready.jpg": { kind: "done" },
  "cam-1/bad.jpg": { kind: "failed", code: "truncated" },
  "cam-2/bad.jpg": { kind: "failed", code: "not-an-image" },
};
const images = Object.keys(standings).map((name) => ({ name, etag: '"1"', bytes: 10 }));
const byKey = new Map(images.map((image) => [imageKey(image).join(), standings[image.name]!]));

async function planned(selection: Selection, listing: readonly InputImage[] = images) {
  const kept: string[] = [];
  async function* stream(): AsyncGenerator<InputImage> {
    yield* listing;
    await Promise.resolve();
  }
  const standingOf = (key: ImageKey): Standing => byKey.get(key.join()) ?? { kind: "new" };
  const scan = await scanInputs(stream(), standingOf, selection, ({ name }) => void kept.push(name));
  return { ...scan, kept };
}
const retry = (codes: readonly string[], start = ""): Selection => ({
  kind: "retry",
  codes,
  isWantedName: (name) => name.startsWith(start),
});

describe("the plan of a run", () => {
  it("is over what is new: nothing that is done, failed or held by a live job", async () => {
    const { kept, counts, todo } = await planned({ kind: "new" });

    expect(kept).toEqual(["fresh.jpg"]);
    expect(counts).toEqual({ new: 1, held: 1, done: 1, failed: 2 });
    expect(todo).toMatchObject({ images: 1, bytes: 10 });
  });

  it("has the digest of all images, and one of those to do, whatever the listing's order", async () => {
    const there = await planned({ kind: "new" });
    const back = await planned({ kind: "new" }, images.toReversed());
    const more = await planned({ kind: "new" }, [...images, { name: "more.jpg", etag: '"1"', bytes: 1 }]);

    expect(back.inputsDigest).toBe(there.inputsDigest);
    expect(back.todo.digest).toBe(there.todo.digest);
    expect(there.todo.digest).not.toBe(there.inputsDigest);
    expect(more.inputsDigest).not.toBe(there.inputsDigest);
  });

  it("of a retry is over what failed and what is not done, never over what is done or held", async () => {
    expect((await planned(retry([]))).kept).toEqual(["fresh.jpg", "cam-1/bad.jpg", "cam-2/bad.jpg"]);
  });

  it("of a retry is over what failed with a code, or has a name that is wanted", async () => {
    expect((await planned(retry(["truncated"]))).kept).toEqual(["cam-1/bad.jpg"]);
    expect((await planned(retry([], "cam-2/"))).kept).toEqual(["cam-2/bad.jpg"]);
    expect((await planned(retry(["truncated"], "cam-2/"))).kept).toEqual([]);
  });
});
