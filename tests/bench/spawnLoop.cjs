/**
 * The bare spawn loop: a process that does nothing but start `/bin/true`, so many at a time; with a folder, each in a working directory of its own
 * and with files for what it writes, as a task has them. Plain JavaScript, for nothing else to be in it.
 */
const { spawn } = require("node:child_process");
const { closeSync, mkdirSync, openSync } = require("node:fs");
const { join } = require("node:path");

const [total, atOnce] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4];
let started = 0;
let ended = 0;
const startedMs = performance.now();

function next() {
  if (started === total) return;
  started += 1;
  start(started).once("exit", () => {
    ended += 1;
    if (ended === total) console.log(total / ((performance.now() - startedMs) / 1000));
    else next();
  });
}

function start(number) {
  if (folder === undefined) return spawn("/bin/true", [], { stdio: "ignore" });
  const cwd = join(folder, String(number), "wd");
  mkdirSync(cwd, { recursive: true });
  const files = ["stdout.txt", "stderr.txt"].map((name) => openSync(join(cwd, "..", name), "a"));
  const child = spawn("/bin/true", [], { cwd, stdio: ["ignore", ...files] });
  files.forEach((file) => closeSync(file));
  return child;
}

for (let slot = 0; slot < atOnce; slot += 1) next();
