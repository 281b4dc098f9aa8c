/** Request bodies: checked against the SDK's own description of each model, the OpenAPI document's equal. */
import type { BatchServiceModels } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";
import { normalDuration } from "../compute/duration";
import { invalidProperty } from "../compute/failure";
import { invalidRequestBody, missingProperty, unsupportedProperty } from "./errors";
import { propertiesOf } from "./models";

/** The models that calls bring. */
interface BodyModels {
  readonly JobAddParameter: BatchServiceModels.JobAddParameter;
  readonly JobDisableParameter: BatchServiceModels.JobDisableParameter;
  readonly JobPatchParameter: BatchServiceModels.JobPatchParameter;
  readonly JobTerminateParameter: BatchServiceModels.JobTerminateParameter;
  readonly JobUpdateParameter: BatchServiceModels.JobUpdateParameter;
  readonly NodeRebootParameter: BatchServiceModels.NodeRebootParameter;
  readonly PoolAddParameter: BatchServiceModels.PoolAddParameter;
  readonly PoolEnableAutoScaleParameter: BatchServiceModels.PoolEnableAutoScaleParameter;
  readonly PoolEvaluateAutoScaleParameter: BatchServiceModels.PoolEvaluateAutoScaleParameter;
  readonly PoolResizeParameter: BatchServiceModels.PoolResizeParameter;
  readonly TaskAddParameter: BatchServiceModels.TaskAddParameter;
}

/**
 * A body as a model: required properties are there, unknown ones are not, enums are in the SDK's letter case and durations in the service's
 * spelling. Throws MissingRequiredProperty, UnsupportedProperty, InvalidPropertyValue or InvalidRequestBody.
 */
export function parseBody<Name extends keyof BodyModels>(body: unknown, model: Name): BodyModels[Name] {
  if (body === undefined) throw invalidRequestBody("The request has no body.");
  return parseComposite(body, model, "") as unknown as BodyModels[Name];
}

/** The same where the body may be missing. */
export function parseOptionalBody<Name extends keyof BodyModels>(
  body: unknown,
  model: Name,
): Partial<BodyModels[Name]> {
  return body === undefined ? {} : parseBody(body, model);
}

function parseComposite(value: unknown, model: string, path: string): Record<string, unknown> {
  const properties = propertiesOf(model);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw path === "" ? invalidRequestBody("An object is expected.") : wrong(path, value, "an object");
  const given = new Map(Object.entries(value).filter(([, part]) => part !== null && part !== undefined));
  const parsed: Record<string, unknown> = {};
  for (const [name, mapper] of Object.entries(properties)) {
    const wireName = mapper.serializedName ?? name;
    const part: unknown = given.get(wireName);
    given.delete(wireName);
    const partPath = path === "" ? wireName : `${path}.${wireName}`;
    if (part !== undefined) parsed[name] = parseValue(part, mapper, partPath);
    else if (mapper.required === true && mapper.readOnly !== true) throw missingProperty(partPath);
  }
  given.delete("odata.metadata");
  for (const unknown of given.keys()) throw unsupportedProperty(path === "" ? unknown : `${path}.${unknown}`);
  return parsed;
}

function parseValue(value: unknown, mapper: Mapper, path: string): unknown {
  const type = mapper.type as {
    name: string;
    className?: string;
    element?: Mapper;
    allowedValues?: unknown[];
  };
  switch (type.name) {
    case "String":
      return demand(typeof value === "string", value, path, "a string");
    case "Number":
      return demand(typeof value === "number", value, path, "a number");
    case "Boolean":
      return demand(typeof value === "boolean", value, path, "true or false");
    case "Enum":
      return parseEnum(value, (type.allowedValues ?? []).map(String), path);
    case "TimeSpan": {
      const duration = typeof value === "string" ? normalDuration(value) : undefined;
      return demand(duration !== undefined, value, path, "an ISO 8601 duration", duration);
    }
    case "DateTime":
      return demand(!Number.isNaN(Date.parse(String(value))), value, path, "an ISO 8601 time");
    case "Sequence": {
      if (!Array.isArray(value)) throw wrong(path, value, "a list");
      const { element } = type;
      if (element === undefined) return value;
      return value.map((item: unknown, index) => parseValue(item, element, `${path}[${index}]`));
    }
    case "Composite":
      return parseComposite(value, type.className ?? "", path);
    default:
      throw new Error(`the SDK describes ${path} with a type this cloud does not know: ${type.name}`);
  }
}

function parseEnum(value: unknown, allowed: readonly string[], path: string): string {
  const found = allowed.find((one) => one.toLowerCase() === String(value).toLowerCase());
  if (found === undefined) throw wrong(path, value, `one of ${allowed.join(", ")}`);
  return found;
}

function demand(holds: boolean, value: unknown, path: string, expected: string, parsed = value): unknown {
  if (!holds) throw wrong(path, value, expected);
  return parsed;
}

function wrong(path: string, value: unknown, expected: string): Error {
  return invalidProperty(
    path,
    typeof value === "string" ? value : JSON.stringify(value),
    `Expected ${expected}.`,
  );
}
