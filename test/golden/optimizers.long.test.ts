import { expect, test } from "vitest";
import { golden, largestDifference } from "../support/golden.ts";
import { runExperiment } from "../support/run-experiment.ts";

const losses = golden<Record<string, number[]>>("optimizer-comparison");

test.each([
  ["wasm", 2000],
  ["wasm-simd", 2000],
  ["reference", 200],
] as const)("optimizer-comparison on %s gives the original's losses, %i iterations", async (backend, iterations) => {
  const record = await runExperiment("optimizer-comparison", { backend, set: [`iterations=${iterations}`] });
  for (const { run, y } of record.series) {
    expect(largestDifference(y, losses[run].slice(0, iterations)), run).toBeLessThan(1e-9);
  }
});
