/**
 * Two hundred edits of settings, graded: what is graded `live` never interrupts a task. Declared with Pulumi's mocks and compared by the
 * providers' own rules; changes of pools and of the nodes' roles are then made for real, in the local Batch service and its access rules.
 * Everything else that is deleted or replaced counts as an interruption.
 */
import { mapWithLimit } from "../../../infra/job/mapWithLimit";
import { worst, type Verdict } from "../../../infra/review/grade";
import { gradeStep } from "../../../infra/review/gradeStep";
import type { Preview, Step } from "../../../infra/review/preview";
import { Access, type RoleAssignmentRecord } from "../../../local/access";
import { withBatchCloud } from "../../local/batch/batchCloud";
import { seededRandom } from "../../support/seededRandom";
import { declareFixtureStack, type DeclaredStack } from "../fixtureStack";
import { declaredPreview } from "./declaredPreview";
import { generatedConfigs, generatedEdits } from "./generatedConfigs";
import { interruptsTasks } from "./runningTasks";

const poolType = "azure-native:batch:Pool";
const roleType = "azure-native:authorization:RoleAssignment";
const removes = ({ op }: Step): boolean => op === "replace" || op === "delete";

/** What must be there for a task to go on, besides its pool and the roles of its nodes. */
const grounds = [
  "azure-native:resources:ResourceGroup",
  "azure-native:storage:StorageAccount",
  "azure-native:storage:BlobContainer",
  "azure-native:batch:BatchAccount",
  "azure-native:managedidentity:UserAssignedIdentity",
];

interface Tried {
  readonly preview: Preview;
  readonly grade: Verdict | undefined;
}

const tried: Tried[] = [];
beforeAll(async () => {
  const random = seededRandom(6);
  const { configs, parents } = generatedConfigs(40, random);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // Pulumi takes one for each of a thousand promises
  const stacks: DeclaredStack[] = [];
  for (const config of configs) stacks.push(await declareFixtureStack(config));
  Error.stackTraceLimit = limit;
  for (const [from, to] of generatedEdits(200, parents, random)) {
    const preview = await declaredPreview(stacks[from]!, stacks[to]!);
    const grades = preview.steps.flatMap((step) => gradeStep(step)?.grade ?? []);
    tried.push({ preview, grade: worst(grades) });
  }
}, 120_000);

const stepsOf = (type: string): Step[] =>
  tried.flatMap(({ preview }) =>
    preview.steps.filter((step) => step.type === type && step.before !== undefined),
  );

it("are two hundred, of every grade, and none is unknown", () => {
  const count = (grade: Verdict | undefined): number => tried.filter((edit) => edit.grade === grade).length;

  expect(tried).toHaveLength(200);
  for (const grade of ["live", "next job", "new pool", "interrupts", "loses data"] as const)
    expect(count(grade)).toBeGreaterThan(5);
  expect(count("unknown")).toBe(0);
});

it("leave what tasks stand on where it is, when they are graded live, next job or new pool", () => {
  const harmless = tried.filter(
    ({ grade }) => grade === "live" || grade === "next job" || grade === "new pool",
  );

  const removed = harmless.flatMap(({ preview }) =>
    preview.steps.filter((step) => grounds.includes(step.type) && removes(step)),
  );
  expect(removed).toEqual([]);
});

it("interrupt no task by what they do to the pool, when that is graded live", async () => {
  const changed = stepsOf(poolType).filter(({ op }) => op !== "same");
  const graded = (grade: Verdict): Step[] => changed.filter((step) => gradeStep(step)!.grade === grade);
  const taken = [...graded("live"), ...graded("new pool").slice(0, 12), ...graded("interrupts").slice(0, 12)];
  const outcomes: { readonly grade: Verdict; readonly interrupted: boolean }[] = [];

  await withBatchCloud(async ({ account }) => {
    await mapWithLimit(taken, 6, async (step) => {
      const interrupted = await interruptsTasks(account, step, `edit-${taken.indexOf(step)}`);
      outcomes.push({ grade: gradeStep(step)!.grade, interrupted });
    });
  });

  const interrupted = (grade: Verdict): number =>
    outcomes.filter((outcome) => outcome.grade === grade && outcome.interrupted).length;
  expect(graded("live").length).toBeGreaterThan(20);
  expect(interrupted("live")).toBe(0);
  // The trial can fail: what is graded worse does interrupt tasks.
  expect(interrupted("interrupts")).toBeGreaterThan(5);
  expect(interrupted("new pool")).toBeGreaterThan(5);
}, 120_000);

it("take no role from the nodes, when they are graded live", () => {
  const taken = tried.filter(({ preview }) => losesRole(preview));

  expect(taken.length).toBeGreaterThan(5);
  expect(taken.filter(({ grade }) => grade === "live" || grade === "next job")).toEqual([]);
});

/** Whether a nodes' role that held before does not hold at once after the steps are taken: a new one takes minutes. */
function losesRole({ steps }: Preview): boolean {
  const assignments = new Map<string, RoleAssignmentRecord>();
  const access = new Access({
    assignments: {
      get: (id) => assignments.get(id),
      put: (id, record) => void assignments.set(id, record),
      delete: (id) => void assignments.delete(id),
      list: () => [...assignments.values()],
      clear: () => assignments.clear(),
    },
    delayMs: 600_000,
  });
  const roles = steps.filter(({ type, name }) => type === roleType && name.startsWith("nodes-"));
  const before = roles.flatMap((step) => (step.before ? [assignmentOf(step, "before")] : []));
  for (const assignment of before) access.assignFromTheStart(assignment);
  for (const step of roles) {
    if (removes(step)) access.revoke(assignmentOf(step, "before").id);
    if (step.op === "create" || step.op === "replace") access.assign(assignmentOf(step, "after"));
  }
  return before.some(({ principalId, scope }) => {
    const name = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    return !access.allows(principalId, { kind: "dataAction", name }, scope);
  });
}

function assignmentOf(step: Step, side: "before" | "after") {
  const inputs = step[side]!.inputs as Record<
    "scope" | "principalId" | "roleDefinitionId" | "roleAssignmentName",
    string
  >;
  const { scope, principalId, roleDefinitionId, roleAssignmentName } = inputs;
  return { id: `${scope}/${roleAssignmentName}`, scope, principalId, roleDefinitionId };
}
