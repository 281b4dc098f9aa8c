/** The grade of one step of a preview, by the table; pure. */
import { worst, type Verdict } from "./grade";
import type { Step } from "./preview";
import { table, type Row } from "./table";
import { differingPaths, segmentsOf, shown, valueAt } from "./values";

/** A property that changes, and what this does. */
export interface Cause {
  readonly property: string;
  readonly before: string;
  readonly after: string;
  readonly grade: Verdict;
}

export interface GradedStep {
  readonly resource: string;
  readonly type: string;
  readonly op: string;
  readonly grade: Verdict;
  /** A sentence about this resource. */
  readonly meaning: string;
  readonly source: string | null;
  /** The worst first. */
  readonly causes: readonly Cause[];
}

type Judgement = Pick<GradedStep, "grade" | "meaning" | "source">;

/** Undefined where the step changes nothing. */
export function gradeStep(step: Step): GradedStep | undefined {
  if (!step.isReal || ["same", "read", "refresh"].includes(step.op)) return undefined;
  const { name: resource, type, op } = step;
  const changes = changesOf(step).map((property) => ({ property, judgement: judge(step, property) }));
  const judgements = changes.map(({ judgement }) => judgement);
  const { grade, meaning, source } = verdictOn(step, judgements);
  const causes = changes.map(({ property, judgement }): Cause => {
    const [before, after] = shown(
      valueAt(step.before?.inputs, property),
      valueAt(step.after?.inputs, property),
    );
    return { property, before, after, grade: judgement.grade };
  });
  const order = (cause: Cause): number => (cause.grade === grade ? 0 : 1);
  return { resource, type, op, grade, meaning, source, causes: causes.sort((a, b) => order(a) - order(b)) };
}

/** Pulumi's operations, as the table has them. */
function eventOf(op: string): Row["on"] | undefined {
  switch (op) {
    case "create":
    case "update":
    case "replace":
    case "delete":
      return op;
    case "create-replacement":
    case "delete-replaced":
      return "replace";
    default:
      return undefined;
  }
}

function verdictOn(step: Step, judgements: readonly Judgement[]): Judgement {
  const on = eventOf(step.op);
  if (on === undefined) return unknownTo(`the operation ${step.op} of a ${step.type}`);
  if (on === "update") {
    const grade = worst(judgements.map((judgement) => judgement.grade));
    return judgements.find((judgement) => judgement.grade === grade) ?? unknownTo("why this is an update");
  }
  const row = rowsFor(step, on)[0];
  if (row === undefined) return unknownTo(`what it means to ${on} a ${step.type}`);
  // Something that nobody thought of may change in a replacement too.
  const unthought = judgements.find(({ grade }) => grade === "unknown");
  return unthought !== undefined && worst(["unknown", row.grade]) === "unknown"
    ? unthought
    : judgementOf(row);
}

/** Properties that change; of what is made or deleted none, for all of it does. */
function changesOf({ op, before, after, changedPaths }: Step): readonly string[] {
  if (before === undefined || after === undefined || eventOf(op) === undefined) return [];
  return changedPaths.length > 0 ? changedPaths : differingPaths(before.inputs, after.inputs);
}

/** What the change of one property does; in a replacement, whether the table knows the property, and with it the whole. */
function judge(step: Step, property: string): Judgement {
  const on = eventOf(step.op);
  if (on !== "update") {
    const [row] = on === undefined ? [] : rowsFor(step, on);
    const isKnown = table.some(
      ({ type, properties }) =>
        type === step.type &&
        properties.some((known) => isWithin(property, known) || isWithin(known, property)),
    );
    return row !== undefined && isKnown ? judgementOf(row) : unknownTo(`${property} of a ${step.type}`);
  }
  const rows = rowsFor(step, on);
  const above = rows
    .flatMap((row) =>
      row.properties.filter((known) => isWithin(property, known)).map((known) => ({ row, known })),
    )
    .sort((a, b) => b.known.length - a.known.length);
  if (above[0] !== undefined) return judgementOf(above[0].row);
  const below = new Map<string, Row>();
  for (const row of rows)
    for (const known of row.properties)
      if (isWithin(known, property) && !below.has(known)) below.set(known, row);
  const grade = worst([...below.values()].map((row) => row.grade));
  const decisive = [...below.values()].find((row) => row.grade === grade);
  return decisive === undefined ? unknownTo(`${property} of a ${step.type}`) : judgementOf(decisive);
}

function rowsFor(step: Step, on: Row["on"]): readonly Row[] {
  return table.filter((row) => row.type === step.type && row.on === on && (row.when?.holds(step) ?? true));
}

const judgementOf = ({ grade, meaning, source }: Row): Judgement => ({ grade, meaning, source });

function unknownTo(what: string): Judgement {
  return { grade: "unknown", meaning: `The table of grades does not know ${what}.`, source: null };
}

/** Whether a path is another or lies below it; places in lists do not matter. */
function isWithin(path: string, other: string): boolean {
  const [inner, outer] = [namesOf(path), namesOf(other)];
  return outer.every((name, index) => inner[index] === name);
}

function namesOf(path: string): string[] {
  return segmentsOf(path).filter((segment) => !/^\d+$/.test(segment));
}
