import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the tests catch every fault planted in metrics, diagnostics, findings, tables and stores", () => {
  const script = fileURLToPath(new URL("../../scripts/mutate.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--others"], { encoding: "utf8" });
  expect(stdout + stderr).not.toMatch(/ESCAPED/);
  expect(stdout).toMatch(/^(\d+) of \1 planted faults caught$/m);
  expect(status).toBe(0);
}, 3_600_000);
