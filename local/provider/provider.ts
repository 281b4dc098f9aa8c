/**
 * azure-native as Pulumi's engine sees it, over the local cloud's ARM side: each call is decoded, asked there and encoded again
 * (pulumi/proto/provider.proto). The rules of the types are the ARM side's; here is only the engine's protocol.
 */
import { randomUUID } from "node:crypto";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ArmClient, CheckRequest, Difference } from "../armClient";
import { fromWire, parseUrn, toWire } from "./wire";

export interface ProviderOptions {
  /** Opens the ARM side when the engine configures the provider; throws a sentence when there is none. */
  readonly openArm: () => ArmClient;
  /** Of the local cloud's one subscription. */
  readonly subscriptionId: string | undefined;
  /** Of the SDK that the program uses, or the engine warns of another one. */
  readonly version: string;
}

export class Provider {
  #arm: ArmClient | undefined;
  /** This process serves one command of the engine. */
  readonly #deploy = randomUUID();
  /** The provider's own setting `azure-native:location`. */
  #location: string | undefined;

  constructor(private readonly options: ProviderOptions) {}

  /**
   * Secrets are stripped by the engine before they come here, and it marks them again in what goes back, at any depth: so none of
   * them lands in the state as plain text, and the cloud needs to know nothing of them.
   */
  handshake(): pb.ProviderHandshakeResponse {
    return new pb.ProviderHandshakeResponse()
      .setAcceptSecrets(false)
      .setAcceptResources(false)
      .setAcceptOutputs(false)
      .setSupportsAutonamingConfiguration(true);
  }

  getPluginInfo(): PluginInfo {
    return new PluginInfo().setVersion(this.options.version);
  }

  checkConfig(request: pb.CheckRequest): pb.CheckResponse {
    return new pb.CheckResponse().setInputs(request.getNews());
  }

  /** Another region is the business of the resources that have one. */
  diffConfig(): pb.DiffResponse {
    return new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE);
  }

  configure(request: pb.ConfigureRequest): pb.ConfigureResponse {
    const { location, subscriptionId } = fromWire(request.getArgs());
    const { subscriptionId: own } = this.options;
    if (typeof subscriptionId === "string" && own !== undefined && subscriptionId !== own)
      throw new Error(
        `azure-native:subscriptionId is ${subscriptionId}, and the local cloud has the subscription ${own} only. ` +
          "Remove the setting, or deploy outside of the local cloud.",
      );
    if (typeof location === "string") this.#location = location;
    this.#arm = this.options.openArm();
    return new pb.ConfigureResponse().setSupportspreview(true).setSupportsAutonamingConfiguration(true);
  }

  async check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex");
    const { inputs, failures } = await this.#cloud.check({
      ...parseUrn(request.getUrn()),
      olds: fromWire(request.getOlds()),
      news: fromWire(request.getNews()),
      autonaming: autonamingOf(request.getAutonaming()),
      ...(seed !== "" && { seed }),
      ...(this.#location !== undefined && { location: this.#location }),
    });
    const reply = new pb.CheckResponse().setInputs(toWire(inputs));
    for (const { property, reason } of failures)
      reply.addFailures(new pb.CheckFailure().setProperty(property).setReason(reason));
    return reply;
  }

  async diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const { type } = parseUrn(request.getUrn());
    const olds = fromWire(request.getOldInputs());
    return diffResponse(await this.#cloud.diff(type, olds, fromWire(request.getNews())));
  }

  async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const { type } = parseUrn(request.getUrn());
    const inputs = fromWire(request.getProperties());
    // No id in a preview: the engine makes it unknown.
    if (request.getPreview())
      return new pb.CreateResponse().setProperties(
        toWire(await this.#cloud.preview(type, inputs, undefined)),
      );
    const { id, outputs } = await this.#cloud.create(type, inputs, this.#deploy);
    return new pb.CreateResponse().setId(id).setProperties(toWire(outputs));
  }

  async read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const found = await this.#cloud.read(request.getId());
    // Without an id: the resource is gone.
    if (found === null) return new pb.ReadResponse();
    return new pb.ReadResponse()
      .setId(found.id)
      .setInputs(toWire(found.inputs))
      .setProperties(toWire(found.outputs));
  }

  async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const { type } = parseUrn(request.getUrn());
    const inputs = fromWire(request.getNews());
    const outputs = request.getPreview()
      ? await this.#cloud.preview(type, inputs, fromWire(request.getOlds()))
      : (await this.#cloud.update(request.getId(), inputs)).outputs;
    return new pb.UpdateResponse().setProperties(toWire(outputs));
  }

  async delete(request: pb.DeleteRequest): Promise<Empty> {
    await this.#cloud.delete(request.getId());
    return new Empty();
  }

  async invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const answer = await this.#cloud.call(request.getTok(), fromWire(request.getArgs()));
    return new pb.InvokeResponse().setReturn(toWire(answer));
  }

  /**
   * The engine says so at the end of each command, also of an interrupted one, when it has written down what it knows; one that was
   * killed does not. What is under way ends by itself: each change of the local cloud is a matter of seconds.
   */
  async cancel(): Promise<Empty> {
    await this.#arm?.settle(this.#deploy);
    return new Empty();
  }

  get #cloud(): ArmClient {
    if (this.#arm === undefined) throw new Error("the provider was asked before it was configured");
    return this.#arm;
  }
}

function autonamingOf(options: pb.CheckRequest.AutonamingOptions | undefined): CheckRequest["autonaming"] {
  if (options === undefined) return { kind: "default" };
  if (options.getMode() === pb.CheckRequest.AutonamingOptions.Mode.DISABLE) return { kind: "disabled" };
  return { kind: "named", name: options.getProposedName() };
}

function diffResponse({ changes, deleteBeforeReplace }: Difference): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const topLevel = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;
  const replacing = changes.filter((change) => change.replaces);
  const reply = new pb.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(changes.map(({ path }) => topLevel(path)))])
    .setReplacesList([...new Set(replacing.map(({ path }) => topLevel(path)))])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of changes) {
    const detail = new pb.PropertyDiff().setKind(kindOf(kind, replaces)).setInputdiff(true);
    reply.getDetaileddiffMap().set(path, detail);
  }
  return reply;
}

function kindOf(kind: Difference["changes"][number]["kind"], replaces: boolean): pb.PropertyDiff.Kind {
  const { Kind } = pb.PropertyDiff;
  switch (kind) {
    case "add":
      return replaces ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
  }
}
