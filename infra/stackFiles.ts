/** The configuration Pulumi's CLI would give the program: defaults of Pulumi.yaml, then the stack's own file, then overlays. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const projectFile = z.object({
  name: z.string(),
  config: z
    .record(
      z.string(),
      z.union([z.object({ default: z.unknown().optional(), value: z.unknown().optional() }), z.unknown()]),
    )
    .optional(),
});
const stackFile = z.object({ config: z.record(z.string(), z.unknown()).optional() });

export interface StackConfiguration {
  readonly project: string;
  /** Full keys (`project:key`), values as Pulumi hands them over: non-strings as JSON. */
  readonly values: Readonly<Record<string, string>>;
}

/** `overlays` are settings of the project by short name; they win over both files. */
export function readStackConfiguration(
  folder: string,
  stack: string,
  overlays: Readonly<Record<string, unknown>>,
): StackConfiguration {
  const project = read(join(folder, "Pulumi.yaml"), projectFile);
  const own = read(join(folder, `Pulumi.${stack}.yaml`), stackFile);
  const qualified = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);

  const values: Record<string, string> = {};
  const set = (key: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    values[qualified(key)] = typeof value === "string" ? value : JSON.stringify(value);
  };
  for (const [key, declared] of Object.entries(project.config ?? {})) set(key, declaredValue(declared));
  for (const [key, value] of Object.entries(own.config ?? {})) set(key, value);
  for (const [key, value] of Object.entries(overlays)) set(key, value);
  return { project: project.name, values };
}

/** A declaration is either the value itself or an object that carries it as `default` or `value`. */
function declaredValue(declared: unknown): unknown {
  if (declared === null || typeof declared !== "object" || Array.isArray(declared)) return declared;
  return "value" in declared ? declared.value : "default" in declared ? declared.default : undefined;
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const parsed = schema.safeParse(readYaml(file));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
