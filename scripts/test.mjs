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
const folder = mkdtempSync(join(tmpdir(), "tanren-test-"));
const results = join(folder, "results.json");
const child = spawn(
  node,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...args.filter((arg) => arg !== "--long"),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, ...(long ? { TANREN_LONG: "1" } : {}) } },
);
const code = await new Promise((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(results, "utf8"));
  passed = report.numPassedTests;
  // A file that cannot even be loaded has no tests to fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  failed = report.numFailedTests + broken.length;
} catch {
  failed = 1;
}
rmSync(folder, { recursive: true, force: true });
if (code !== 0 && failed === 0) {
  failed = 1;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = code;
