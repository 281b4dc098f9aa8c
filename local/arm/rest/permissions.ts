/** What the caller may do at a scope: the permissions of each role that reaches it (Microsoft.Authorization/permissions). */
import { resourceGroupNotFound } from "../failure";
import { resourceGroupId } from "../resourceType";
import { scopeOf, type RestHandler } from "./call";

export const listPermissions: RestHandler = (call) => {
  const { group } = call.params;
  if (group !== undefined && call.resources.find(resourceGroupId(call.subscriptionId, group)) === undefined)
    throw resourceGroupNotFound(group);
  const roles = call.services.access.rolesAt(call.objectId, scopeOf(call));
  return {
    value: roles.map(({ actions, notActions, dataActions }) => ({
      actions,
      notActions,
      dataActions,
      notDataActions: [],
    })),
  };
};
