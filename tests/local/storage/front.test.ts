/** The blob service as the real SDK sees it: who may do what, and that bytes pass as they are. */
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:https";
import { Readable } from "node:stream";
import {
  AnonymousCredential,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
  type ContainerClient,
} from "@azure/storage-blob";
import { sign } from "jsonwebtoken";
import { roleDefinitionId } from "../../../local/access";
import { audiences } from "../../../local/audiences";
import { principals, type PrincipalName } from "../../../local/principals";
import type { RoleName } from "../../../local/roleDefinitions";
import { blobEndpoint, type StorageAccount } from "../../../local/storageAccounts";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";

const accountId = (name: string): string =>
  `/subscriptions/${cloud.cloud.identity.subscriptionId}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`;

let cloud: TestCloud;
let keyless: StorageAccount;
let keyed: StorageAccount;

beforeAll(async () => {
  cloud = await openLocalCloud();
  const ensure = (name: string, allowSharedKeyAccess: boolean): Promise<StorageAccount> =>
    cloud.cloud.storage.ensure(name, { id: accountId(name), allowSharedKeyAccess });
  [keyless, keyed] = await Promise.all([ensure("keyless", false), ensure("keyed", true)]);
}, 60_000);
afterAll(() => cloud.stop(), 60_000);

const url = (account: StorageAccount, container: string): string => blobEndpoint(account) + container;
const scopeOf = (account: StorageAccount, container: string): string =>
  `${accountId(account.name)}/blobServices/default/containers/${container}`;

function give(principal: PrincipalName, role: RoleName, scope: string): void {
  const { access, identity } = cloud.cloud;
  access.assign({
    id: `${scope}/${principal}/${role}`,
    scope,
    principalId: principals[principal].objectId,
    roleDefinitionId: roleDefinitionId(identity.subscriptionId, role),
  });
}

/** A container of one test with a blob `a`, and the reader of the subscription with a role there. */
async function container(name: string, role?: RoleName, account = keyless): Promise<ContainerClient> {
  const made = await cloud.container(url(account, name));
  await made.getBlockBlobClient("a").upload("hello", 5);
  if (role !== undefined) give("reader", role, scopeOf(account, name));
  return cloud.containerAs("reader", made.url);
}

/** "allowed", or the status and code of the refusal. */
async function outcome(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "allowed";
  } catch (error) {
    const { statusCode, code, response } = error as {
      statusCode?: number;
      code?: string;
      response?: { headers: { get(name: string): string | undefined } };
    };
    return `${String(statusCode)} ${code ?? response?.headers.get("x-ms-error-code") ?? String(error)}`;
  }
}

const mismatch = "403 AuthorizationPermissionMismatch";

type Verb = (container: ContainerClient) => Promise<unknown>;
const readings: Record<string, Verb> = {
  download: (c) => c.getBlobClient("a").downloadToBuffer(),
  "ask for properties": (c) => c.getBlobClient("a").getProperties(),
  "ask whether a blob exists": async (c) => {
    if (!(await c.getBlobClient("a").exists())) throw new Error("it does not");
  },
  "list blobs": (c) => c.listBlobsFlat().next(),
  "list blocks": (c) => c.getBlockBlobClient("a").getBlockList("all"),
};
const writings: Record<string, Verb> = {
  "put a blob": (c) => c.getBlockBlobClient("b").upload("x", 1),
  "put blocks": (c) => c.getBlockBlobClient("c").stageBlock(Buffer.from("1").toString("base64"), "x", 1),
  "put a block list": (c) => c.getBlockBlobClient("d").commitBlockList([]),
  append: async (c) => {
    await c.getAppendBlobClient("e").create();
    await c.getAppendBlobClient("e").appendBlock("x", 1);
  },
  "set metadata": (c) => c.getBlobClient("a").setMetadata({ Key: "value" }),
  "set properties": (c) => c.getBlobClient("a").setHTTPHeaders({ blobContentType: "text/plain" }),
  copy: (c) => c.getBlobClient("f").syncCopyFromURL(c.getBlobClient("a").url),
  lease: async (c) => {
    const lease = c.getBlobClient("a").getBlobLeaseClient();
    await lease.acquireLease(15);
    await lease.releaseLease();
  },
  "take a snapshot": (c) => c.getBlobClient("a").createSnapshot(),
  delete: (c) => c.getBlobClient("a").delete({ deleteSnapshots: "include" }),
};

