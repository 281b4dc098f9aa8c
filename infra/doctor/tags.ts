/** Whose a resource is, by the tags that this program gives everything. */
import { resourceTags, type StackIdentity } from "../naming";

/** Pure. */
export function whoseTags(
  tags: Readonly<Record<string, string>> | null | undefined,
  identity: Pick<StackIdentity, "project" | "stack">,
): "this stack's" | "another's" {
  const ours = Object.entries(resourceTags(identity, {}));
  return ours.every(([key, value]) => tags?.[key] === value) ? "this stack's" : "another's";
}
