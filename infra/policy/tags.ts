/** The rule for tags: whose a resource is, and what made it. */
import type { Rule } from "./rule";
import { isA, valueAt } from "./subject";

const required = ["managed-by", "pulumi-project", "pulumi-stack"];

/** Those of the stack's types that carry tags; containers, roles and lifecycle rules have none. */
const tagged = [
  "resources:ResourceGroup",
  "storage:StorageAccount",
  "batch:BatchAccount",
  "batch:Pool",
  "managedidentity:UserAssignedIdentity",
];

const requiredTags: Rule = {
  name: "tags-required",
  enforcement: "mandatory",
  why: "Without them nobody can tell from the portal or the bill what made a resource and whether it may go.",
  fix: "Give it the tags of resourceTags in infra/naming.ts.",
  check: (subject) => {
    if (!isA(subject, ...tagged)) return [];
    const missing = required.filter((tag) => {
      const value = valueAt(subject.inputs.tags, tag);
      return typeof value !== "string" || value === "";
    });
    return missing.length === 0 ? [] : [`Tags are missing: ${missing.join(", ")}`];
  },
};

export const tagRules: readonly Rule[] = [requiredTags];
