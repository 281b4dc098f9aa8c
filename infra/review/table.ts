/**
 * The table of grades: what a change of each property that the program declares does, and what becomes of a resource that is made,
 * replaced or deleted. The first row that fits decides. What no row knows is graded `unknown`.
 */
import {
  besideTheOldPool,
  isLayers,
  isListedLater,
  isOfNodes,
  isRetained,
  isTargetUnknown,
  keptLonger,
  leftOver,
  nodesMayLeave,
  type Condition,
} from "./conditions";
import type { Grade } from "./grade";

export interface Row {
  readonly type: string;
  readonly on: "create" | "update" | "replace" | "delete";
  /** What changes, with all below it, without indices of lists; in a replacement, what brings it about. None where it does not matter. */
  readonly properties: readonly string[];
  readonly when?: Condition;
  readonly grade: Grade;
  /** A sentence about this resource. */
  readonly meaning: string;
  /** Where the rule is from. */
  readonly source: string;
}

type Rule = Omit<Row, "type" | "on" | "properties">;

/** The rows of a type. */
const rowsOf = (type: string, ...rows: readonly Omit<Row, "type">[]): Row[] =>
  rows.map((row) => ({ type, ...row }));
const update = (properties: readonly string[], rule: Rule) =>
  ({ on: "update", properties, ...rule }) as const;
const replace = (properties: readonly string[], rule: Rule) =>
  ({ on: "replace", properties, ...rule }) as const;
const create = (rule: Rule) => ({ on: "create", properties: [], ...rule }) as const;
const remove = (rule: Rule) => ({ on: "delete", properties: [], ...rule }) as const;

const readme = "README: What an edit does";
const tags = (source: string) =>
  update(["tags"], { grade: "live", meaning: "Its tags change; nothing else does.", source });

/** Batch ARM: these change only while the pool has no nodes. */
const unchangeable = [
  "vmSize",
  "deploymentConfiguration",
  "taskSlotsPerNode",
  "taskSchedulingPolicy",
  "targetNodeCommunicationMode",
  "interNodeCommunication",
  "identity",
  "networkConfiguration",
];
const poolPlace = ["poolName", "accountName", "resourceGroupName"];

const pool = rowsOf(
  "azure-native:batch:Pool",
  create({
    grade: "live",
    meaning: "A pool is made; its nodes are billed from then on. What runs elsewhere is not touched.",
    source: readme,
  }),
  update(
    [
      "scaleSettings.fixedScale.targetDedicatedNodes",
      "scaleSettings.fixedScale.targetLowPriorityNodes",
      "scaleSettings.fixedScale.nodeDeallocationOption",
      "scaleSettings.autoScale.formula",
    ],
    {
      when: nodesMayLeave,
      grade: "interrupts",
      meaning: "Idle nodes go first; tasks of the other nodes that go run again elsewhere.",
      source: "Batch REST: ComputeNodeDeallocationOption",
    },
  ),
  update(
    [
      "scaleSettings.fixedScale.targetDedicatedNodes",
      "scaleSettings.fixedScale.targetLowPriorityNodes",
      "scaleSettings.fixedScale.nodeDeallocationOption",
      "scaleSettings.fixedScale.resizeTimeout",
      "scaleSettings.autoScale.formula",
      "scaleSettings.autoScale.evaluationInterval",
    ],
    {
      grade: "live",
      meaning: "The pool scales at once; no node leaves before its task has ended.",
      source: "Batch ARM: Pool - Update",
    },
  ),
  update(["startTask"], {
    grade: "live",
    meaning: "Nodes that start from then on run the new start task; those that run stay as they are.",
    source: "Batch ARM: Pool - Update",
  }),
  tags("Batch ARM: Pool - Update"),
  update(unchangeable, {
    grade: "interrupts",
    meaning: "Batch refuses this while the pool has nodes, and the deploy fails in the middle.",
    source: "Batch ARM: PropertyCannotBeUpdated",
  }),
  replace([], {
    when: leftOver,
    grade: "new pool",
    meaning: "The old pool of an earlier replacement goes; live jobs have moved away by then.",
    source: readme,
  }),
  replace([...poolPlace, ...unchangeable], {
    when: besideTheOldPool,
    grade: "new pool",
    meaning:
      "A new pool comes first; live jobs move there and go on with what is left; then the old pool goes.",
    source: readme,
  }),
  replace([...poolPlace, ...unchangeable], {
    grade: "interrupts",
    meaning: "The pool goes before the new one is there, and its tasks are interrupted.",
    source: "azure-native: path parameters replace",
  }),
  remove({
    grade: "interrupts",
    meaning: "The pool and its nodes go; its tasks are interrupted, and jobs on it wait for ever.",
    source: "Batch REST: Pool - Delete",
  }),
);

