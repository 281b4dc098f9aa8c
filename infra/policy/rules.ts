/** Every rule that a stack is held against. */
import { batchAccountRules } from "./batchAccount";
import { limitRules } from "./limits";
import { poolRules } from "./pool";
import { retirementRules } from "./retirement";
import type { Rule } from "./rule";
import { secretRules } from "./secrets";
import { storageRules } from "./storage";
import { tagRules } from "./tags";

export const rules: readonly Rule[] = [
  ...storageRules,
  ...batchAccountRules,
  ...tagRules,
  ...secretRules,
  ...limitRules,
  ...poolRules,
  ...retirementRules,
];
