import { expect, test } from "vitest";
import { runExperiment } from "../../../../test/support/run-experiment.ts";
import { optimizersInOrder } from "../../../experiments/optimizers-in-order.ts";
import { settingsOfRun } from "../../../experiments/per-run.ts";
import { surfaceOf } from "../../../experiments/surfaces/surface.ts";
import { optimizerNamed } from "../../../optim/registry.ts";
import { normalsOf, Walker } from "./walker.ts";

test.each(["book", "notebook", "noisy", "rosenbrock"])(
  "the page's paths are the command's, bit for bit: %s",
  async (preset) => {
    const set = [`optimizers=${optimizersInOrder.map(({ label }) => label).join(",")}`];
    const { settings, series } = await runExperiment("optimizer-paths", { preset, set, seed: 4, backend: "reference" });
    const iterations = Number(settings.iterations);
    for (const optimizer of optimizersInOrder) {
      const walker = new Walker(optimizer);
      // A second walk must not see the first.
      for (const start of [
        [1, 1],
        [Number(settings.startX), Number(settings.startY)],
      ] as const) {
        walker.begin({
          surface: surfaceOf(String(settings.surface)),
          start,
          iterations,
          hyper: settingsOfRun(settings, optimizer.label),
          normals: normalsOf(4, iterations),
        });
        expect(walker.advance(() => true)).toBe(true);
      }
      for (const [offset, metric] of ["x", "y"].entries()) {
        const expected = series.find((s) => s.run === optimizer.label && s.metric === metric)!.y;
        expect(
          [...walker.path].filter((_, i) => i % 2 === offset),
          `${optimizer.label} ${metric}`,
        ).toEqual(expected.slice(0, walker.steps + 1));
      }
    }
  },
);

test("a walk is done in pieces, and ends where it leaves the numbers", () => {
  const walker = new Walker(optimizerNamed("sgd"));
  const walk = { surface: surfaceOf("ravine"), start: [-7, 2] as const, normals: normalsOf(0, 10_000) };
  walker.begin({ ...walk, iterations: 1000, hyper: { lr: 0.1 } });
  let pieces = 1;
  while (!walker.advance(() => false)) {
    pieces++;
  }
  expect(pieces).toBeGreaterThan(10);
  expect(walker.steps).toBe(1000);
  walker.begin({ ...walk, iterations: 5000, hyper: { lr: 2 } });
  expect(walker.advance(() => true)).toBe(true);
  expect(walker.divergedAt).toBe(walker.steps + 1);
  expect(walker.path.every(Number.isFinite)).toBe(true);
});
