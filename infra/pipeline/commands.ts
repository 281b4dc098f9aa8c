/** What the pipelines do with a stack: look what would change, deploy, look what was changed. Each throws a sentence when it cannot. */
import { changesOf, parseDocument, reasonOf, type Change, type PulumiDocument } from "./document";
import { nothingYet, take, type Deploy } from "./events";
import { runPulumi, type Environment, type Interruption, type PulumiCommand, type PulumiEnd } from "./pulumi";
import { withTokenFile } from "./tokenFile";

export interface Place {
  readonly project: string;
  readonly stack: string;
  readonly environment: Environment;
  readonly interruption: Interruption;
  /** Hears what happens meanwhile. */
  readonly note: (line: string) => void;
}

/** Lists what is there and compares; the first one compiles the layers. */
const lookMs = 30 * 60_000;
/** New roles alone may take ten minutes to arrive, a pool's nodes longer. */
const deployMs = 180 * 60_000;

/** Pulumi's exit code where `--expect-no-changes` was not fulfilled. */
const changesFound = 7;

/** The preview as JSON text. */
export async function preview(place: Place): Promise<string> {
  const { exitCode, stdout, stderr } = await run(place, ["preview", "--json"], lookMs);
  const document = parseDocument(stdout);
  if (exitCode !== 0 || document === undefined) throw failed("preview", place, document, stderr);
  return stdout;
}

export type Deployed =
  | { readonly kind: "nothing new"; readonly resources: number }
  | { readonly kind: "changed"; readonly changes: Readonly<Record<string, number>> };

export async function deploy(place: Place): Promise<Deployed> {
  let state: Deploy = nothingYet;
  const onLine = (line: string): void => {
    const { after, said } = take(state, line);
    state = after;
    if (said !== undefined) place.note(said);
  };
  const args = ["up", "--yes", "--skip-preview", "--json"];
  const { exitCode, stderr } = await run(place, args, deployMs, onLine);
  const { changes, errors } = state;
  if (exitCode !== 0 || changes === undefined) {
    const reasons = errors.filter((each) => each !== "update failed");
    const diagnostics = reasons.map((message) => ({ message, severity: "error" }));
    throw failed("deploy", place, { steps: [], diagnostics }, stderr);
  }
  const { same = 0, ...others } = changes;
  return Object.keys(others).length === 0
    ? { kind: "nothing new", resources: same }
    : { kind: "changed", changes };
}

/** What is not as it was deployed. */
export async function drift(place: Place): Promise<Change[]> {
  const args = ["refresh", "--preview-only", "--expect-no-changes", "--json"];
  const { exitCode, stdout, stderr } = await run(place, args, lookMs);
  const document = parseDocument(stdout);
  if (document === undefined || (exitCode !== 0 && exitCode !== changesFound))
    throw failed("look for drift in", place, document, stderr);
  return changesOf(document);
}

function run(
  { stack, project, environment, interruption, note }: Place,
  args: readonly string[],
  deadlineMs: number,
  onLine?: PulumiCommand["onLine"],
): Promise<PulumiEnd> {
  return withTokenFile(environment, note, (withToken) =>
    runPulumi({
      args: [...args, "--stack", stack],
      folder: project,
      environment: withToken,
      deadlineMs,
      interruption,
      onLine,
    }),
  );
}

function failed(what: string, { stack }: Place, document: PulumiDocument | undefined, stderr: string): Error {
  return new Error(`Could not ${what} stack ${stack}: ${reasonOf(document, stderr)}`);
}
