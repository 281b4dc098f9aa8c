import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnvironment, numberOf, runOwnCommand, textOf } from "../../infra/spawn";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "spawn-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command whose source is given. */
async function run(source: string, args: string[] = [], deadlineMs = 60_000): Promise<unknown> {
  const script = join(folder, "command.ts");
  writeFileSync(script, source);
  return runOwnCommand({ script, args, deadlineMs });
}
let passedOn: string;
beforeEach(() => {
  passedOn = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    passedOn += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

it("returns what a command prints as JSON", async () => {
  expect(
    await run(
      "const answer: object = { args: process.argv.slice(2) }; console.log(JSON.stringify(answer));",
      ["a b", "$HOME"],
    ),
  ).toEqual({ args: ["a b", "$HOME"] });
});

it("passes the command's progress on as it comes", async () => {
  await run('console.error("uploading …"); console.log("null");');

  expect(passedOn).toBe("uploading …\n");
});

it("fails with the command's last sentence", async () => {
  await expect(
    run('console.error("trying"); console.error("The account is gone.\\n"); process.exit(1);'),
  ).rejects.toThrow(/^The account is gone\.$/);
});

it("names the command when it failed without a word", async () => {
  await expect(run("process.exit(1);", ["submit"])).rejects.toThrow(
    /command\.ts submit failed and gave no reason/,
  );
});

it("does not take something else for an answer", async () => {
  await expect(run('console.log("hello");')).rejects.toThrow(/did not answer with JSON: hello/);
});

it("stops a command that does not end", async () => {
  await expect(run("setInterval(() => undefined, 1000);", ["submit"], 1_000)).rejects.toThrow(
    /submit did not end within .* minutes and was stopped/,
  );
});

it("hands over where things are and who we are, and nothing of Pulumi's", () => {
  const environment = {
    PATH: "/bin",
    AZURE_CLIENT_ID: "client",
    ARM_USE_OIDC: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token",
    ACTIONS_RUNTIME_TOKEN: "secret",
    IDENTITY_ENDPOINT: "https://127.0.0.1",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    https_proxy: "http://proxy",
    npm_config_registry: "https://registry",
    PULUMI_CONFIG: "{}",
    PULUMI_CONFIG_PASSPHRASE: "secret",
    NODE_OPTIONS: "--inspect",
    GITHUB_TOKEN: "secret",
  };

  expect(Object.keys(childEnvironment(environment))).toEqual([
    "PATH",
    "AZURE_CLIENT_ID",
    "ARM_USE_OIDC",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "IDENTITY_ENDPOINT",
    "NODE_EXTRA_CA_CERTS",
    "https_proxy",
    "npm_config_registry",
  ]);
});

it("says which member of an answer is missing", () => {
  expect(() => textOf({ digest: 1 }, "digest")).toThrow(
    'The command\'s answer has no text "digest": {"digest":1}',
  );
  expect(() => numberOf(null, "images")).toThrow('The command\'s answer has no number "images": null');
});
