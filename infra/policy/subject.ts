/** Reading a subject, whose inputs are another program's data. */
import type { Subject } from "./rule";

/** `kinds` without the provider: "storage:StorageAccount". A module may name its API version, "batch/v20240701:Pool". */
export function isA({ type }: Subject, ...kinds: readonly string[]): boolean {
  const plain = type.replace(/\/v\d{8}(preview|privatepreview)?:/, ":");
  return kinds.some((kind) => plain === `azure-native:${kind}`);
}

/** What stands at a path such as "startTask.maxTaskRetryCount"; undefined where nothing does. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
