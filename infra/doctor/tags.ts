/** Whose a resource is, by the tags that this program gives everything. */
import { resourceTags } from "../naming";

/** Pure. */
export function whoseTags(
  tags: Readonly<Record<string, string>> | null | undefined,
  identity: { readonly project: string; readonly stack: string },
): "this stack's" | "another's" {
  const ours = Object.entries(resourceTags(identity, {}));
  return ours.every(([key, value]) => tags?.[key] === value) ? "this stack's" : "another's";
}
