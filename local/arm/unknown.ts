/** Values that a preview does not know yet: Pulumi's engine sends this text in their place, and takes it for outputs. */

export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === unknown;
  return Object.values(value).some(hasUnknown);
}
