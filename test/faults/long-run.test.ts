import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** In place of Vitest: "a" and "b" pass with 2 and 3 tests, unless they are excluded; `END_AFTER_A` ends all after "a". */
const runner = `
import { appendFileSync, writeFileSync } from "node:fs";
import { writePassed } from "../../scripts/passed-files.mjs";
appendFileSync("ran.log", process.env.TANREN_LONG + ":");
let passed = 0;
for (const [file, tests] of process.env.TANREN_LONG === "speed" ? [] : [["a", 2], ["b", 3]]) {
  if (!process.argv.includes("--exclude=" + file)) {
    passed += tests;
    appendFileSync("ran.log", file);
    if (process.argv.includes("--reporter=./test/support/passed-reporter.ts")) {
      writePassed({ state: process.env.TANREN_STATE, file, tests, at: "2026-11-29" });
    }
    if (process.env.END_AFTER_A) {
      process.exit(1);
    }
  }
}
const output = process.argv.find((arg) => arg.startsWith("--outputFile.json=")).slice(18);
writeFileSync(output, JSON.stringify({ numPassedTests: passed, numFailedTests: 0, testResults: [] }));
if (passed === 0 && process.env.TANREN_LONG !== "speed" && !process.argv.includes("--passWithNoTests")) {
  process.exitCode = 1;
}`;

/** A committed checkout with the script that starts the tests, set up already. */
function checkout(): string {
  const folder = temporaryFolder();
  for (const name of ["test.mjs", "passed-files.mjs", "kernel-sources.mjs"]) {
    cpSync(join(root, "scripts", name), join(folder, "scripts", name));
  }
  writeFileSync(
    join(folder, "scripts", "setup.mjs"),
    `export const root = ${JSON.stringify(folder)}; export const node = process.execPath; export async function setUp() {}`,
  );
  mkdirSync(join(folder, "node_modules", "vitest"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "vitest", "vitest.mjs"), runner);
  writeFileSync(join(folder, ".gitignore"), "node_modules/\nbuild/\nran.log\n");
  commit(folder);
  return folder;
}

function commit(folder: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "all", "--allow-empty");
}

/** The last line of a run, its exit code and what ran in it. */
function run(folder: string, args: string[] = [], env: Record<string, string> = {}) {
  writeFileSync(join(folder, "ran.log"), "");
  const { status, stdout } = spawnSync(process.execPath, [join(folder, "scripts", "test.mjs"), "--long", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...env },
  });
  return { status, last: stdout.trim().split("\n").at(-1), ran: readFileSync(join(folder, "ran.log"), "utf8"), stdout };
}

const whole = { status: 0, last: "5 passed, 0 failed", ran: "1:abspeed:" };

test("a long run that was ended goes on with what has not passed, and counts what has", () => {
  const folder = checkout();
  expect(run(folder, [], { END_AFTER_A: "1" }).status).toBe(1);
  const second = run(folder);
  expect(second).toMatchObject({ status: 0, last: "5 passed, 0 failed", ran: "1:bspeed:" });
  expect(second.stdout).toContain("1 files (2 tests) have passed on this commit");
  expect(run(folder)).toMatchObject({ ...whole, ran: "1:speed:" });
  expect(run(folder, ["--again"])).toMatchObject(whole);
});

test("what has passed counts for its commit and variables alone, and where all is committed", () => {
  const folder = checkout();
  expect(run(folder)).toMatchObject(whole);
  expect(run(folder, [], { TANREN_ACTIONS: "3" })).toMatchObject(whole);
  // A line that was cut off says nothing, and spoils none after it.
  appendFileSync(join(folder, "build", "passed-files.jsonl"), '{"state":');
  expect(run(folder).ran).toBe("1:speed:");
  writeFileSync(join(folder, "source.ts"), "1");
  expect(run(folder)).toMatchObject(whole);
  expect(run(folder)).toMatchObject(whole);
  commit(folder);
  expect(run(folder)).toMatchObject(whole);
  expect(run(folder).ran).toBe("1:speed:");
});

test("named files and options of Vitest's run whatever has passed, and write nothing down", () => {
  const folder = checkout();
  // What measures speed after the others, one file at a time, as in a whole run.
  expect(run(folder, ["-t", "one"]).ran).toBe("1:abspeed:");
  expect(run(folder)).toMatchObject(whole);
  expect(run(folder, ["a"]).ran).toBe("1:abspeed:");
});

test("a name that no file has is an error", () => {
  const folder = checkout();
  writeFileSync(join(folder, "node_modules", "vitest", "vitest.mjs"), runner.replace('[["a", 2], ["b", 3]]', "[]"));
  expect(run(folder, ["c"])).toMatchObject({ status: 1, last: "0 passed, 0 failed" });
});
