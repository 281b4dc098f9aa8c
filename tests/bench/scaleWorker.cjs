/**
 * Stands in for the worker where the pictures do not exist: says of each image of its manifest that nothing was detected, and writes the results as
 * a task does, as the pool's identity. Runs as `main.js` of a worker layer.
 */
const { readFileSync } = require("node:fs");

const [header, ...images] = readFileSync("manifest.ndjson", "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

const results = images
  .map(({ name, etag, bytes }) => ({
    version: 1,
    image: { name, etag, bytes, width: 640, height: 480 },
    detections: [],
    annotated: null,
  }))
  .map((line) => JSON.stringify(line) + "\n")
  .join("");

async function send(url, init) {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return text;
}

async function main() {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
  const asked = new URL(IDENTITY_ENDPOINT);
  asked.searchParams.set("api-version", "2019-08-01");
  asked.searchParams.set("resource", "https://storage.azure.com");
  asked.searchParams.set("client_id", header.identityClientId);
  const token = JSON.parse(await send(asked, { headers: { "x-identity-header": IDENTITY_HEADER } }));
  await send(`${header.output.containerUrl}/${header.output.prefix}/results.ndjson`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${token.access_token}`,
      "content-type": "application/x-ndjson",
      "x-ms-blob-type": "BlockBlob",
      "x-ms-version": "2021-12-02",
    },
    body: results,
  });
}

main().catch((error) => {
  console.error(error.cause ?? error);
  process.exitCode = 1;
});
