/** Whom a token is meant for: the resource names of Azure's services. */
export const audiences = {
  arm: "https://management.azure.com/",
  batch: "https://batch.core.windows.net/",
  storage: "https://storage.azure.com/",
} as const;
