/** StackConfig: every setting of a stack with its limits, and all that is wrong with them at once. */
import { z } from "zod";
import { annotateModes, annotateOf, type DetectionSettings } from "../worker/contract/settings";
import { resourceGroupName, storageAccountId, subnetId, type ArmId } from "./armId";
import { mostSpotNodes, type AutoscaleSettings } from "./autoscale";
import type { JobTarget } from "./job/target";
import {
  flag,
  fraction,
  integer,
  json,
  oneOf,
  ownOrExisting,
  setting,
  text,
  type OwnOrExisting,
} from "./setting";
import { vCpusOf } from "./vmSize";

export type Scaling =
  { readonly kind: "fixed"; readonly nodes: number } | ({ readonly kind: "auto" } & AutoscaleSettings);

export interface Operator {
  readonly principalId: string;
  readonly principalType: "User" | "Group" | "ServicePrincipal";
}

/** `caller`: whoever deploys the stack first. */
export type Roles =
  | { readonly kind: "none" }
  | { readonly kind: "caller" }
  | { readonly kind: "listed"; readonly operators: readonly Operator[] };

/** What becomes of the data when a stack is changed or destroyed. */
export interface Keeping {
  /** What holds data can be neither deleted nor replaced. */
  readonly protect: boolean;
  /** The results, their account and their resource group outlive the stack. */
  readonly retainResults: boolean;
}

export interface StackConfig {
  /** Region of everything that the stack declares itself. */
  readonly location: string;
  /** The stack's own resource group, or a team's by its name. */
  readonly resourceGroup: OwnOrExisting<string>;
  /** The stack's own storage account, or a team's. */
  readonly storageAccount: OwnOrExisting<ArmId>;
  /** Where the nodes are, without public addresses; undefined: in a network of Batch's own. */
  readonly subnet: ArmId | undefined;
  readonly keeping: Keeping;
  readonly vmSize: string;
  readonly vCpus: number;
  readonly scaling: Scaling;
  readonly modelFile: string;
  readonly seedFolder: string | undefined;
  readonly detection: DetectionSettings;
  /** Of each run; no part of what decides a detection. */
  readonly limits: NonNullable<JobTarget["limits"]>;
  readonly roles: Roles;
  /** Without effect in a team's storage account, whose lifecycle rules are one object. */
  readonly retainRunsDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

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
  spotShare: fraction,
  modelFile: text("the path of an ONNX file"),
  seedFolder: setting("a folder", (folder) => ({ folder: folder === "" ? undefined : folder })),
  confidence: fraction,
  iou: fraction,
  maxDetections: integer(1, 30_000),
  classes: json("a list of class names or numbers, each a string", z.array(z.string().min(1))),
  agnostic: flag,
  annotate: setting(`${annotateModes.join(", ")} or a share between 0 and 1`, annotateOf),
  acceptTruncated: flag,
  maxFailedShare: fraction,
  // Batch: a task lives 180 days at most; an active job counts against the account's quota for as long as it may run.
  maxTaskMinutes: integer(1, 10_080),
  maxJobHours: integer(1, 720),
  manageRoles: flag,
  operators: json("a list of {principalId: GUID, principalType: User, Group or ServicePrincipal}", operators),
  retainRunsDays: integer(1, 3650),
  resourceGroup: ownOrExisting("the name of a resource group (not its id)", resourceGroupName),
  storageAccount: ownOrExisting(
    "/subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/NAME",
    storageAccountId,
  ),
  subnetId: ownOrExisting(
    "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/NAME/subnets/NAME",
    subnetId,
  ),
  protect: flag,
  retainResults: flag,
  tags: json("up to 40 names with texts, none with any of <>%&\\?/ in its name", tags),
};
const settings = z.object(shape);

/** Pure. The provider asks its own subscription only; Batch: a pool's subnet is in its account's subscription. */
export function subscriptionMistakes(
  { storageAccount, subnet }: Pick<StackConfig, "storageAccount" | "subnet">,
  subscriptionId: string,
): string[] {
  const named: [string, ArmId | undefined][] = [
    ["storageAccount", storageAccount.kind === "existing" ? storageAccount.existing : undefined],
    ["subnetId", subnet],
  ];
  return named.flatMap(([key, found]) =>
    found === undefined || found.subscriptionId.toLowerCase() === subscriptionId.toLowerCase()
      ? []
      : [`${key}: expected one in subscription ${subscriptionId}, got one in ${found.subscriptionId}`],
  );
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
  const found = scalingContradictions(raw);
  if (raw.manageRoles === "false" && shape.operators.safeParse(raw.operators).data?.length)
    found.push("operators: expected none with manageRoles: false, which gives no roles to anybody");
  return found;
}

function scalingContradictions(raw: Readonly<Record<string, string>>): string[] {
  const spotShare = shape.spotShare.safeParse(raw.spotShare).data ?? 0;
  if (raw.scaling === "fixed" && spotShare > 0)
    return [`spotShare: expected 0 with scaling: fixed, whose nodes are all dedicated, got ${spotShare}`];
  const minNodes = shape.minNodes.safeParse(raw.minNodes).data;
  const maxNodes = shape.maxNodes.safeParse(raw.maxNodes).data;
  if (raw.scaling !== "auto" || minNodes === undefined || maxNodes === undefined) return [];
  if (minNodes > maxNodes) return [`minNodes: expected at most maxNodes (${maxNodes}), got ${minNodes}`];
  if (spotShare === 0 || mostSpotNodes({ minNodes, maxNodes, spotShare }) > 0) return [];
  const above = maxNodes - minNodes;
  return [
    above === 0
      ? `spotShare: expected 0 with minNodes equal to maxNodes, since only nodes above minNodes may be Spot, got ${spotShare}`
      : `spotShare: expected 0, or 1/${above} or more, which makes one of the ${above} above minNodes Spot, got ${spotShare}`,
  ];
}

function toStackConfig(values: z.infer<typeof settings>, location: string): StackConfig {
  const {
    vmSize,
    scaling,
    poolNodes,
    minNodes,
    maxNodes,
    spotShare,
    seedFolder,
    manageRoles,
    operators: listed,
  } = values;
  const { confidence, iou, maxDetections, classes, agnostic, annotate, acceptTruncated } = values;
  return {
    location,
    resourceGroup: values.resourceGroup,
    storageAccount: values.storageAccount,
    subnet: values.subnetId.kind === "existing" ? values.subnetId.existing : undefined,
    keeping: { protect: values.protect, retainResults: values.retainResults },
    vmSize: vmSize.size,
    vCpus: vmSize.vCpus,
    scaling:
      scaling === "fixed"
        ? { kind: "fixed", nodes: poolNodes }
        : { kind: "auto", minNodes, maxNodes, spotShare },
    modelFile: values.modelFile,
    seedFolder: seedFolder.folder,
    detection: { confidence, iou, maxDetections, classes, agnostic, annotate, acceptTruncated },
    limits: {
      maxFailedShare: values.maxFailedShare,
      maxTaskMinutes: values.maxTaskMinutes,
      maxJobHours: values.maxJobHours,
    },
    roles: !manageRoles
      ? { kind: "none" }
      : listed.length === 0
        ? { kind: "caller" }
        : { kind: "listed", operators: listed },
    retainRunsDays: values.retainRunsDays,
    tags: values.tags,
  };
}
