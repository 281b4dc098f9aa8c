/** The SDK's description of the API's models: generated from the OpenAPI document, so its equal in which properties there are. */
import { BatchServiceMappers } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";

const mappers: Readonly<Record<string, Mapper | undefined>> = BatchServiceMappers;

/** A model's properties by their names in the SDK; on the wire they have their `serializedName`. */
export function propertiesOf(model: string): Readonly<Record<string, Mapper>> {
  const type = mappers[model]?.type as { modelProperties?: Record<string, Mapper> } | undefined;
  if (type?.modelProperties === undefined) throw new Error(`the SDK does not describe ${model}`);
  return type.modelProperties;
}

export function wireNamesOf(model: string): ReadonlySet<string> {
  return new Set(Object.entries(propertiesOf(model)).map(([name, mapper]) => mapper.serializedName ?? name));
}
