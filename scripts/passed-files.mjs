// What of the long tests has passed already: a run that takes hours goes on where it was ended. It is kept in build/, for
// one commit, processor and set of TANREN_ variables; nothing is while a file differs from its commit.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./kernel-sources.mjs";

const ledger = join(root, "build", "passed-files.jsonl");

/** Of what the tests are that are run now; null where that has no name: outside Git, or with files that are not committed. @returns {string | null} */
export function presentState() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const tree = git("rev-parse", "HEAD^{tree}");
  const changed = git("status", "--porcelain");
  if (tree.status !== 0 || changed.status !== 0 || changed.stdout !== "") {
    return null;
  }
  const variables = Object.entries(process.env).filter(([name]) => name.startsWith("TANREN_"));
  return JSON.stringify([tree.stdout.trim(), cpus()[0]?.model, variables.sort()]);
}

/** Writes down that a file's tests have all passed. @param {{ state: string, file: string, tests: number, at: string }} passed */
export function writePassed(passed) {
  mkdirSync(dirname(ledger), { recursive: true });
  // On a line of its own also after one whose writing was cut off.
  appendFileSync(ledger, `\n${JSON.stringify(passed)}\n`);
}

/** The files that have passed in a state, each once. @param {string | null} state @returns {{ file: string, tests: number, at: string }[]} */
export function passedFiles(state) {
  if (state === null || !existsSync(ledger)) {
    return [];
  }
  const found = new Map();
  for (const line of readFileSync(ledger, "utf8").split("\n")) {
    try {
      const passed = JSON.parse(line);
      if (passed.state === state) {
        found.set(passed.file, passed);
      }
    } catch {
      // Empty, or cut off: its file is run again.
    }
  }
  return [...found.values()];
}
