/** Errors on the wire: every code with its status, and the body the service gives them (Batch REST: "Batch status and error codes"). */
import type { BatchServiceModels } from "@azure/batch";
import { BatchFailure, type FailureCode, type FailureDetail } from "../compute/failure";
import type { OnWire } from "./call";

type WireCode =
  | FailureCode
  | "AuthenticationFailed"
  | "AuthorizationFailure"
  | "ConditionNotMet"
  | "InternalError"
  | "InvalidAuthenticationInfo"
  | "InvalidHeaderValue"
  | "InvalidQueryParameterValue"
  | "InvalidRequestBody"
  | "InvalidUri"
  | "MissingRequiredProperty"
  | "MissingRequiredQueryParameter"
  | "MultipleConditionHeadersNotSupported"
  | "OutOfRangeQueryParameterValue"
  | "RequestBodyTooLarge"
  | "ServerBusy"
  | "TooManyRequests"
  | "UnsupportedHeader"
  | "UnsupportedHttpVerb"
  | "UnsupportedProperty"
  | "UnsupportedQueryParameter"
  | "UnsupportedRequestVersion";

const statusOf: Readonly<Record<WireCode, number>> = {
  AutoScalingFormulaSyntaxError: 400,
  AutoScalingFormulaTooLong: 400,
  ConditionNotMet: 412,
  InvalidAuthenticationInfo: 400,
  InvalidAutoScalingSettings: 400,
  InvalidHeaderValue: 400,
  InvalidPropertyValue: 400,
  InvalidQueryParameterValue: 400,
  InvalidRequestBody: 400,
  InvalidUri: 400,
  MissingRequiredProperty: 400,
  MissingRequiredQueryParameter: 400,
  MultipleConditionHeadersNotSupported: 400,
  OutOfRangeQueryParameterValue: 400,
  PropertyCannotBeUpdated: 400,
  UnsupportedHeader: 400,
  TaskDependenciesNotSpecifiedOnJob: 400,
  TaskDependencyListTooLong: 400,
  UnsupportedProperty: 400,
  UnsupportedQueryParameter: 400,
  UnsupportedRequestVersion: 400,
  AuthenticationFailed: 403,
  AuthorizationFailure: 403,
  IOError: 403,
  FileNotFound: 404,
  JobNotFound: 404,
  NodeNotFound: 404,
  PoolNotFound: 404,
  TaskNotFound: 404,
  UnsupportedHttpVerb: 405,
  ActiveJobAndScheduleQuotaReached: 409,
  JobBeingDeleted: 409,
  JobBeingTerminated: 409,
  JobCompleted: 409,
  JobExists: 409,
  JobPreparationTaskNotSpecified: 409,
  NodeAlreadyInTargetSchedulingState: 409,
  NodeBeingCreated: 409,
  NodeBeingRebooted: 409,
  NodeBeingStarted: 409,
  NodeNotReady: 409,
  NodeStateUnusable: 409,
  OperationInvalidForCurrentState: 409,
  OperationNotValidOnNode: 409,
  PoolBeingDeleted: 409,
  PoolBeingResized: 409,
  PoolExists: 409,
  PoolQuotaReached: 409,
  TaskCompleted: 409,
  TaskNotCompleted: 409,
  TaskSucceeded: 409,
  TaskExists: 409,
  TaskFilesCleanedup: 409,
  TaskFilesUnavailable: 409,
  TaskIdSameAsJobPreparationTask: 409,
  TaskIdSameAsJobReleaseTask: 409,
  RequestBodyTooLarge: 413,
  RequestEntityTooLarge: 413,
  InvalidRange: 416,
  TooManyRequests: 429,
  InternalError: 500,
  NotImplemented: 501,
  ServerBusy: 503,
  TooManyEnableAutoScaleRequests: 503,
};

export class ServiceError extends Error {
  readonly status: number;

  constructor(
    readonly code: WireCode,
    message: string,
    readonly details: readonly FailureDetail[] = [],
    /** Where the situation, not the code, decides the status. */
    status?: number,
    readonly headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = status ?? statusOf[code];
  }
}

/** What any thrown thing is on the wire. */
export function serviceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof BatchFailure)
    return new ServiceError(error.code, error.message, error.details, undefined, {}, { cause: error });
  const detail = error instanceof Error ? error.message : String(error);
  return new ServiceError(
    "InternalError",
    "Server encountered an internal error. Please try again after some time.",
    [{ key: "Detail", value: detail }],
    undefined,
    {},
    { cause: error },
  );
}

export interface ErrorContext {
  readonly base: string;
  readonly requestId: string;
}

export function errorBody(
  error: ServiceError,
  { base, requestId }: ErrorContext,
): OnWire<BatchServiceModels.BatchError> & { readonly "odata.metadata": string } {
  return {
    "odata.metadata": `${base}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element`,
    code: error.code,
    message: {
      lang: "en-US",
      value: `${error.message}\nRequestId:${requestId}\nTime:${new Date().toISOString().replace("Z", "0000Z")}`,
    },
    ...(error.details.length === 0 ? {} : { values: [...error.details] }),
  };
}

const aboutQuery = (name: string, value: string, reason?: string): FailureDetail[] => [
  { key: "QueryParameterName", value: name },
  { key: "QueryParameterValue", value },
  ...(reason === undefined ? [] : [{ key: "Reason", value: reason }]),
];

export const operationNotImplemented = (operation: string): ServiceError =>
  new ServiceError("NotImplemented", `The local cloud does not implement ${operation}.`, [
    { key: "Operation", value: operation },
  ]);
