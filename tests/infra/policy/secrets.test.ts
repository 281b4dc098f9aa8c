import { createHash } from "node:crypto";
import { judged } from "./judged";

const rule = (startTask: object) => judged("batch-no-secrets", "batch:Pool", { startTask });
const command = (commandLine: string) => rule({ commandLine });
const variable = (name: string, value: string) => rule({ environmentSettings: [{ name, value }] });

/** Of the shape of an account's key: 64 bytes in base64. */
const key = createHash("sha512").update("no secret").digest("base64");

describe("a secret", () => {
  it.each([
    ["an account key", `upload 'AccountName=a;AccountKey=${key}'`],
    ["an account key", "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=abcdefgh1234"],
    ["a shared access signature", "curl https://a.blob.core.windows.net/c/b?sv=2024-11-04&sig=abcdefgh%2F1"],
    ["a shared access signature", "BlobEndpoint=https://a;SharedAccessSignature=sv=1"],
    ["a client secret", `az login -p abc8Q~${"x".repeat(34)}`],
    ["a private key", "echo '-----BEGIN RSA PRIVATE KEY-----'"],
    ["a token", "curl -H 'Authorization: Bearer eyJhbGciOiJSUzI1.eyJhdWQiOiJodHRw.c2ln'"],
    ["a password", "az login --service-principal --password hunter2hunter2"],
    ["a password", "mount -o username=me,password=hunter22"],
    ["a key in base64", `batch --key ${key}`],
    ["a key in base64", `BATCH=${key} run`],
  ])("is seen in a command line: %s", (kind, text) => {
    expect(command(text)).toEqual([`startTask.commandLine holds what looks like ${kind}`]);
  });

  it("is seen in the environment, by its value or by its name", () => {
    expect(variable("STORAGE", `AccountKey=${key}`)).toEqual([
      "startTask.environmentSettings.STORAGE holds what looks like an account key",
    ]);
    expect(variable("API_KEY", "short")).toEqual([
      "startTask.environmentSettings.API_KEY holds what looks like a secret",
    ]);
    expect(variable("AZURE_CLIENT_SECRET", "x")).toHaveLength(1);
  });

  it("is seen in the address of a file, and in the options of a container", () => {
    expect(rule({ resourceFiles: [{ httpUrl: "https://a/b?sig=abcdefgh" }] })).toEqual([
      "startTask.resourceFiles[0].httpUrl holds what looks like a shared access signature",
    ]);
    expect(rule({ containerSettings: { containerRunOptions: "-e PASSWORD=hunter22" } })).toHaveLength(1);
  });

  it("is seen in any resource that declares Batch's tasks", () => {
    const tasks = [{ commandLine: "x", environmentSettings: [{ name: "TOKEN", value: "x" }] }];

    expect(judged("batch-no-secrets", "anything:Else", { job: { tasks } })).toEqual([
      "job.tasks[0].environmentSettings.TOKEN holds what looks like a secret",
    ]);
  });

  it("is not repeated by the message", () => {
    expect(command(`AccountKey=${key}`).join()).not.toContain(key.slice(0, 8));
  });
});

it.each([
  ["a digest", `echo ${createHash("sha256").update("x").digest("hex")}  layer.tar.gz | sha256sum -c`],
  ["a digest in base64 that says so", "npm install integrity=sha512-" + `aB3${"xY7+".repeat(20)}Q==`],
  ["a variable in a password's place", 'login --password "$PASSWORD" --key=$KEY pwd=%PWD%'],
  ["a path", "/mnt/batch/tasks/shared/Layers/Runtime/Node/bin/Something2/node --password-file /run/x"],
  [
    "an ARM id",
    `--identity /subscriptions/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}/resourceGroups/rg`,
  ],
  ["the directory", "cd $(pwd) && PWD=/mnt/somewhere run"],
])("%s is no secret", (_what, text) => {
  expect(command(text)).toEqual([]);
});

it("a variable that says where a secret is, is none", () => {
  expect(variable("API_KEY", "https://vault.azure.net/secrets/x")).toEqual([]);
  expect(variable("API_KEY", "")).toEqual([]);
  expect(variable("TOKENIZER", "bert")).toEqual([]);
});
