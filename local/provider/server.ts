/** The provider behind gRPC on loopback, as Pulumi's engine expects a plugin. */
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Provider, type ProviderOptions } from "./provider";

/** The engine sends whole stacks of inputs in one message; its own limit. */
const mostMessageBytes = 400 * 1024 * 1024;

/** Listens and returns the port. What the protocol has and this provider lacks is answered UNIMPLEMENTED by gRPC itself. */
export async function startProvider(options: ProviderOptions): Promise<number> {
  const provider = new Provider(options);
  const server = new Server({ "grpc.max_receive_message_length": mostMessageBytes });
  server.addService(ResourceProviderService, {
    handshake: unary(() => provider.handshake()),
    getPluginInfo: unary(() => provider.getPluginInfo()),
    checkConfig: unary((request: pb.CheckRequest) => provider.checkConfig(request)),
    diffConfig: unary(() => provider.diffConfig()),
    configure: unary((request: pb.ConfigureRequest) => provider.configure(request)),
    check: unary((request: pb.CheckRequest) => provider.check(request)),
    diff: unary((request: pb.DiffRequest) => provider.diff(request)),
    create: unary((request: pb.CreateRequest) => provider.create(request)),
    read: unary((request: pb.ReadRequest) => provider.read(request)),
    update: unary((request: pb.UpdateRequest) => provider.update(request)),
    delete: unary((request: pb.DeleteRequest) => provider.delete(request)),
    invoke: unary((request: pb.InvokeRequest) => provider.invoke(request)),
    cancel: unary(() => provider.cancel()),
  });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

/** The engine prints an error's message under the resource it is about. */
function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    void (async () => answer(call.request))().then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback({ code: status.UNKNOWN, message: error instanceof Error ? error.message : String(error) }),
    );
  };
}
