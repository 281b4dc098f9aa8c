/** Holds every answer that a test's client gets against the SDK's own description of it. */
import { BatchServiceMappers } from "@azure/batch";
import type { HttpOperationResponse, Mapper, OperationSpec, RequestPolicyFactory } from "@azure/ms-rest-js";

const mappers: Readonly<Record<string, Mapper | undefined>> = BatchServiceMappers;

/** A policy under which a call fails, with everything that is wrong, when the answer to it has another shape than the SDK describes. */
export const heldAgainstTheSdk: RequestPolicyFactory = {
  create: (next) => ({
    sendRequest: async (request) => {
      const response = await next.sendRequest(request);
      const { operationSpec } = request;
      const mistakes = operationSpec === undefined ? [] : mistakesOfAnswer(operationSpec, response);
      if (mistakes.length > 0)
        throw new Error(`${request.method} ${request.url}, ${response.status}: ${mistakes.join("; ")}`);
      return response;
    },
  }),
};

function mistakesOfAnswer(spec: OperationSpec, response: HttpOperationResponse): string[] {
  const { bodyMapper } = spec.responses[response.status] ?? spec.responses.default ?? {};
  const text = response.bodyAsText ?? "";
  // The body of a download, or of its refusal, is left to who asked for it.
  if (response.readableStreamBody !== undefined || response.status === 304) return [];
  if (text === "") return bodyMapper === undefined || spec.httpMethod === "HEAD" ? [] : ["there is no body"];
  if (bodyMapper === undefined) return ["there is a body"];
  return mistakesOf(JSON.parse(text), bodyMapper, "");
}

const patterns: Readonly<Record<string, RegExp>> = {
  TimeSpan: /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
  DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/,
};

/** What is wrong with a value, property by property; numbers of 64 bits are text on the wire. */
export function mistakesOf(value: unknown, { type, required }: Mapper, path: string): string[] {
  if (value === undefined) return required === true ? [`${path} is missing`] : [];
  const wrong = (isWrong: boolean): string[] =>
    isWrong ? [`${path} is no ${type.name}: ${JSON.stringify(value)}`] : [];
  switch (type.name) {
    case "String":
      return wrong(typeof value !== "string");
    case "Boolean":
      return wrong(typeof value !== "boolean");
    case "Number":
      return wrong(
        path.endsWith(".contentLength")
          ? typeof value !== "string" || !/^\d+$/.test(value)
          : typeof value !== "number",
      );
    case "TimeSpan":
    case "DateTime":
      return wrong(typeof value !== "string" || !patterns[type.name]!.test(value));
    case "Enum": {
      const { allowedValues } = type as { allowedValues?: unknown[] };
      const allowed = (allowedValues ?? []).map((one) => String(one).toLowerCase());
      return wrong(typeof value !== "string" || !allowed.includes(value.toLowerCase()));
    }
    case "Sequence": {
      if (!Array.isArray(value)) return wrong(true);
      const { element } = type as { element: Mapper };
      return value.flatMap((item, index) => mistakesOf(item, element, `${path}[${index}]`));
    }
    case "Composite":
      return mistakesOfObject(value, (type as { className?: string }).className ?? "", path);
    default:
      return [`${path}: the tests do not know ${type.name}`];
  }
}

function mistakesOfObject(value: unknown, model: string, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is no ${model}`];
  const { modelProperties = {} } = (mappers[model]?.type ?? {}) as {
    modelProperties?: Record<string, Mapper>;
  };
  const left = new Map<string, unknown>(Object.entries(value));
  left.delete("odata.metadata");
  const mistakes = Object.entries(modelProperties).flatMap(([name, mapper]) => {
    // The SDK escapes dots, and gives the items of a list no name.
    const wireName =
      mapper.serializedName === "" ? "value" : (mapper.serializedName ?? name).replace("\\", "");
    const part = left.get(wireName);
    left.delete(wireName);
    return mistakesOf(part, mapper, `${path}.${wireName}`);
  });
  return [...mistakes, ...[...left.keys()].map((name) => `${model} has no ${path}.${name}`)];
}
