import { generateKeyPairSync } from "node:crypto";
import { decode, sign } from "jsonwebtoken";
import { federatedPrincipal } from "../../local/federation";
import { pipelineJob, PipelineTokens } from "../../local/pipelineTokens";
import { principals } from "../../local/principals";

const pem = { type: "pkcs8", format: "pem" } as const;
const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: pem,
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const audience = "api://AzureADTokenExchange";
const tokens = new PipelineTokens(keys.privateKey);
const good = (): string => tokens.issue(pipelineJob, audience);
const exchange = (assertion: string, clientId = principals.pipeline.clientId): string =>
  federatedPrincipal(clientId, assertion, keys.publicKey);

it("takes the pipeline's own token for the pipeline", () => {
  expect(exchange(good())).toBe("pipeline");
});

it("knows nobody else by a token: people have no federated credential", () => {
  for (const clientId of [principals.operator.clientId, principals.reader.clientId, "somebody"])
    expect(() => exchange(good(), clientId)).toThrow(/^AADSTS700016: .* was not found/);
});

it.each([
  ["issuer", "AADSTS700211", () => tokens.issue({ ...pipelineJob, issuer: "https://elsewhere" }, audience)],
  [
    "subject",
    "AADSTS700213",
    () => tokens.issue({ ...pipelineJob, subject: "repo:a/b:pull_request" }, audience),
  ],
  ["audience", "AADSTS700212", () => tokens.issue(pipelineJob, "api://other")],
])("refuses another %s with Entra's code", (what, code, assertion) => {
  expect(() => exchange(assertion())).toThrow(new RegExp(`^${code}: .*${what}`));
});

it("refuses what has ended, what somebody else signed, and what is no token", () => {
  const { iss, sub, aud } = decode(good()) as Record<string, string>;
  const ended = sign({ iss, sub, aud, exp: 1 }, keys.privateKey, { algorithm: "RS256" });
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: pem,
    publicKeyEncoding: { type: "spki", format: "pem" },
  });

  expect(() => exchange(ended)).toThrow(/^AADSTS700024/);
  expect(() => exchange(new PipelineTokens(privateKey).issue(pipelineJob, audience))).toThrow(
    /^AADSTS700027/,
  );
  expect(() => exchange("nonsense")).toThrow(/^AADSTS50027/);
});
