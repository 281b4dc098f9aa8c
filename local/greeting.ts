/** What `serve` says once the cloud is up: where it is, and how programs of other terminals reach it. No secret is in it but the portal's address. */

export interface Greeting {
  /** The operator's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Address. */
  readonly portal: string;
  /** The file with the operator's environment. */
  readonly environmentFile: string;
  /** Files with the environments of others, each with what they may. */
  readonly others: readonly { readonly file: string; readonly may: string }[];
}

export function greeting({ environment, portal, environmentFile, others }: Greeting): string {
  const { AZURE_BATCH_ACCOUNT: batch = "", AZURE_BATCH_ENDPOINT: url = "" } = environment;
  const blobs = partsOf(environment.AZURE_STORAGE_CONNECTION_STRING ?? "");
  return `The local cloud is up.

  Batch    ${batch.padEnd(13)} ${url}
  Blobs    ${(blobs.get("AccountName") ?? "").padEnd(13)} ${blobs.get("BlobEndpoint") ?? ""}
  Portal   ${"to watch them".padEnd(13)} ${portal}

In another terminal, before anything else:

  . ${word(environmentFile)}

That sets the names below, AZURE_STORAGE_CONNECTION_STRING, what makes tools trust the cloud's certificate, and a sign-in for
DefaultAzureCredential. Keys stand in that file alone. Then:

${clients.map(({ name, code }) => [name, ...code, ""].join("\n")).join("\n")}
More is in local/README.md, "Clients". In the name of somebody with other roles:

${others.map(({ file, may }) => `  . ${word(file)}   # ${may}`).join("\n")}

Ctrl-C stops it; its state stays in .local/serve.`;
}

const names = '"AZURE_BATCH_ACCOUNT", "AZURE_BATCH_ACCESS_KEY", "AZURE_BATCH_ENDPOINT"';

/** How each of them is told where Batch is; not indented, so that it can be copied. */
export const clients = [
  { name: "# az", code: ["az batch pool list"] },
  {
    name: "// JavaScript, @azure/batch",
    code: [
      'const { BatchServiceClient, BatchSharedKeyCredentials } = require("@azure/batch");',
      `const [account, key, url] = [${names}].map((name) => process.env[name]);`,
      "const client = new BatchServiceClient(new BatchSharedKeyCredentials(account, key), url);",
    ],
  },
  {
    name: "# Python, azure-batch up to 14",
    code: [
      "import os",
      "from azure.batch import BatchServiceClient",
      "from azure.batch.batch_auth import SharedKeyCredentials",
      `account, key, url = [os.environ[name] for name in (${names})]`,
      "client = BatchServiceClient(SharedKeyCredentials(account, key), batch_url=url)",
    ],
  },
  {
    name: "# Python, azure-batch from 15 on",
    code: [
      "import os",
      "from azure.batch import BatchClient",
      "from azure.core.credentials import AzureNamedKeyCredential",
      `account, key, url = [os.environ[name] for name in (${names})]`,
      "client = BatchClient(url, AzureNamedKeyCredential(account, key))",
    ],
  },
] as const;

/** Of a connection string: `name=value;name=value;`. */
function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(";").map((part): [string, string] => {
    const at = part.indexOf("=");
    return [part.slice(0, at), part.slice(at + 1)];
  });
  return new Map(parts);
}

/** As a shell reads one word. */
function word(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
