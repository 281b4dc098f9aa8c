/** The provider's side of the engine's protocol, played over gRPC against a local cloud. */
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unknown } from "../../../local/arm/unknown";
import { openLocalCloud, type TestCloud } from "../../support/localCloud";
import { PlayedEngine } from "./engine";

let cloud: TestCloud;
let engine: PlayedEngine;
beforeAll(async () => {
  cloud = await openLocalCloud();
  engine = await PlayedEngine.start(cloud.environment);
  await engine.configure({ location: "japaneast" });
});
afterAll(async () => {
  await engine.leave();
  await cloud.stop();
});

const group = "resources:ResourceGroup";
const kinds = pb.PropertyDiff.Kind;

it("takes values without their secret wrappers, which the engine puts back: nothing secret passes through it", async () => {
  const answer = await engine.call<pb.ProviderHandshakeResponse>(
    "handshake",
    new pb.ProviderHandshakeRequest(),
  );

  expect(answer.toObject()).toEqual({
    acceptSecrets: false,
    acceptResources: false,
    acceptOutputs: false,
    supportsAutonamingConfiguration: true,
  });
});

it("leads a resource from check to delete", async () => {
  const { inputs, failures } = await engine.check(group, {});
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({
    resourceGroupName: expect.stringMatching(/^thing[0-9a-f]{8}$/) as string,
    location: "japaneast",
  });

  const created = await engine.create(group, inputs);
  expect(created.id).toContain(`/resourceGroups/${String(inputs.resourceGroupName)}`);
  expect(created.outputs).toMatchObject({ name: inputs.resourceGroupName, azureApiVersion: "2024-11-01" });

  const tagged = { ...inputs, tags: { a: "1" } };
  expect(await engine.update(group, created.id, created.outputs, tagged)).toMatchObject({ tags: { a: "1" } });
  expect(await engine.read(group, created.id)).toEqual({ id: created.id, inputs: tagged });

  await engine.delete(group, created.id);
  expect((await engine.read(group, created.id)).id).toBe("");
});

it("plans without changing anything: no id and unknown outputs before there is a resource, the old ones after", async () => {
  const inputs = { resourceGroupName: "planned", location: "japaneast" };

  const planned = await engine.create(group, inputs, true);
  expect(planned).toMatchObject({ id: "", outputs: { resourceGroupName: "planned", name: unknown } });
  expect((await engine.create(group, inputs)).outputs).toMatchObject({ name: "planned" });
  const id = `/subscriptions/${cloud.cloud.identity.subscriptionId}/resourceGroups/planned`;
  const news = { ...inputs, tags: { a: "1" } };
  expect(await engine.update(group, id, { name: "planned" }, news, true)).toMatchObject({ name: "planned" });
  expect((await engine.read(group, id)).inputs).toEqual(inputs);
});

it("tells the engine in detail what changes, and what replaces", async () => {
  const olds = { resourceGroupName: "a", location: "japaneast", tags: { x: "1", y: "1" } };
  const answer = await engine.diff(group, olds, {
    resourceGroupName: "a",
    location: "westeurope",
    tags: { x: "2", z: "1" },
  });

  expect(answer.getChanges()).toBe(pb.DiffResponse.DiffChanges.DIFF_SOME);
  expect(answer.getReplacesList()).toEqual(["location"]);
  expect(answer.getDiffsList()).toEqual(["location", "tags"]);
  expect(answer.getDeletebeforereplace()).toBe(true);
  expect(answer.toObject().detaileddiffMap).toEqual([
    ["location", { kind: kinds.UPDATE_REPLACE, inputdiff: true }],
    ["tags.x", { kind: kinds.UPDATE, inputdiff: true }],
    ["tags.y", { kind: kinds.DELETE, inputdiff: true }],
    ["tags.z", { kind: kinds.ADD, inputdiff: true }],
  ]);
});

it("answers functions", async () => {
  expect(await engine.invoke("authorization:getClientConfig", {})).toMatchObject({
    subscriptionId: cloud.cloud.identity.subscriptionId,
  });
});

it("passes on what the cloud refuses, in its words", async () => {
  const inputs = { resourceGroupName: "twice", location: "japaneast" };
  await engine.create(group, inputs);

  await expect(engine.create(group, inputs)).rejects.toThrow(
    /cannot create already existing resource '.*twice'/,
  );
  await expect(engine.check("keyvault:Vault", {})).rejects.toThrow("azure-native:keyvault:Vault");
  await expect(
    engine.create("batch:BatchAccount", { resourceGroupName: "none", accountName: "none" }),
  ).rejects.toThrow(
    'Status=404 Code="ResourceGroupNotFound" Message="Resource group \'none\' could not be found."',
  );
});

it("says where the local cloud is when there is none, and which subscription it has", async () => {
  const { ARM_RESOURCE_MANAGER_ENDPOINT: endpoint, ...environment } = cloud.environment;
  const lost = await PlayedEngine.start(environment);

  expect(endpoint).toBeDefined();
  await expect(lost.configure()).rejects.toThrow("npm run local -- exec");
  await expect(engine.configure({ subscriptionId: "00000000-0000-0000-0000-000000000001" })).rejects.toThrow(
    "the local cloud has the subscription",
  );
  await lost.leave();
});

it("ends with the engine, also with one that was killed, and not when it is told to cancel", async () => {
  const other = await PlayedEngine.start(cloud.environment);
  await other.configure();

  await other.call("cancel" as "check", new Empty());
  expect((await other.read(group, "/subscriptions/none")).id).toBe("");
  expect(await other.leave()).toBe(0);
});
