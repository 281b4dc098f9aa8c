import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { clients, greeting } from "../../local/greeting";

const environment = {
  AZURE_BATCH_ACCOUNT: "localbatch",
  AZURE_BATCH_ENDPOINT: "https://127.0.0.1:15003",
  AZURE_BATCH_ACCESS_KEY: "a2V5IG9mIEJhdGNo",
  AZURE_STORAGE_CONNECTION_STRING:
    "DefaultEndpointsProtocol=https;AccountName=localstorage;AccountKey=a2V5IG9mIGJsb2Jz==;BlobEndpoint=https://127.0.0.1:15004/localstorage;",
  IDENTITY_HEADER: "secret-of-the-operator",
};
const said = greeting({
  environment,
  portal: "http://127.0.0.1:4000/address/",
  environmentFile: "/home/some one/.local/env.sh",
  others: [{ file: "/clone/.local/env.reader.sh", may: "Reader of the subscription" }],
});

describe("what serve says", () => {
  it("is where the accounts and the portal are", () => {
    expect(said).toMatch(/localbatch +https:\/\/127\.0\.0\.1:15003\n/);
    expect(said).toMatch(/localstorage +https:\/\/127\.0\.0\.1:15004\/localstorage\n/);
    expect(said).toContain("http://127.0.0.1:4000/address/");
  });

  it("holds no key and no other secret", () => {
    for (const secret of ["a2V5", "secret-of-the-operator"]) expect(said).not.toContain(secret);
  });

  it("names the environment files as a shell reads them", () => {
    expect(said).toContain("\n  . '/home/some one/.local/env.sh'\n");
    expect(said).toContain("\n  . /clone/.local/env.reader.sh   # Reader of the subscription");
  });

  it("has code for JavaScript that makes a client of the account", () => {
    const { code } = clients.find(({ name }) => name.includes("JavaScript"))!;
    const show = "console.log(client.batchUrl, client.credentials.accountName)";
    const folder = join(__dirname, "../..");

    const shown = execFileSync(process.execPath, ["-e", [...code, show].join("\n")], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...environment },
      encoding: "utf8",
    });

    expect(shown).toBe("https://127.0.0.1:15003 localbatch\n");
  });
});
