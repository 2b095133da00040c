import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const script = fileURLToPath(new URL("../../scripts/mutate.mjs", import.meta.url));

/** Runs scripts/mutate.mjs: every fault that it plants must be caught. @param args which ones */
export function expectCaught(...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  // With what it complains of, so that a failure tells it.
  const told = stdout + stderr;
  expect(told).not.toMatch(/ESCAPED/);
  expect(told).toMatch(/^(\d+) of \1 planted faults caught$/m);
  expect(status).toBe(0);
}
