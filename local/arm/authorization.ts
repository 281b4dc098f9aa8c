/** Which ARM action an operation is, and whether its caller may do it (Azure RBAC: `<resource type>/<verb>` at the resource's id). */
import type { Access } from "../access";
import { authorizationFailed } from "./failure";
import type { TypeFacts } from "./resourceType";

export type Verb = "read" | "write" | "delete";

/** Throws AuthorizationFailed. */
export function authorize(
  access: Access,
  objectId: string,
  verb: Verb,
  { armType }: Pick<TypeFacts, "armType">,
  id: string,
): void {
  const action = `${actionPrefix(armType)}/${verb}`;
  if (!access.mayAct(objectId, action, id)) throw authorizationFailed(objectId, action, id);
}

/** The actions of resource groups name the subscription that they are in. */
function actionPrefix(armType: string): string {
  return armType === "Microsoft.Resources/resourceGroups"
    ? "Microsoft.Resources/subscriptions/resourceGroups"
    : armType;
}
