import fc from "fast-check";
import { afterAll, describe, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { Renderer } from "../../src/node/figure/renderer.ts";
import { runAndCheck } from "../support/any-run.ts";
import { anySettings } from "../support/any-settings.ts";

/** Runs every experiment so many times in all, with settings from their whole ranges. */
export function anyExperiment(runs: number): void {
  const renderer = new Renderer();
  afterAll(() => renderer.close());

  describe(`every experiment makes all its files and marks what diverged, whatever its settings (${runs} runs)`, () => {
    test.for(chapter.map((experiment) => [experiment.id, experiment] as const))("%s", async ([, experiment]) => {
      const wanted = fc.record({
        settings: anySettings(experiment),
        seed: fc.nat(2 ** 32 - 1),
        dtype: fc.constantFrom("float32" as const, "float64" as const),
      });
      // fast-check prints the seed, the path and the smallest settings it has found when one of them fails.
      await fc.assert(
        fc.asyncProperty(wanted, async (chosen) => void (await runAndCheck(experiment, chosen, renderer))),
        { numRuns: Math.ceil(runs / chapter.length) },
      );
    });
  });
}
