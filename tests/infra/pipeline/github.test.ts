/** What the pipelines write to GitHub, against its API on loopback. */
import { pullRequestOf, reviewMarker, writeComment } from "../../../infra/pipeline/comment";
import { deployedCommit } from "../../../infra/pipeline/deployed";
import type { Change } from "../../../infra/pipeline/document";
import { keepDriftIssue } from "../../../infra/pipeline/driftIssue";
import { openGitHub } from "../../../infra/pipeline/github";
import { startFakeGitHub, type FakeGitHub } from "../../support/fakeGitHub";

let fake: FakeGitHub;
beforeEach(async () => (fake = await startFakeGitHub()));
afterEach(() => fake.stop());
const github = () => openGitHub(fake.environment);
const urls = () => fake.comments.map(({ html_url: url }) => url);

describe("the review as a comment", () => {
  it("is added once, then edited, and left alone when it is the same", async () => {
    const kinds = [];
    for (const text of ["first", "second", "second"])
      kinds.push((await writeComment(github(), 7, text)).kind);

    expect(kinds).toEqual(["added", "edited", "unchanged"]);
    expect(fake.comments.map(({ body }) => body)).toEqual([`${reviewMarker}\nsecond\n`]);
  });

  it("is found behind more comments than a page has", async () => {
    for (let number = 0; number < 230; number++) fake.comments.push(fake.post("someone", `talk ${number}`));
    await writeComment(github(), 7, "first");

    expect((await writeComment(github(), 7, "second")).kind).toBe("edited");
    expect(urls()).toHaveLength(231);
  });

  it("does not take somebody else's comment for its own, nor one that quotes it", async () => {
    fake.comments.push(
      fake.post("someone", `${reviewMarker}\nall is well`),
      fake.post("github-actions[bot]", `> ${reviewMarker}`),
    );

    expect((await writeComment(github(), 7, "careful")).kind).toBe("added");
    expect(fake.comments.map(({ body }) => body)).toContain(`${reviewMarker}\nall is well`);
  });

  it("is cut where GitHub would refuse its length, and says so", async () => {
    await writeComment(github(), 7, "x".repeat(100_000));

    expect(fake.comments[0]!.body.length).toBe(65_536);
    expect(fake.comments[0]!.body).toMatch(/longer than a comment may be/);
  });

  it("names what a refused token lacks", async () => {
    fake.denyWrites();

    await expect(writeComment(github(), 7, "first")).rejects.toThrow(
      /^Could not add a comment: GitHub answered 403 \(Resource not accessible by integration\)\. .*pull-requests: write/,
    );
  });

  it("says that a token has ended, that nobody answers, and what is not set", async () => {
    const withBad = openGitHub({ ...fake.environment, GITHUB_TOKEN: "old" });
    await expect(writeComment(withBad, 7, "x")).rejects.toThrow("GITHUB_TOKEN is not valid (any more).");

    const nowhere = openGitHub({ ...fake.environment, GITHUB_API_URL: "http://127.0.0.1:9" });
    await expect(writeComment(nowhere, 7, "x")).rejects.toThrow(/http:\/\/127\.0\.0\.1:9 does not answer/);

    expect(() => openGitHub({ GITHUB_REPOSITORY: "team/detection" })).toThrow(
      /GITHUB_TOKEN and GITHUB_REPOSITORY/,
    );
  });

  it("belongs to the pull request whose merge is built", () => {
    expect(pullRequestOf("refs/pull/12/merge")).toBe(12);
    expect(pullRequestOf("refs/heads/main")).toBeUndefined();
    expect(pullRequestOf(undefined)).toBeUndefined();
  });
});

describe("the drift as an issue", () => {
  const resized: Change = {
    op: "update",
    type: "azure-native:batch:Pool",
    name: "pool",
    properties: ["scaleSettings"],
  };
  const gone: Change = {
    op: "delete",
    type: "azure-native:storage:BlobContainer",
    name: "storage-input",
    properties: [],
  };
  const keep = (changes: readonly Change[], stack = "dev") =>
    keepDriftIssue(github(), stack, changes, fake.environment);

  it("is opened, left alone, updated, and closed when the drift is gone; then there is none", async () => {
    const kinds = [];
    for (const changes of [[], [resized], [resized], [resized, gone], [], []])
      kinds.push((await keep(changes)).kind);

    expect(kinds).toEqual(["none", "opened", "unchanged", "updated", "closed", "none"]);
    expect(fake.issues).toHaveLength(1);
    expect(fake.issues[0]).toMatchObject({ title: "Stack dev is not as it was deployed", state: "closed" });
    expect(fake.issues[0]!.body).toContain(
      "| storage-input | azure-native:storage:BlobContainer | is gone |",
    );
    expect(fake.issues[0]!.body).toContain(
      "Gone ([run](https://github.example/team/detection/actions/runs/42))",
    );
  });

  it("is a new one when drift comes back", async () => {
    for (const changes of [[resized], [], [resized]]) await keep(changes);

    expect(fake.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
  });

  it("is one for each stack, and no pull request and nobody else's issue is touched", async () => {
    const foreign = {
      ...fake.post("someone", "<!-- drift dev -->"),
      number: 900,
      title: "x",
      state: "open" as const,
    };
    const request = {
      ...fake.post("github-actions[bot]", "<!-- drift dev -->"),
      number: 901,
      title: "y",
      state: "open" as const,
      pull_request: {},
    };
    fake.issues.push(foreign, request);
    await keep([resized]);
    await keep([resized], "prod");
    await keep([]);

    expect(fake.issues.map(({ title, state }) => [title, state])).toEqual([
      ["x", "open"],
      ["y", "open"],
      ["Stack dev is not as it was deployed", "closed"],
      ["Stack prod is not as it was deployed", "open"],
    ]);
  });
});

describe("the commit that runs", () => {
  const deployment = (id: number, sha: string, state: string, environment = "dev") => ({
    id,
    sha,
    state,
    environment,
  });

  it("is that of the newest deployment that ended well, in that environment", async () => {
    fake.deployments.push(
      deployment(5, "waits", "waiting"),
      deployment(4, "other", "success", "prod"),
      deployment(3, "failed", "failure"),
      deployment(2, "runs", "success"),
      deployment(1, "before", "inactive"),
    );

    expect(await deployedCommit(github(), "dev")).toBe("runs");
  });

  it("is asked for in vain before the first deploy", async () => {
    await expect(deployedCommit(github(), "dev")).rejects.toThrow("run the workflow deploy first");
  });
});
