/** Azure Resource Manager ids and names of what a team has already, as far as settings name it. */

export interface ArmId {
  /** As it was written. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Of the resource itself, the last part. */
  readonly name: string;
}

/** Azure naming rules: 1–90 letters and digits of any script, `-`, `_`, `.`, `(`, `)`, without a point at the end. */
const groupName = String.raw`[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]`;

/** Azure Resource Manager compares ids without regard to small and capital letters. */
const armId = (provider: string, name: string) =>
  new RegExp(
    `^/subscriptions/(?<subscriptionId>[0-9a-f-]{36})/resourceGroups/(?<resourceGroup>${groupName})/providers/${provider}/(?<name>${name})$`,
    "iu",
  );

const storageAccount = armId(String.raw`Microsoft\.Storage/storageAccounts`, "[a-z0-9]{3,24}");
const subnet = armId(
  String.raw`Microsoft\.Network/virtualNetworks/[\w][\w.-]{0,63}/subnets`,
  String.raw`[\w][\w.-]{0,79}`,
);

export const resourceGroupName = (text: string): string | undefined =>
  new RegExp(`^${groupName}$`, "u").test(text) ? text : undefined;
export const storageAccountId = (text: string): ArmId | undefined => parse(storageAccount, text);
export const subnetId = (text: string): ArmId | undefined => parse(subnet, text);

function parse(form: RegExp, id: string): ArmId | undefined {
  const { subscriptionId, resourceGroup, name } = form.exec(id)?.groups ?? {};
  return subscriptionId === undefined || resourceGroup === undefined || name === undefined
    ? undefined
    : { id, subscriptionId, resourceGroup, name };
}
