import { GroupCommit } from "../../local/groupCommit";

/** A disk whose writes are done when the test says so. */
class SlowDisk {
  readonly begun: string[] = [];
  private finishing: (() => void)[] = [];

  readonly write = (what: string) => (): Promise<void> => {
    this.begun.push(what);
    return new Promise((done) => this.finishing.push(done));
  };

  async finish(): Promise<void> {
    this.finishing.splice(0).forEach((done) => done());
    await turns();
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await turns();
  return settled;
}

describe("a group commit", () => {
  it("has nothing to wait for when nothing was written", async () => {
    expect(await isSettled(new GroupCommit().written())).toBe(true);
  });

  it("writes together what comes in one turn, and tells when it is on disk", async () => {
    const [commits, disk] = [new GroupCommit(), new SlowDisk()];
    commits.add("a", disk.write("a"));
    commits.add("b", disk.write("b"));
    const written = commits.written();
    await turns();

    expect(disk.begun).toEqual(["a", "b"]);
    expect(await isSettled(written)).toBe(false);
    await disk.finish();
    expect(await isSettled(written)).toBe(true);
  });

  it("holds back what comes while a transaction is under way, of which the last write of each record counts", async () => {
    const [commits, disk] = [new GroupCommit(), new SlowDisk()];
    commits.add("a", disk.write("a 1"));
    await turns();
    commits.add("a", disk.write("a 2"));
    commits.add("b", disk.write("b"));
    commits.add("a", disk.write("a 3"));
    const written = commits.written();
    await turns();
    expect(disk.begun).toEqual(["a 1"]);

    await disk.finish();
    expect(disk.begun).toEqual(["a 1", "a 3", "b"]);
    expect(await isSettled(written)).toBe(false);
    await disk.finish();
    expect(await isSettled(written)).toBe(true);
  });

  it("waits for what was written before, not for what comes after", async () => {
    const [commits, disk] = [new GroupCommit(), new SlowDisk()];
    commits.add("a", disk.write("a"));
    await turns();
    const written = commits.written();
    commits.add("b", disk.write("b"));

    await disk.finish();

    expect(await isSettled(written)).toBe(true);
    expect(await isSettled(commits.written())).toBe(false);
    await disk.finish();
  });
});
