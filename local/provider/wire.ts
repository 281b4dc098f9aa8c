/** Values between Pulumi's engine and this provider: protobuf structs outside, plain objects inside. */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Record<string, unknown>;

export function fromWire(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** A struct knows no undefined; a JSON round trip drops such members. */
export function toWire(value: object): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

/** `urn:pulumi:dev::project::parent$azure-native:batch:Pool::name`: the resource's own type and its logical name. */
export function parseUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
