/** Every rule that a stack is held against. */
import { batchAccountRules } from "./batchAccount";
import { retirementRules } from "./retirement";
import type { Rule } from "./rule";
import { storageRules } from "./storage";
import { tagRules } from "./tags";

export const rules: readonly Rule[] = [
  ...storageRules,
  ...batchAccountRules,
  ...tagRules,
  ...retirementRules,
];
