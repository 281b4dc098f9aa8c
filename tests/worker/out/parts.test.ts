import type { ResultLine } from "../../../worker/contract/result";
import { Parts } from "../../../worker/out/parts";
import { MemoryContainer } from "./memoryContainer";

const prefix = "runs/job/shard-00001";
const part = (number: number): string => `${prefix}/parts/${String(number).padStart(5, "0")}.ndjson`;

const image = (name: string, etag = "1") => ({ name, etag, bytes: 1, annotated: null });
const line = (name: string, etag = "1"): ResultLine => ({
  version: 1,
  image: { name, etag },
  error: { stage: "decode", code: "empty", message: "The file is empty." },
});
const names = (text: string | undefined): string[] =>
  (text ?? "")
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => (JSON.parse(row) as ResultLine).image.name);

describe("the parts of a task's results", () => {
  it("are flushed every 50 lines, and when the run ends", async () => {
    const container = new MemoryContainer();
    const parts = await Parts.open(container, prefix);

    for (let index = 0; index < 60; index++) await parts.append(line(`${index}`));
    expect(container.written).toEqual([part(1)]);
    await parts.flush();
    await parts.flush();

    expect(container.written).toEqual([part(1), part(2)]);
    expect(names(container.blobs.get(part(1)))).toHaveLength(50);
    expect(names(container.blobs.get(part(2)))).toHaveLength(10);
  });

  it("are read by a rerun, which knows what they hold and goes on behind them", async () => {
    const container = new MemoryContainer();
    const first = await Parts.open(container, prefix);
    await first.append(line("a"));
    await first.flush();

    const second = await Parts.open(container, prefix);
    expect([image("a"), image("a", "2"), image("b")].map((one) => second.has(one))).toEqual([
      true,
      false,
      false,
    ]);
    await second.append(line("b"));
    await second.flush();

    expect([...container.blobs.keys()]).toEqual([part(1), part(2)]);
  });

  it("are joined in the manifest's order, whoever did them, and discarded", async () => {
    const container = new MemoryContainer();
    const first = await Parts.open(container, prefix);
    await first.append(line("c"));
    await first.append(line("a"));
    await first.flush();

    const second = await Parts.open(container, prefix);
    await second.append(line("b"));
    await second.join([image("a"), image("b"), image("c")]);
    await second.discard();

    expect([...container.blobs.keys()]).toEqual([`${prefix}/results.ndjson`]);
    expect(names(container.blobs.get(`${prefix}/results.ndjson`))).toEqual(["a", "b", "c"]);
    expect([...second.lines]).toHaveLength(3);
  });

  it("are not joined while an image has no line", async () => {
    const container = new MemoryContainer();
    const parts = await Parts.open(container, prefix);
    await parts.append(line("a"));

    await expect(parts.join([image("a"), image("b")])).rejects.toThrow("b has no result");
    expect(container.written).toEqual([]);
  });

  it("keep what could not be written for the next flush", async () => {
    const container = new MemoryContainer();
    const parts = await Parts.open(container, prefix);
    await parts.append(line("a"));
    container.refused = "parts";
    await expect(parts.flush()).rejects.toThrow("Cannot write");
    container.refused = undefined;

    await parts.append(line("b"));
    await parts.flush();

    expect(names(container.blobs.get(part(1)))).toEqual(["a", "b"]);
  });

  it("name the part and line that cannot be read", async () => {
    const container = new MemoryContainer();
    await container.write(part(3), '{"version":1}\n');

    await expect(Parts.open(container, prefix)).rejects.toThrow(`${part(3)} line 1: `);
  });

  it("leave those of other tasks alone", async () => {
    const container = new MemoryContainer();
    await container.write("runs/job/shard-000010/parts/00001.ndjson", "");

    const parts = await Parts.open(container, prefix);
    await parts.discard();

    expect(container.blobs.size).toBe(1);
  });
});
