import { expect, test } from "vitest";
import { smoothCurve } from "../../src/figure/smooth.ts";
import { golden, largestDifference } from "../support/golden.ts";
import { runExperiment } from "../support/run-experiment.ts";

const losses = golden<Record<string, number[]>>("optimizer-comparison");

test.each([
  ["native", 2000],
  ["wasm", 2000],
  ["wasm-simd", 2000],
  ["reference", 200],
] as const)("optimizer-comparison on %s gives the original's losses, %i iterations", async (backend, iterations) => {
  const record = await runExperiment("optimizer-comparison", { backend, set: [`iterations=${iterations}`] });
  for (const { run, y } of record.series) {
    expect(largestDifference(y, losses[run].slice(0, iterations)), run).toBeLessThan(1e-9);
  }
});

// Why the end is held on one kernel set: docs/decisions/0006-float32-parts-from-float64-at-corners.md.
test("optimizer-comparison in float32 ends within 5% of the original's mean of the last 100 smoothed losses", async () => {
  const record = await runExperiment("optimizer-comparison", { dtype: "float32", backend: "wasm-simd" });
  const mean = (y: readonly (number | null)[]) =>
    smoothCurve(y)
      .slice(-100)
      .reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0) / 100;
  for (const { run, y } of record.series) {
    expect(Math.abs(mean(y) / mean(losses[run]) - 1), run).toBeLessThan(0.05);
  }
});
