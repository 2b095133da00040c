// npm test: sets up, runs every test and ends with the line `N passed, N failed`.
//   node scripts/test.mjs [--long] [file or folder …]      --long: the parity and fault suites that take minutes
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, root, setUp } from "./setup.mjs";

await setUp();
const args = process.argv.slice(2);
const long = args.includes("--long");
const files = args.filter((arg) => arg !== "--long");
const folder = mkdtempSync(join(tmpdir(), "tanren-test-"));

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
      ...files,
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, ...(kind === undefined ? {} : { TANREN_LONG: kind }) } },
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
const kinds = !long ? [undefined] : files.length > 0 ? ["all"] : ["1", "speed"];
const total = { passed: 0, failed: 0, code: 0 };
for (const kind of kinds) {
  const { passed, failed, code } = await run(kind);
  total.passed += passed;
  total.failed += failed;
  total.code ||= code;
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.code;
