/** StackConfig: every setting of a stack with its limits, and all that is wrong with them at once. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { annotateModes, annotateOf, type DetectionSettings } from "../worker/contract/settings";
import { vCpusOf } from "./vmSize";

export type Scaling =
  | { readonly kind: "fixed"; readonly nodes: number }
  | { readonly kind: "auto"; readonly minNodes: number; readonly maxNodes: number };

export interface Operator {
  readonly principalId: string;
  readonly principalType: "User" | "Group" | "ServicePrincipal";
}

/** `caller`: whoever deploys the stack first. */
export type Roles =
  | { readonly kind: "none" }
  | { readonly kind: "caller" }
  | { readonly kind: "listed"; readonly operators: readonly Operator[] };

export interface StackConfig {
  readonly location: string;
  readonly vmSize: string;
  readonly vCpus: number;
  readonly scaling: Scaling;
  readonly modelFile: string;
  readonly seedFolder: string | undefined;
  readonly detection: DetectionSettings;
  readonly roles: Roles;
  readonly retainRunsDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A setting: config holds text only. `parse` gives undefined for what is not `expected`. */
const setting = <T>(expected: string, parse: (text: string) => T | undefined) =>
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
const integer = (min: number, max: number) => range(min, max, Number.isInteger);
const fraction = range(0, 1, Number.isFinite);
const text = (expected: string) => setting(expected, (value) => value.trim() || undefined);
const oneOf = <T extends string>(...choices: readonly T[]) =>
  setting(choices.join(" or "), (value) => choices.find((choice) => choice === value));
const flag = setting("true or false", (value) =>
  value === "true" ? true : value === "false" ? false : undefined,
);
const json = <T>(expected: string, schema: z.ZodType<T>) =>
  setting(expected, (value) => {
    try {
      return schema.safeParse(JSON.parse(value)).data;
    } catch {
      return undefined; // not JSON: reported like any other wrong value
    }
  });

const operators = z.array(
  z.strictObject({ principalId: z.guid(), principalType: z.enum(["User", "Group", "ServicePrincipal"]) }),
);
// Azure Resource Manager: 50 tags of 512 + 256 characters, without <>%&\?/ in the name; storage accounts allow 128 in a name.
const tags = z
  .record(z.string().regex(/^[^<>%&\\?/]{1,128}$/), z.string().max(256))
  .refine((all) => Object.keys(all).length <= 40);

const shape = {
  vmSize: setting("an x64 size whose name tells its vCPUs, such as Standard_D2s_v3", (size) => {
    const vCpus = vCpusOf(size);
    return vCpus === undefined ? undefined : { size, vCpus };
  }),
  scaling: oneOf("fixed", "auto"),
  poolNodes: integer(0, 100),
  minNodes: integer(0, 100),
  maxNodes: integer(1, 100),
  modelFile: text("the path of an ONNX file"),
  seedFolder: setting("a folder", (folder) => ({ folder: folder === "" ? undefined : folder })),
  confidence: fraction,
  iou: fraction,
  maxDetections: integer(1, 30_000),
  classes: json("a list of class names or numbers, each a string", z.array(z.string().min(1))),
  agnostic: flag,
  annotate: setting(`${annotateModes.join(", ")} or a share between 0 and 1`, annotateOf),
  acceptTruncated: flag,
  manageRoles: flag,
  operators: json("a list of {principalId: GUID, principalType: User, Group or ServicePrincipal}", operators),
  retainRunsDays: integer(1, 3650),
  tags: json("up to 40 names with texts, none with any of <>%&\\?/ in its name", tags),
};
const settings = z.object(shape);

/** The settings of the stack that runs. Throws a RunError, which Pulumi prints without a stack trace. */
export function readStackConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  const read = parseStackConfig(raw, new pulumi.Config("azure-native").get("location"));
  if ("mistakes" in read)
    throw new pulumi.RunError(
      [
        `Pulumi.${pulumi.getStack()}.yaml needs your attention:`,
        ...read.mistakes.map((line) => `  ${line}`),
      ].join("\n"),
    );
  return read.config;
}

/** Pure: the settings as text → the typed config, or every mistake in them. */
export function parseStackConfig(
  raw: Readonly<Record<string, string>>,
  location: string | undefined,
): { readonly config: StackConfig } | { readonly mistakes: readonly string[] } {
  const parsed = settings.safeParse(raw);
  const mistakes = [
    ...(location ? [] : ["azure-native:location: missing; expected a region, such as japaneast"]),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    ...unknownSettings(raw),
    ...contradictions(raw),
  ];
  if (!parsed.success || !location || mistakes.length > 0) return { mistakes };
  return { config: toStackConfig(parsed.data, location) };
}

function unknownSettings(raw: Readonly<Record<string, string>>): string[] {
  const known = Object.keys(shape);
  return Object.keys(raw)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = known.find((name) => name.toLowerCase() === key.toLowerCase());
      return `${key}: no such setting; ${meant ? `did you mean ${meant}?` : `there are ${known.join(", ")}`}`;
    });
}

/** Settings that are right by themselves and wrong together; each is read alone, so that another's mistake hides nothing. */
function contradictions(raw: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  const [min, max] = [
    shape.minNodes.safeParse(raw.minNodes).data,
    shape.maxNodes.safeParse(raw.maxNodes).data,
  ];
  if (raw.scaling === "auto" && min !== undefined && max !== undefined && min > max)
    found.push(`minNodes: expected at most maxNodes (${max}), got ${min}`);
  if (raw.manageRoles === "false" && shape.operators.safeParse(raw.operators).data?.length)
    found.push("operators: expected none with manageRoles: false, which gives no roles to anybody");
  return found;
}

function toStackConfig(values: z.infer<typeof settings>, location: string): StackConfig {
  const {
    vmSize,
    scaling,
    poolNodes,
    minNodes,
    maxNodes,
    seedFolder,
    manageRoles,
    operators: listed,
  } = values;
  const { confidence, iou, maxDetections, classes, agnostic, annotate, acceptTruncated } = values;
  return {
    location,
    vmSize: vmSize.size,
    vCpus: vmSize.vCpus,
    scaling: scaling === "fixed" ? { kind: "fixed", nodes: poolNodes } : { kind: "auto", minNodes, maxNodes },
    modelFile: values.modelFile,
    seedFolder: seedFolder.folder,
    detection: { confidence, iou, maxDetections, classes, agnostic, annotate, acceptTruncated },
    roles: !manageRoles
      ? { kind: "none" }
      : listed.length === 0
        ? { kind: "caller" }
        : { kind: "listed", operators: listed },
    retainRunsDays: values.retainRunsDays,
    tags: values.tags,
  };
}
