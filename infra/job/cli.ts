/** The operator's commands, one a file in `commands/`; printing is theirs. */
import { Command } from "commander";
import { watchInterruption } from "../../worker/contract/interruption";
import { runToExit } from "../../worker/contract/runCommand";
import { addCancel } from "./commands/cancel";
import { addClean } from "./commands/clean";
import { addDiff } from "./commands/diff";
import { addEstimate } from "./commands/estimate";
import { addInputs } from "./commands/inputs";
import { addList } from "./commands/list";
import { addLogs } from "./commands/logs";
import { addReport } from "./commands/report";
import { addResults } from "./commands/results";
import { addRetry } from "./commands/retry";
import { addStatus } from "./commands/status";
import { addSubmit } from "./commands/submit";
import { addUpload } from "./commands/upload";

const program = new Command("job")
  .description("Run object detection on a deployed stack, follow it and fetch its results.")
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

// In the order of the help.
const commands = [
  addUpload,
  addInputs,
  addEstimate,
  addSubmit,
  addRetry,
  addStatus,
  addResults,
  addReport,
  addDiff,
  addList,
  addLogs,
  addCancel,
  addClean,
];
for (const add of commands) add(program, process.env);

// Every command may end between two calls: the next one finishes what it began.
const interruption = watchInterruption(
  () => process.exit(interruption.exitCode),
  (code) => process.exit(code),
);

void runToExit(program, () => process.exit());