describe("without a role on the container", () => {
  it("nothing can be done with its blobs", async () => {
    const blobs = await container("no-role");

    for (const verb of [...Object.values(readings), ...Object.values(writings)])
      expect(await outcome(() => verb(blobs))).toBe(mismatch);
  });

  it("an Owner can make and delete containers, and still do nothing with their blobs", async () => {
    await container("owned");
    const asOwner = cloud.containerAs("pipeline", url(keyless, "owned"));

    expect(await outcome(() => cloud.containerAs("pipeline", url(keyless, "owned2")).create())).toBe(
      "allowed",
    );
    expect(await outcome(() => asOwner.getProperties())).toBe("allowed");
    expect(await outcome(() => asOwner.listBlobsFlat().next())).toBe(mismatch);
    expect(await outcome(() => asOwner.delete())).toBe("allowed");
  });

  it("says so in storage's words", async () => {
    const blobs = await container("words");

    const refused = await blobs
      .getBlobClient("a")
      .download()
      .catch((error: unknown) => error);

    expect(refused).toMatchObject({
      statusCode: 403,
      code: "AuthorizationPermissionMismatch",
      message: expect.stringMatching(
        /^This request is not authorized to perform this operation using this permission\.\nRequestId:[0-9a-f-]{36}\nTime:\d{4}-/,
      ) as string,
    });
  });
});

describe("with Storage Blob Data Reader", () => {
  it.each(Object.entries(readings))("one may %s", async (name, verb) => {
    const blobs = await container(`reads-${name.replaceAll(" ", "-")}`, "blobReader");

    expect(await outcome(() => verb(blobs))).toBe("allowed");
  });

  it.each(Object.entries(writings))("one may not %s", async (name, verb) => {
    const blobs = await container(`reads-${name.replaceAll(" ", "-")}`, "blobReader");

    expect(await outcome(() => verb(blobs))).toBe(mismatch);
  });
});

describe("with Storage Blob Data Contributor", () => {
  it.each(Object.entries({ ...readings, ...writings }))("one may %s", async (name, verb) => {
    const blobs = await container(`writes-${name.replaceAll(" ", "-")}`, "blobContributor");

    expect(await outcome(() => verb(blobs))).toBe("allowed");
  });

  it("one may not copy out of a container that one may not read", async () => {
    const secret = await container("secret");
    const own = await container("own", "blobContributor");
    const source = secret.getBlobClient("a").url;

    for (const from of [source, source.replace(/:\d+/, ":1"), `${source}?sig=made-up`])
      expect(await outcome(() => own.getBlobClient("b").syncCopyFromURL(from))).toBe(mismatch);
    expect(await outcome(() => own.getBlobClient("b").beginCopyFromURL(source))).toBe(mismatch);
    // Azurite would take such a host for the account's name, and the account for the container.
    const productStyle = source.replace(
      /127\.0\.0\.1:\d+\/[^/]+/,
      `${secret.accountName}.blob.core.windows.net`,
    );
    expect(await outcome(() => own.getBlobClient("b").beginCopyFromURL(productStyle))).not.toBe("allowed");
  });

  it("one may delete the container but not its neighbour, nor list what containers there are", async () => {
    const own = await container("deletable", "blobContributor");
    const neighbour = await container("deletable2");

    expect(await outcome(() => neighbour.delete())).toBe(mismatch);
    expect(await outcome(() => own.delete())).toBe("allowed");
  });
});

