// @ts-check
/**
 * The launcher: the process that starts the tasks' processes for the local cloud. What a fork costs grows with the memory of the process that
 * forks, and that of the cloud holds every task: so this one does it, and is plain JavaScript to start at once and to stay small.
 *
 * Each task's process leads a group of its own, which dies with it; with the launcher, which ends with the cloud, die all.
 */
const { spawn } = require("node:child_process");
const { closeSync, mkdirSync, openSync } = require("node:fs");
const { constants } = require("node:os");

/** @typedef {import("./taskProcess").ToLauncher} ToLauncher */
/** @typedef {import("./taskProcess").FromLauncher} FromLauncher */
/** @typedef {import("./taskProcess").ProcessSpec} ProcessSpec */
/** @typedef {import("./taskProcess").ProcessEnd} ProcessEnd */

/** How long a process group may take to end by itself once told to. */
const graceMs = 3000;

/**
 * A shell that outlives us: it hears of every process group and, when our end of the pipe closes for whatever reason
 * (kill -9 too), kills those that are still there.
 */
const reaperScript = `
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  left=; for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done; groups=$left
done
for one in $groups; do kill -KILL "-$one"; done`;

const reaper = spawn("/bin/sh", ["-c", reaperScript], {
  stdio: ["pipe", "ignore", "ignore"],
  detached: true,
});

// Somebody killed it: what runs goes on, without its protection.
reaper.stdin.on("error", () => undefined);

/** After our end of the pipe was closed it needs to know nothing. @param {"+" | "-"} sign @param {number} group */
function tellReaper(sign, group) {
  if (reaper.stdin.writable) reaper.stdin.write(`${sign} ${group}\n`);
}

/** How to stop the processes that run, by the numbers that the cloud knows them by. @type {Map<number, () => void>} */
const stops = new Map();

/** @param {number} id @param {ProcessSpec} spec */
function start(id, spec) {
  /** @param {ProcessEnd} end */
  const ended = (end) => {
    stops.delete(id);
    if (process.connected) process.send?.(/** @type {FromLauncher} */ ({ id, end }));
  };
  const child = launch(spec);
  if (child instanceof Error) {
    ended({ kind: "launch-failed", reason: child.message });
    return;
  }
  const group = child.pid;
  if (group === undefined) {
    child.once("error", (error) => ended(launchFailure(error)));
    return;
  }
  tellReaper("+", group);
  let stopped = false;
  child.once("exit", (code, signal) => {
    const exitCode = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
    void clear(group, stopped ? graceMs : 0).then(() => ended({ kind: "exited", exitCode }));
  });
  stops.set(id, () => {
    if (stopped) return;
    stopped = true;
    signalGroup(group, "SIGTERM");
    const killing = setTimeout(() => signalGroup(group, "SIGKILL"), graceMs);
    child.once("exit", () => clearTimeout(killing));
  });
}

/** An Error for what no system can launch: an empty program name, an argument with a zero byte, a file that cannot be opened. @param {ProcessSpec} spec */
function launch({
  argv: [program = "", ...args],
  workingDirectory: cwd,
  environment: env,
  stdoutFile,
  stderrFile,
}) {
  /** @type {number[]} */
  const files = [];
  try {
    // For every try: a task may have removed its own directory.
    mkdirSync(cwd, { recursive: true });
    for (const file of [stdoutFile, stderrFile]) files.push(openSync(file, "a"));
    return spawn(program, args, { cwd, env, stdio: ["ignore", ...files], detached: true });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    files.forEach((file) => closeSync(file));
  }
}

/** The leader is gone: its descendants may use the grace, then they are killed. @param {number} group @param {number} patienceMs */
async function clear(group, patienceMs) {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && signalGroup(group, 0)) await new Promise((next) => setTimeout(next, 20));
  signalGroup(group, "SIGKILL");
  tellReaper("-", group);
}

/** False when the group is gone. @param {number} group @param {NodeJS.Signals | 0} signal */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    // ESRCH: nobody is left in it.
    return false;
  }
}

/** @param {NodeJS.ErrnoException} error @returns {ProcessEnd} */
function launchFailure(error) {
  if (error.code === "ENOENT") return { kind: "program-not-found" };
  return { kind: "launch-failed", reason: error.message };
}

process.on("message", (/** @type {ToLauncher} */ message) => {
  switch (message.kind) {
    case "start":
      start(message.id, message.spec);
      return;
    case "stop":
      stops.get(message.id)?.();
      return;
  }
});

// The cloud has let go, or is gone. The reaper sees to what still runs, and the launcher waits for that.
process.on("disconnect", () => {
  reaper.once("exit", () => process.exit());
  reaper.stdin.end();
});