const batchAccountPlace = ["location", "accountName", "resourceGroupName"];
const batchAccount = rowsOf(
  "azure-native:batch:BatchAccount",
  create({ grade: "live", meaning: "A Batch account is made.", source: readme }),
  tags("Batch ARM: Batch Account - Update"),
  update(["allowedAuthenticationModes", "publicNetworkAccess"], {
    grade: "interrupts",
    meaning: "Whoever comes in by a way that is closed is refused at once, running jobs included.",
    source: "Batch ARM: Batch Account - Update",
  }),
  update(["poolAllocationMode"], {
    grade: "interrupts",
    meaning: "Batch knows this only when an account is made; the deploy fails, or the account has to go.",
    source: "Batch ARM: Batch Account - Create",
  }),
  replace(batchAccountPlace, {
    grade: "interrupts",
    meaning: "The account goes with its pools, jobs and tasks, and is made anew; results stay in storage.",
    source: "Batch ARM: Batch Account - Delete",
  }),
  remove({
    grade: "interrupts",
    meaning: "The account goes with its pools, jobs and tasks; results stay in storage.",
    source: "Batch ARM: Batch Account - Delete",
  }),
);

const retained = {
  when: isRetained,
  grade: "interrupts",
  meaning: "What it holds stays in Azure, outside the stack; running tasks lose their way to it.",
  source: "Pulumi: retainOnDelete",
} as const;

const group = rowsOf(
  "azure-native:resources:ResourceGroup",
  create({ grade: "live", meaning: "A resource group is made.", source: readme }),
  tags("ARM: Resource Groups - Update"),
  replace([], retained),
  replace(["location", "resourceGroupName"], {
    grade: "loses data",
    meaning: "The group goes with all that is in it, pictures and results included, and is made anew.",
    source: readme,
  }),
  remove(retained),
  remove({
    grade: "loses data",
    meaning: "The group goes with all that is in it, pictures and results included.",
    source: "ARM: Resource Groups - Delete",
  }),
);

const account = rowsOf(
  "azure-native:storage:StorageAccount",
  create({ grade: "live", meaning: "A storage account is made.", source: readme }),
  tags("Storage ARM: Storage Accounts - Update"),
  update(["accessTier", "sku"], {
    grade: "live",
    meaning: "Azure changes how blobs are kept, in place; the price of storage changes.",
    source: "Storage ARM: Storage Accounts - Update",
  }),
  update(
    [
      "allowSharedKeyAccess",
      "allowBlobPublicAccess",
      "allowCrossTenantReplication",
      "defaultToOAuthAuthentication",
      "enableHttpsTrafficOnly",
    ],
    {
      grade: "live",
      meaning: "Nodes and operators come with Entra tokens over HTTPS and notice nothing; others may.",
      source: "Storage ARM: Storage Accounts - Update",
    },
  ),
  update(["minimumTlsVersion"], {
    grade: "interrupts",
    meaning: "Clients that speak only an older TLS are refused at once.",
    source: "Storage ARM: Storage Accounts - Update",
  }),
  update(["kind"], {
    grade: "interrupts",
    meaning: "Azure changes few kinds into others; the deploy may fail, or the account has to go.",
    source: "Storage ARM: Storage Accounts - Update",
  }),
  replace([], retained),
  replace(["location", "accountName", "resourceGroupName", "isHnsEnabled"], {
    grade: "loses data",
    meaning: "The account goes with pictures, results and ledger, and is made anew, empty.",
    source: readme,
  }),
  remove(retained),
  remove({
    grade: "loses data",
    meaning: "The account goes with pictures, results and ledger.",
    source: "Storage ARM: Storage Accounts - Delete",
  }),
);

const layersGo = {
  when: isLayers,
  grade: "interrupts",
  meaning: "The layers go and are uploaded again; nodes that start in between fail.",
  source: "infra/keeping.ts",
} as const;

const container = rowsOf(
  "azure-native:storage:BlobContainer",
  create({ grade: "live", meaning: "A container is made.", source: readme }),
  update(["publicAccess"], {
    grade: "live",
    meaning: "Who may read without signing in changes; nodes and operators notice nothing.",
    source: "Storage ARM: Blob Containers - Update",
  }),
  replace([], retained),
  replace([], layersGo),
  replace(["containerName", "accountName", "resourceGroupName"], {
    grade: "loses data",
    meaning: "The container goes with every blob in it, and is made anew, empty.",
    source: readme,
  }),
  remove(retained),
  remove(layersGo),
  remove({
    grade: "loses data",
    meaning: "The container goes with every blob in it.",
    source: "Storage ARM: Blob Containers - Delete",
  }),
);

const lifecycle = rowsOf(
  "azure-native:storage:ManagementPolicy",
  create({
    grade: "live",
    meaning: "Results of a run are deleted once they are as old as the rule says.",
    source: readme,
  }),
  update(["policy.rules.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan"], {
    when: keptLonger,
    grade: "live",
    meaning: "Results of a run are kept longer.",
    source: readme,
  }),
  update(["policy"], {
    grade: "loses data",
    meaning: "What falls under the changed rule is deleted within a day or two: older runs, or other blobs.",
    source: "Azure Storage: lifecycle management",
  }),
  replace(["accountName", "resourceGroupName", "managementPolicyName"], {
    grade: "live",
    meaning: "The rule for old runs is made again in the account that replaces the other.",
    source: "azure-native: path parameters replace",
  }),
  remove({ grade: "live", meaning: "Results of a run are kept for ever.", source: readme }),
);

