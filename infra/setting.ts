/** How the text of a setting is read: what it may be, and the sentence for what it may not. */
import { z } from "zod";

/** Config holds text only. `parse` gives undefined for what is not `expected`. */
export const setting = <T>(expected: string, parse: (text: string) => T | undefined) =>
  z.string({ error: `missing; expected ${expected}` }).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({
      code: "custom",
      message: `expected ${expected}, got ${text === "" ? "nothing" : text}`,
      input: text,
    });
    return z.NEVER;
  });

const range = (min: number, max: number, accepts: (value: number) => boolean) =>
  setting(`${min}–${max}`, (text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    return accepts(value) && value >= min && value <= max ? value : undefined;
  });
export const integer = (min: number, max: number) => range(min, max, Number.isInteger);
export const fraction = range(0, 1, Number.isFinite);
export const text = (expected: string) => setting(expected, (value) => value.trim() || undefined);
export const oneOf = <T extends string>(...choices: readonly T[]) =>
  setting(choices.join(" or "), (value) => choices.find((choice) => choice === value));
export const flag = setting("true or false", (value) =>
  value === "true" ? true : value === "false" ? false : undefined,
);
export const json = <T>(expected: string, schema: z.ZodType<T>) =>
  setting(expected, (value) => {
    try {
      return schema.safeParse(JSON.parse(value)).data;
    } catch {
      return undefined; // not JSON: reported like any other wrong value
    }
  });

/** What a stack declares for itself, or what its team has already. */
export type OwnOrExisting<T> = { readonly kind: "own" } | { readonly kind: "existing"; readonly existing: T };

/** Empty for the stack's own. */
export const ownOrExisting = <T>(expected: string, parse: (text: string) => T | undefined) =>
  setting(`${expected}, or nothing`, (value): OwnOrExisting<T> | undefined => {
    if (value === "") return { kind: "own" };
    const existing = parse(value);
    return existing === undefined ? undefined : { kind: "existing", existing };
  });
