/** What compute needs of the identity service: tokens for a pool's user-assigned identities, on a node and for the node itself. */
export interface Identities {
  /** A bearer token in the name of a user-assigned identity, for blob storage. Throws when there is no such identity. */
  storageToken(identityResourceId: string): string;
  /**
   * Opens a token endpoint for the processes of one node, which answers only for these identities.
   * Returns the environment those processes need (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`).
   */
  admit(nodeId: string, identityResourceIds: readonly string[]): Readonly<Record<string, string>>;
  /** Closes it again. */
  dismiss(nodeId: string): void;
}