const identity = rowsOf(
  "azure-native:managedidentity:UserAssignedIdentity",
  create({ grade: "live", meaning: "The nodes' identity is made.", source: readme }),
  tags("Managed Identity ARM: User Assigned Identities - Update"),
  replace(["location", "resourceName", "resourceGroupName"], {
    grade: "interrupts",
    meaning: "The nodes' identity goes and another comes: running tasks can read and write no more.",
    source: "Entra: managed identities",
  }),
  remove({
    grade: "interrupts",
    meaning: "The nodes' identity goes: running tasks can read and write no more.",
    source: "Entra: managed identities",
  }),
);

const ofNodes = {
  when: isOfNodes,
  grade: "interrupts",
  meaning: "The nodes lose what they may do: running tasks can no longer read or write there.",
  source: "README: Who needs which role",
} as const;
const ofPeople = {
  grade: "interrupts",
  meaning: "Somebody loses access: uploads, submits and deploys in that name are refused.",
  source: "README: Who needs which role",
} as const;
const assignmentInputs = ["scope", "roleAssignmentName", "principalId", "principalType", "roleDefinitionId"];

const role = rowsOf(
  "azure-native:authorization:RoleAssignment",
  create({ grade: "live", meaning: "A role is given, in force within ten minutes.", source: readme }),
  replace(assignmentInputs, ofNodes),
  replace(assignmentInputs, ofPeople),
  remove(ofNodes),
  remove(ofPeople),
);

const layer = rowsOf(
  "pulumi-nodejs:dynamic/detect:Layer",
  create({ grade: "live", meaning: "A layer is uploaded under its digest.", source: "infra/layers.ts" }),
  update(["digest", "blob", "blobEndpoint", "container", "accountCreated"], {
    grade: "next job",
    meaning: "A layer is uploaded under its digest; the old one stays. The next job uses the new one.",
    source: readme,
  }),
  update(["file"], {
    grade: "live",
    meaning: "The archive lies elsewhere on the machine that deploys.",
    source: "infra/layers.ts",
  }),
  remove({
    grade: "live",
    meaning: "Nothing: the blob stays, older jobs may need it.",
    source: "infra/layers.ts",
  }),
);

const seed = rowsOf(
  "pulumi-nodejs:dynamic/detect:SeedImages",
  create({
    grade: "next job",
    meaning: "Pictures are uploaded; a job detects them.",
    source: "infra/seedImages.ts",
  }),
  update(["digest", "images", "blobEndpoint", "container", "accountCreated"], {
    grade: "next job",
    meaning: "Pictures are uploaded, none is removed; a job detects the new ones.",
    source: readme,
  }),
  update(["folder"], {
    grade: "live",
    meaning: "The pictures come from another folder.",
    source: "infra/seedImages.ts",
  }),
  remove({
    grade: "live",
    meaning: "Nothing: the pictures stay in the container.",
    source: "infra/seedImages.ts",
  }),
);

const detection = rowsOf(
  "pulumi-nodejs:dynamic/detect:DetectionJob",
  create({ grade: "next job", meaning: "A job is submitted.", source: "infra/detectionJob.ts" }),
  update(["target.lineage", "target.layers", "target.detection"], {
    grade: "next job",
    meaning: "A new lineage: all pictures again, in a new job.",
    source: readme,
  }),
  update(["inputsDigest"], {
    when: isListedLater,
    grade: "next job",
    meaning: "Pictures are listed during the deploy; a job for those that are not done.",
    source: "infra/detectionJob.ts",
  }),
  update(["inputsDigest", "images", "seedDigest"], {
    grade: "next job",
    meaning: "New or changed pictures: a job for those that are not done.",
    source: readme,
  }),
  update(["target.poolId"], {
    grade: "new pool",
    meaning: "Live jobs move to the new pool; their running tasks start again there and keep what is done.",
    source: readme,
  }),
  update(
    [
      "target.batchEndpoint",
      "target.blobEndpoint",
      "target.containers",
      "target.identityClientId",
      "target.identityResourceId",
      "accountCreated",
    ],
    {
      grade: "next job",
      meaning: "A job is submitted to where the accounts are now.",
      source: "infra/detectionJob.ts",
    },
  ),
  update(["target"], {
    when: isTargetUnknown,
    grade: "next job",
    meaning: "A job is submitted to where the accounts are now.",
    source: "infra/detectionJob.ts",
  }),
  remove({ grade: "interrupts", meaning: "All live jobs are ended.", source: "infra/detectionJob.ts" }),
);

export const table: readonly Row[] = [
  ...[group, account, container, lifecycle, identity, role, batchAccount, pool],
  ...[layer, seed, detection],
].flat();
