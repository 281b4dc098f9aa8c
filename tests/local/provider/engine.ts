/** A small driver that plays Pulumi's engine over gRPC: it starts the provider as the engine does and asks it one thing at a time. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { programsFolder } from "../../../local/cloud";
import { fromWire, toWire } from "../../../local/provider/wire";
import { project } from "../../support/command";

export const urnOf = (type: string, name = "thing"): string =>
  `urn:pulumi:dev::object-detection::azure-native:${type}::${name}`;

type Method =
  "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke" | "configure" | "handshake";

type Ask<Answer> = (request: object, callback: (error: ServiceError | null, answer: Answer) => void) => void;

export class PlayedEngine {
  private constructor(
    readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  static async start(environment: Readonly<Record<string, string | undefined>>): Promise<PlayedEngine> {
    const child = spawn(join(programsFolder, "pulumi-resource-azure-native"), ["127.0.0.1:1"], {
      cwd: project,
      env: { ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    return new PlayedEngine(
      child,
      new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()),
    );
  }

  /** One call; rejects with the provider's words. */
  call<Answer>(method: Method, request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // One signature for all methods, which differ by the types of request and answer alone.
      const ask = this.client[method].bind(this.client) as unknown as Ask<Answer>;
      ask(request, (error, answer) => (error === null ? resolve(answer) : reject(new Error(error.details))));
    });
  }

  async configure(args: object = {}): Promise<void> {
    await this.call("configure", new pb.ConfigureRequest().setArgs(toWire(args)));
  }

  async check(type: string, news: object, olds: object = {}) {
    const request = new pb.CheckRequest().setUrn(urnOf(type)).setNews(toWire(news)).setOlds(toWire(olds));
    const answer = await this.call<pb.CheckResponse>("check", request.setRandomseed(Buffer.alloc(32, 7)));
    return {
      inputs: fromWire(answer.getInputs()),
      failures: answer.getFailuresList().map((each) => each.toObject()),
    };
  }

  async create(type: string, inputs: object, preview = false) {
    const request = new pb.CreateRequest().setUrn(urnOf(type)).setProperties(toWire(inputs));
    const answer = await this.call<pb.CreateResponse>("create", request.setPreview(preview));
    return { id: answer.getId(), outputs: fromWire(answer.getProperties()) };
  }

  diff(type: string, oldInputs: object, news: object): Promise<pb.DiffResponse> {
    const request = new pb.DiffRequest().setUrn(urnOf(type)).setOldInputs(toWire(oldInputs));
    return this.call("diff", request.setNews(toWire(news)));
  }

  async read(type: string, id: string) {
    const answer = await this.call<pb.ReadResponse>(
      "read",
      new pb.ReadRequest().setUrn(urnOf(type)).setId(id),
    );
    return { id: answer.getId(), inputs: fromWire(answer.getInputs()) };
  }

  async update(type: string, id: string, olds: object, news: object, preview = false) {
    const request = new pb.UpdateRequest().setUrn(urnOf(type)).setId(id).setOlds(toWire(olds));
    const answer = await this.call<pb.UpdateResponse>(
      "update",
      request.setNews(toWire(news)).setPreview(preview),
    );
    return fromWire(answer.getProperties());
  }

  async delete(type: string, id: string): Promise<void> {
    await this.call("delete", new pb.DeleteRequest().setUrn(urnOf(type)).setId(id));
  }

  async invoke(token: string, args: object) {
    const request = new pb.InvokeRequest().setTok(`azure-native:${token}`).setArgs(toWire(args));
    return fromWire((await this.call<pb.InvokeResponse>("invoke", request)).getReturn());
  }

  /** As an engine that is gone: its end of the pipe closes. Resolves with the exit code. */
  async leave(): Promise<number | null> {
    this.client.close();
    const exited = once(this.process, "exit") as Promise<[number | null]>;
    this.process.stdin?.end();
    return (await exited)[0];
  }
}