describe("a caller without a good token", () => {
  const blobsAs = (token: string): ContainerClient => {
    const credential = {
      getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    return cloud.containerWith(credential, url(keyless, "anonymous"));
  };
  beforeAll(() => container("anonymous"));

  it.each(["forged", "expired", "for another service", "no token at all"])(
    "is refused: %s",
    async (which) => {
      const { identity } = cloud.cloud;
      const good = identity.operatorToken(audiences.storage);
      const { oid, appid } = { oid: identity.operator.objectId, appid: identity.operator.clientId };
      const token = {
        forged: `${good.slice(0, -6)}AAAAAA`,
        expired: sign({ aud: audiences.storage, oid, appid }, identity.keys.key, {
          algorithm: "RS256",
          expiresIn: -1,
        }),
        "for another service": identity.operatorToken(audiences.batch),
        "no token at all": "x",
      }[which]!;

      expect(await outcome(() => readings.download!(blobsAs(token)))).toBe("401 InvalidAuthenticationInfo");
    },
  );

  it("is asked for one, or told that there is nothing", async () => {
    const { port } = new URL(url(keyless, ""));
    const ask = (headers: Record<string, string>): Promise<string> =>
      raw({ port, path: "/keyless/anonymous/a", headers }).then(
        ({ status, headers: answer }) =>
          `${status} ${String(answer["x-ms-error-code"])} ${String(answer["www-authenticate"]).split(" ")[0]!}`,
      );

    expect(await ask({ "x-ms-version": "2021-12-02" })).toBe("401 NoAuthenticationInformation Bearer");
    expect(await ask({})).toBe("404 ResourceNotFound undefined");
  });

  it("may use keys and SAS where the account takes them, and nowhere else", async () => {
    await Promise.all([container("keys", undefined, keyed), container("keys")]);
    for (const [account, expected] of [
      [keyed, "allowed"],
      [keyless, "403 KeyBasedAuthenticationNotPermitted"],
    ] as const) {
      const credential = new StorageSharedKeyCredential(account.name, account.key);
      const sas = generateBlobSASQueryParameters(
        {
          containerName: "keys",
          permissions: ContainerSASPermissions.parse("rl"),
          expiresOn: new Date(Date.now() + 3_600_000),
        },
        credential,
      ).toString();
      const byKey = cloud.containerWith(credential, url(account, "keys"));
      const bySas = cloud.containerWith(new AnonymousCredential(), `${url(account, "keys")}?${sas}`);

      expect(await outcome(() => writings["put a blob"]!(byKey))).toBe(expected);
      expect(await outcome(() => readings.download!(bySas))).toBe(expected);
    }
    const wrong = new StorageSharedKeyCredential("keyed", keyless.key);
    const byWrongKey = cloud.containerWith(wrong, url(keyed, "keys"));
    // Azurite's answer; Azure's is 403 AuthenticationFailed.
    expect(await outcome(() => readings.download!(byWrongKey))).toBe("400 InvalidAuthenticationInfo");
  });
});

describe("bytes", () => {
  it("stream both ways, many at a time, as they are", async () => {
    const blobs = await container("streams", "blobContributor");
    const names = Array.from({ length: 8 }, (_, index) => `blob-${index}`);
    const sent = await Promise.all(
      names.map(async (name) => {
        const hash = createHash("sha256");
        const chunks = Array.from({ length: 24 }, () => randomBytes(256 * 1024 + 1));
        chunks.forEach((chunk) => hash.update(chunk));
        await blobs.getBlockBlobClient(name).uploadStream(Readable.from(chunks), 4 * 1024 * 1024, 2);
        return hash.digest("hex");
      }),
    );

    const received = await Promise.all(
      names.map(async (name) => {
        const hash = createHash("sha256");
        const { readableStreamBody } = await blobs.getBlobClient(name).download();
        for await (const chunk of readableStreamBody!) hash.update(chunk as Buffer);
        return hash.digest("hex");
      }),
    );

    expect(received).toEqual(sent);
  });

  it("keep ranges, conditions, HEAD and the letter case of metadata", async () => {
    const blobs = await container("http", "blobContributor");
    const blob = blobs.getBlockBlobClient("a");
    const { etag } = await blob.setMetadata({ CamelCase: "kept" });
    const token = cloud.cloud.identity.principalToken("reader", audiences.storage);
    const { port, pathname } = new URL(blob.url);
    const ask = (method: string, headers: Record<string, string>) =>
      raw({
        port,
        path: pathname,
        method,
        headers: { authorization: `Bearer ${token}`, "x-ms-version": "2021-12-02", ...headers },
      });

    expect((await blob.downloadToBuffer(1, 3)).toString()).toBe("ell");
    expect(await ask("HEAD", {})).toMatchObject({
      status: 200,
      headers: { "content-length": "5" },
      body: "",
    });
    expect(await ask("GET", { "if-none-match": etag! })).toMatchObject({ status: 304, body: "" });
    expect(await ask("GET", { "x-ms-range": "bytes=4-" })).toMatchObject({ status: 206, body: "o" });
    expect((await ask("HEAD", {})).rawHeaders).toContain("x-ms-meta-CamelCase");
  });

  it("may wait for the service to expect them", async () => {
    await container("expect", "blobContributor");
    const token = cloud.cloud.identity.principalToken("reader", audiences.storage);
    const { port, pathname } = new URL(url(keyless, "expect/new"));
    const answer = await raw({
      ...{ port, path: pathname, method: "PUT", body: "expected" },
      headers: {
        authorization: `Bearer ${token}`,
        "x-ms-version": "2021-12-02",
        "x-ms-blob-type": "BlockBlob",
        "content-length": "8",
        expect: "100-continue",
      },
    });

    expect(answer.status).toBe(201);
    const read = await cloud
      .containerAs("reader", url(keyless, "expect"))
      .getBlobClient("new")
      .downloadToBuffer();
    expect(read.toString()).toBe("expected");
  });

  it("that are given up half-way leave no blob, and the service as it was", async () => {
    const blobs = await container("aborted", "blobContributor");
    await blobs.getBlockBlobClient("a").upload(randomBytes(8e6), 8e6);
    const token = cloud.cloud.identity.principalToken("reader", audiences.storage);
    const { port, pathname } = new URL(`${blobs.url}/half`);
    const headers = {
      authorization: `Bearer ${token}`,
      "x-ms-version": "2021-12-02",
      "x-ms-blob-type": "BlockBlob",
      "content-length": "8000000",
    };
    const ca = cloud.cloud.identity.keys.cert;
    const upload = request({
      ...{ host: "127.0.0.1", ca, port, agent: false },
      path: pathname,
      method: "PUT",
      headers,
    });
    const cut = new Promise((resolve) => upload.once("close", resolve));
    upload.once("error", () => undefined);
    upload.write(randomBytes(1e6), () => upload.destroy());
    await cut;
    const { readableStreamBody } = await blobs.getBlobClient("a").download();
    for await (const chunk of readableStreamBody!) if (chunk.length > 0) break;

    expect(await blobs.getBlobClient("half").exists()).toBe(false);
    expect((await blobs.getBlobClient("a").downloadToBuffer()).length).toBe(8e6);
  });

  it("of a refused upload do not keep its sender from the answer", async () => {
    const blobs = await container("refused", "blobReader");

    expect(await outcome(() => blobs.getBlockBlobClient("big").upload(randomBytes(24e6), 24e6))).toBe(
      mismatch,
    );
  });
});

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

function raw(options: {
  port: string;
  path: string;
  method?: string;
  headers: Record<string, string>;
  body?: string;
}): Promise<RawAnswer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const ca = cloud.cloud.identity.keys.cert;
    const sent = request({ host: "127.0.0.1", ca, agent: false, ...rest }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += String(chunk)));
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: text,
        }),
      );
    });
    sent.once("error", reject);
    if (rest.headers.expect === undefined) sent.end(body);
    else sent.once("continue", () => sent.end(body));
  });
}