export const invalidUri = (): ServiceError =>
  new ServiceError("InvalidUri", "The requested URI does not represent any resource on the server.");
export const unsupportedHttpVerb = (verb: string): ServiceError =>
  new ServiceError("UnsupportedHttpVerb", "The resource doesn't support the specified HTTP verb.", [
    { key: "HttpVerb", value: verb },
  ]);

export const missingQueryParameter = (name: string): ServiceError =>
  new ServiceError(
    "MissingRequiredQueryParameter",
    "A query parameter that's mandatory for this request is not specified.",
    [{ key: "QueryParameterName", value: name }],
  );
export const unsupportedVersion = (version: string, known: readonly string[]): ServiceError =>
  new ServiceError(
    "UnsupportedRequestVersion",
    "The specified api version string is invalid.",
    aboutQuery("api-version", version, `Known are ${known.join(", ")}.`),
  );
export const invalidQueryParameter = (name: string, value: string, reason: string): ServiceError =>
  new ServiceError(
    "InvalidQueryParameterValue",
    "Value for one of the query parameters specified in the request URI is invalid.",
    aboutQuery(name, value, reason),
  );
export const unsupportedQueryParameter = (name: string, value: string): ServiceError =>
  new ServiceError(
    "UnsupportedQueryParameter",
    "One of the query parameters specified in the request URI is not supported.",
    aboutQuery(name, value),
  );
export const outOfRangeQueryParameter = (name: string, value: string, range: string): ServiceError =>
  new ServiceError(
    "OutOfRangeQueryParameterValue",
    "A query parameter specified in the request URI is outside the permissible range.",
    aboutQuery(name, value, range),
  );

export const unsupportedProperty = (name: string, value: string, reason: string): ServiceError =>
  new ServiceError(
    "UnsupportedProperty",
    "One of the properties specified in the request body is not supported.",
    [
      { key: "PropertyName", value: name },
      { key: "PropertyValue", value },
      { key: "Reason", value: reason },
    ],
  );
export const missingProperty = (name: string): ServiceError =>
  new ServiceError(
    "MissingRequiredProperty",
    "A property that's mandatory is not specified in the request body.",
    [
      { key: "PropertyName", value: name },
      { key: "Reason", value: "The property is required." },
    ],
  );
export const invalidRequestBody = (reason: string): ServiceError =>
  new ServiceError("InvalidRequestBody", "The specified Request Body is not syntactically valid.", [
    { key: "Reason", value: reason },
  ]);
export const requestBodyTooLarge = (limit: string): ServiceError =>
  new ServiceError(
    "RequestBodyTooLarge",
    "The request body is too large and exceeds the maximum permissible limit.",
    [{ key: "MaxLimit", value: limit }],
  );

/** Throttled or overloaded (Batch REST: status and error codes). // unverified: the words of the first */
export const busy = ({
  status,
  retryAfterSeconds,
}: {
  readonly status: 429 | 503;
  readonly retryAfterSeconds: number;
}): ServiceError =>
  new ServiceError(
    status === 429 ? "TooManyRequests" : "ServerBusy",
    status === 429
      ? "Too many requests. Please retry after some time."
      : "The server is currently unable to receive requests. Please retry your request.",
    [],
    status,
    { "Retry-After": String(retryAfterSeconds) },
  );

export const conditionNotMet = (): ServiceError =>
  new ServiceError("ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
export const multipleConditionHeaders = (): ServiceError =>
  new ServiceError("MultipleConditionHeadersNotSupported", "Multiple condition headers are not supported.");
export const unsupportedHeader = (name: string, value: string): ServiceError =>
  new ServiceError(
    "UnsupportedHeader",
    "One of the HTTP headers specified in the request is not supported.",
    [
      { key: "HeaderName", value: name },
      { key: "HeaderValue", value },
    ],
  );
export const invalidHeader = (name: string, value: string): ServiceError =>
  new ServiceError("InvalidHeaderValue", "The value provided for one of the HTTP headers is not valid.", [
    { key: "HeaderName", value: name },
    { key: "HeaderValue", value },
  ]);

export const invalidAuthenticationInfo = (): ServiceError =>
  new ServiceError(
    "InvalidAuthenticationInfo",
    "The authentication information is not provided in the correct format. Verify the value of the Authorization header.",
  );
export const authenticationFailed = (why: string): ServiceError =>
  new ServiceError("AuthenticationFailed", authenticationMessage, [
    { key: "AuthenticationErrorDetail", value: why },
  ]);
/** A missing or unfit bearer token. */
export const unauthorized = (why: string): ServiceError =>
  new ServiceError(
    "AuthenticationFailed",
    authenticationMessage,
    [{ key: "AuthenticationErrorDetail", value: why }],
    401,
    { "WWW-Authenticate": 'Bearer resource_id="https://batch.core.windows.net/"' },
  );
/**
 * A caller whose roles do not allow the operation. Code and text as the service has answered them (BatchExplorer issue 2203); the
 * detail's words are those of its check of other resources' roles (InsufficientPermissions). // unverified: that a missing role gives this code
 */
export const authorizationFailure = (permission: string, scope: string): ServiceError =>
  new ServiceError("AuthorizationFailure", "This request is not authorized to perform this operation.", [
    {
      key: "AuthorizationErrorDetail",
      value: `The user identity used for this operation does not have the required privilege ${permission} on the specified resource ${scope}.`,
    },
  ]);
const authenticationMessage =
  "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
