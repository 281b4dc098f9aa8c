/** What the blob service answers when it refuses, in its own codes and words (Azure Storage REST: "Common REST API error codes"). */

export class StorageRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Shown in the body only, as storage does. */
    readonly detail?: string,
  ) {
    super(message);
  }
}

const lookAtTheHeader =
  "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";

/** Azure Storage REST, "Authorize with Microsoft Entra ID": the bearer challenge. */
const challenge = (tenantId: string): Record<string, string> => ({
  "www-authenticate": `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
});

export const noAuthentication = (tenantId: string): StorageRefusal =>
  new StorageRefusal(401, "NoAuthenticationInformation", lookAtTheHeader, challenge(tenantId));

export const badToken = (tenantId: string, why: string): StorageRefusal =>
  new StorageRefusal(401, "InvalidAuthenticationInfo", lookAtTheHeader, challenge(tenantId), why);

/** Azure Storage REST, "Authorize with Microsoft Entra ID": no challenge before version 2019-12-12. */
export const hidden = (): StorageRefusal =>
  new StorageRefusal(404, "ResourceNotFound", "The specified resource does not exist.");

export const badAuthorization = (): StorageRefusal =>
  new StorageRefusal(
    400,
    "InvalidAuthenticationInfo",
    "Authentication information is not given in the correct format. Check the value of Authorization header.",
  );

export const permissionMismatch = (): StorageRefusal =>
  new StorageRefusal(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );

export const keysRefused = (): StorageRefusal =>
  new StorageRefusal(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );

export const invalidUri = (): StorageRefusal =>
  new StorageRefusal(400, "InvalidUri", "The requested URI does not represent any resource on the server.");

export const notImplemented = (what: string): StorageRefusal =>
  new StorageRefusal(501, "NotImplemented", `The local cloud does not implement ${what}.`);

export const blobNotFound = (): StorageRefusal =>
  new StorageRefusal(404, "BlobNotFound", "The specified blob does not exist.");

export const unavailable = (): StorageRefusal =>
  new StorageRefusal(
    503,
    "ServerBusy",
    "The server is currently unable to receive requests. Please retry your request.",
  );

export function refusalBody(refusal: StorageRefusal, requestId: string): string {
  const message = `${refusal.message}\nRequestId:${requestId}\nTime:${new Date().toISOString().replace("Z", "0000Z")}`;
  const detail =
    refusal.detail === undefined
      ? ""
      : `<AuthenticationErrorDetail>${escaped(refusal.detail)}</AuthenticationErrorDetail>`;
  return `<?xml version="1.0" encoding="utf-8"?><Error><Code>${refusal.code}</Code><Message>${escaped(message)}</Message>${detail}</Error>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
