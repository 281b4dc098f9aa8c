/** Everything the ARM side can refuse, by name, in the words of Azure Resource Manager and of the resource providers. */

export class ArmFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const unauthenticated = (reason: string): ArmFailure =>
  new ArmFailure(401, "InvalidAuthenticationToken", reason);

export const authorizationFailed = (objectId: string, action: string, scope: string): ArmFailure =>
  new ArmFailure(
    403,
    "AuthorizationFailed",
    `The client with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' ` +
      "or the scope is invalid. If access was recently granted, please refresh your credentials.",
  );

export const tooLarge = (): ArmFailure =>
  new ArmFailure(413, "RequestEntityTooLarge", "The request is larger than 4 MB.");

export const invalidContent = (message: string): ArmFailure =>
  new ArmFailure(400, "InvalidRequestContent", message);

export const notImplemented = (what: string): ArmFailure =>
  new ArmFailure(501, "NotImplemented", `the local cloud has no ${what}`);

export const missingApiVersion = (): ArmFailure =>
  new ArmFailure(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );

export const subscriptionNotFound = (subscriptionId: string): ArmFailure =>
  new ArmFailure(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);

export const noSuchProvider = (namespace: string): ArmFailure =>
  new ArmFailure(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);

export const providerNotRegistered = (namespace: string): ArmFailure =>
  new ArmFailure(
    409,
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );

export const noSuchLocation = (location: string, type: string, locations: readonly string[]): ArmFailure =>
  new ArmFailure(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${location}' and type '${type}'. The supported locations are '${locations.join(", ")}'.`,
  );

/** azure-native's own: it looks before it creates. */
export const alreadyExists = (id: string): ArmFailure =>
  new ArmFailure(409, "Conflict", `cannot create already existing resource '${id}'`);

export const resourceNotFound = (id: string): ArmFailure =>
  new ArmFailure(404, "ResourceNotFound", `The Resource '${id}' was not found.`);

export const resourceGroupNotFound = (name: string): ArmFailure =>
  new ArmFailure(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);

export const parentNotFound = (armType: string, parentId: string): ArmFailure =>
  new ArmFailure(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${armType}', because the parent resource '${parentId}' could not be found.`,
  );

export const operationInProgress = (id: string): ArmFailure =>
  new ArmFailure(
    409,
    "AnotherOperationInProgress",
    `Another operation on '${id}' is in progress. Retry the request later.`,
  );

/** Microsoft.Authorization: one principal has a role at a scope once, whatever the assignment is called. */
export const roleAssignmentExists = (name: string): ArmFailure =>
  new ArmFailure(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the conflicting role assignment is ${name.replaceAll("-", "")}.`,
  );

/** Storage and Batch: a name that somebody else has. */
export const nameTaken = (code: string, name: string): ArmFailure =>
  new ArmFailure(409, code, `The account named ${name} is already taken.`);

/** Microsoft.Batch: accounts in one region. */
export const accountQuotaReached = (quota: number): ArmFailure =>
  new ArmFailure(
    409,
    "SubscriptionQuotaExceeded",
    `The regional account quota of ${quota} Batch account(s) for the specified subscription has been reached.`,
  );
