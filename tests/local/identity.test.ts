import { get } from "node:http";
import { audiences } from "../../local/audiences";
import { IdentityService, type UserAssignedIdentity } from "../../local/identity";
import { openStore } from "../../local/store";
import { openCertificate } from "../../local/tls";
import { withTemporaryFolder } from "../support/temporaryFolder";

const nodesIdentity =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/nodes";
const otherIdentity = `${nodesIdentity}-other`;

async function withIdentityService(use: (identity: IdentityService) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const store = openStore(folder);
    const service = new IdentityService(
      await openCertificate(folder),
      store.table<UserAssignedIdentity>("identities"),
    );
    await service.start(0);
    try {
      await use(service);
    } finally {
      await service.stop();
      await store.close();
    }
  });
}

/** The SDK's own credential, as a process with this environment would have it (the SDK remembers the first endpoint it saw). */
async function tokenOf(
  environment: Readonly<Record<string, string>>,
  options: { clientId: string } | undefined,
  audience: string,
): Promise<string> {
  const kept = { ...process.env };
  Object.assign(process.env, environment);
  try {
    jest.resetModules();
    const { ManagedIdentityCredential } = await import("@azure/identity");
    const credential =
      options === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential(options);
    return (await credential.getToken(`${audience}/.default`)).token;
  } finally {
    process.env = kept;
  }
}

describe("the identity service", () => {
  it("gives the SDK's managed-identity credential a token of the operator", () =>
    withIdentityService(async (identity) => {
      const token = await tokenOf(identity.admitPrincipal("operator"), undefined, audiences.batch);

      expect(identity.verify(token, audiences.batch)).toEqual(identity.operator);
    }));

  it("gives a node tokens of its pool's identity by client id, and of no other", () =>
    withIdentityService(async (identity) => {
      const nodes = identity.addIdentity(nodesIdentity);
      const other = identity.addIdentity(otherIdentity);
      const environment = identity.admit("node-1", [nodesIdentity]);

      const token = await tokenOf(environment, { clientId: nodes.clientId }, audiences.storage);
      expect(identity.verify(token, audiences.storage).objectId).toBe(nodes.principalId);
      await expect(tokenOf(environment, { clientId: other.clientId }, audiences.storage)).rejects.toThrow();
    }));

  it("refuses a node that was dismissed, and a caller with a wrong secret", () =>
    withIdentityService(async (identity) => {
      identity.addIdentity(nodesIdentity);
      const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identity.admit("node-1", [nodesIdentity]);
      const ask = async (secret: string): Promise<number> => {
        const url = `${IDENTITY_ENDPOINT!}?api-version=2019-08-01&resource=${audiences.storage}`;
        return (await fetch(url, { headers: { "X-IDENTITY-HEADER": secret } })).status;
      };

      expect(await ask(IDENTITY_HEADER!)).toBe(200);
      expect(await ask("wrong")).toBe(401);
      identity.dismiss("node-1");
      expect(await ask(IDENTITY_HEADER!)).toBe(401);
    }));

  it("gives a node of a pool without identities no token at all", () =>
    withIdentityService(async (identity) => {
      const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identity.admit("node-1", []);
      const url = `${IDENTITY_ENDPOINT!}?api-version=2019-08-01&resource=${audiences.storage}`;

      const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER! } });

      expect(answer.status).toBe(400);
    }));

  it("survives requests that no client sends", () =>
    withIdentityService(async (identity) => {
      const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identity.admit("node-1", [nodesIdentity]);
      const { port, pathname } = new URL(IDENTITY_ENDPOINT!);
      const ask = (path: string, secret: string): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const headers = { "X-IDENTITY-HEADER": secret };
          get({ host: "127.0.0.1", port, path, headers }, (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          }).once("error", reject);
        });

      expect(await ask("//", IDENTITY_HEADER!)).toBe(401);
      expect(await ask(pathname, "é".repeat(IDENTITY_HEADER!.length))).toBe(401);
    }));

  it("refuses tokens of another audience and tokens it did not sign", () =>
    withIdentityService(async (identity) => {
      const token = identity.operatorToken(audiences.arm);

      expect(() => identity.verify(token, audiences.batch)).toThrow(
        "meant for https://management.azure.com/",
      );
      expect(() => identity.verify(`${token.slice(0, -6)}AAAAAA`, audiences.arm)).toThrow(
        "invalid signature",
      );
      return Promise.resolve();
    }));
});
