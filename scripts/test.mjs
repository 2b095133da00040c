// npm test: sets up, runs every test and ends with the line `N passed, N failed`.
//   node scripts/test.mjs [--long [--again]] [file or folder …]
//     --long: the parity and fault suites, which take hours. Ended before its end (Ctrl-C, a machine that goes), it goes on
//     with the files that have not passed on this commit yet; --again: with all of them.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passedFiles, presentState } from "./passed-files.mjs";
import { node, root, setUp } from "./setup.mjs";

await setUp();
const args = process.argv.slice(2);
const long = args.includes("--long");
const files = args.filter((arg) => arg !== "--long" && arg !== "--again");
const folder = mkdtempSync(join(tmpdir(), "tanren-test-"));
// Of files that are named, all tests are wanted now; an option of Vitest's may leave some of a file out.
const state = long && files.length === 0 ? presentState() : null;
const before = args.includes("--again") ? [] : passedFiles(state);

/** One run of Vitest: how many tests passed and failed, and its exit code. @param {string | undefined} kind of long tests */
async function run(kind) {
  const results = join(folder, `results-${kind ?? "usual"}.json`);
  const child = spawn(
    node,
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...(state === null ? [] : ["--reporter=./test/support/passed-reporter.ts"]),
      ...before.map(({ file }) => `--exclude=${file}`),
      // Of one kind all may have passed, or none be named.
      ...(long ? ["--passWithNoTests"] : []),
      ...files,
    ],
    {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        ...(kind === undefined ? {} : { TANREN_LONG: kind }),
        ...(state === null ? {} : { TANREN_STATE: state }),
      },
    },
  );
  const code = await new Promise((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
  let passed = 0;
  let failed = 0;
  try {
    const report = JSON.parse(readFileSync(results, "utf8"));
    passed = report.numPassedTests;
    // A file that cannot be loaded, or whose preparation failed, has no test that did.
    const broken = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"),
    );
    failed = report.numFailedTests + broken.length;
  } catch {
    failed = 1;
  }
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, code };
}

// What measures speed runs alone, after the others.
const kinds = long ? ["1", "speed"] : [undefined];
const total = { passed: before.reduce((sum, { tests }) => sum + tests, 0), failed: 0, code: 0 };
if (before.length > 0) {
  const since = before.map(({ at }) => at).sort()[0];
  process.stdout.write(
    `${before.length} files (${total.passed} tests) have passed on this commit since ${since}; they are counted, not run. --again runs all.\n`,
  );
}
for (const kind of kinds) {
  const { passed, failed, code } = await run(kind);
  total.passed += passed;
  total.failed += failed;
  total.code ||= code;
}
rmSync(folder, { recursive: true, force: true });
if (total.passed + total.failed === 0) {
  process.stderr.write(
    `test: there must be tests to run, got none in ${files.join(", ")}. Name a file, or a part of its name.\n`,
  );
  total.code = 1;
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.code;
