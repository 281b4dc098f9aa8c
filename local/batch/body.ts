/** Request bodies: checked against the SDK's own description of each model, the OpenAPI document's equal. */
import type { BatchServiceModels } from "@azure/batch";
import type { Mapper } from "@azure/ms-rest-js";
import { normalDuration } from "../compute/duration";
import { invalidProperty } from "../compute/failure";
import { invalidRequestBody, missingProperty, unsupportedProperty } from "./errors";
import { laterPropertiesOf, propertiesOf } from "./models";

/** The models that calls bring. */
interface BodyModels {
  readonly JobAddParameter: BatchServiceModels.JobAddParameter;
  readonly JobDisableParameter: BatchServiceModels.JobDisableParameter;
  readonly JobPatchParameter: BatchServiceModels.JobPatchParameter;
  readonly JobTerminateParameter: BatchServiceModels.JobTerminateParameter;
  readonly JobUpdateParameter: BatchServiceModels.JobUpdateParameter;
  readonly NodeDisableSchedulingParameter: BatchServiceModels.NodeDisableSchedulingParameter;
  readonly NodeRebootParameter: BatchServiceModels.NodeRebootParameter;
  readonly NodeRemoveParameter: BatchServiceModels.NodeRemoveParameter;
  readonly PoolAddParameter: BatchServiceModels.PoolAddParameter;
  readonly PoolEnableAutoScaleParameter: BatchServiceModels.PoolEnableAutoScaleParameter;
  readonly PoolEvaluateAutoScaleParameter: BatchServiceModels.PoolEvaluateAutoScaleParameter;
  readonly PoolPatchParameter: BatchServiceModels.PoolPatchParameter;
  readonly PoolResizeParameter: BatchServiceModels.PoolResizeParameter;
  readonly PoolUpdatePropertiesParameter: BatchServiceModels.PoolUpdatePropertiesParameter;
  readonly TaskAddCollectionParameter: BatchServiceModels.TaskAddCollectionParameter;
  readonly TaskAddParameter: BatchServiceModels.TaskAddParameter;
  readonly TaskUpdateParameter: BatchServiceModels.TaskUpdateParameter;
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
    // The service's own: what a caller says of it is ignored.
    if (mapper.readOnly === true) continue;
    if (part !== undefined) parsed[name] = parseValue(part, mapper, below(path, wireName));
    else if (mapper.required === true) throw missingProperty(below(path, wireName));
  }
  for (const name of laterPropertiesOf(model)) {
    if (given.has(name)) parsed[name] = given.get(name);
    given.delete(name);
  }
  given.delete("odata.metadata");
  for (const [unknown, part] of given)
    throw unsupportedProperty(below(path, unknown), shown(part), `${model} has no such property.`);
  return parsed;
}

const below = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function parseValue(value: unknown, { type: described, constraints }: Mapper, path: string): unknown {
  const type = described as {
    name: string;
    className?: string;
    element?: Mapper;
    allowedValues?: unknown[];
  };
  switch (type.name) {
    case "String":
      return demand(typeof value === "string", value, path, "a string");
    case "Number":
      return demand(isInt32(numberOf(value)), value, path, "a whole number of 32 bits", numberOf(value));
    case "Boolean":
      return demand(typeof value === "boolean", value, path, "true or false");
    case "Enum":
      return parseEnum(value, (type.allowedValues ?? []).map(String), path);
    case "TimeSpan": {
      const duration = typeof value === "string" ? normalDuration(value) : undefined;
      return demand(duration !== undefined, value, path, "an ISO 8601 duration", duration);
    }
    case "DateTime":
      return demand(isTime(value), value, path, "an ISO 8601 time");
    case "Object":
      return demand(typeof value === "object" && value !== null, value, path, "an object");
    case "Sequence": {
      const most = constraints?.MaxItems ?? Infinity;
      if (!Array.isArray(value)) throw wrong(path, value, "a list");
      if (value.length > most) throw wrong(path, `${value.length} items`, `at most ${most} items`);
      const { element } = type;
      if (element === undefined) throw new Error(`the SDK does not say what ${path} is a list of`);
      return value.map((item: unknown, index) => parseValue(item, element, `${path}[${index}]`));
    }
    case "Composite":
      return parseComposite(value, type.className ?? "", path);
    default:
      throw new Error(`the SDK describes ${path} with a type this cloud does not know: ${type.name}`);
  }
}

function parseEnum(value: unknown, allowed: readonly string[], path: string): string {
  const found = allowed.find((one) => typeof value === "string" && one.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw wrong(path, value, `one of ${allowed.join(", ")}`);
  return found;
}

function demand(holds: boolean, value: unknown, path: string, expected: string, parsed = value): unknown {
  if (!holds) throw wrong(path, value, expected);
  return parsed;
}

function wrong(path: string, value: unknown, expected: string): Error {
  return invalidProperty(path, shown(value), `Expected ${expected}.`);
}

/** A number that a client wrote as text, as az does with those of its options, is a number: the service reads both. */
function numberOf(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
}

/** No request of this API has another kind of number. */
function isInt32(value: unknown): boolean {
  return typeof value === "number" && (value | 0) === value;
}

function isTime(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/i.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** Longer values are cut: an error is to be read. */
const longestShown = 256;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
