/**
 * TPE against random, and TPE with a stream for each trial against TPE with Optuna's one stream.
 *
 * Stated before it was run: best value of 100 evaluations, seeds 0 … 29. TPE, univariate, beats random on all four
 * functions, as Optuna's does: one-sided Mann–Whitney, Holm's correction over the four, level 0.05. With one stream TPE is
 * Optuna's own, number by number (test/golden/optuna.test.ts); with a stream for each trial it must be as good: the chance
 * that one of its runs is better lies within 0.5 ± 0.25 (three standard deviations at 30 against 30).
 */
import { beforeAll, describe, expect, test } from "vitest";
import { openStudy, type StudyOptions } from "../../src/search/index.ts";
import { holm, mannWhitney } from "../support/mann-whitney.ts";
import { testFunctions } from "../support/test-functions.ts";

const seeds = Array.from({ length: 30 }, (_, seed) => seed);
const evaluations = 100;
const level = 0.05;
const margin = 0.25;

const kinds: Record<string, StudyOptions> = {
  random: { sampler: "random" },
  tpe: { sampler: "tpe" },
  optuna: { sampler: "tpe", stream: "optuna" },
};

async function bestOf(options: StudyOptions, name: string, seed: number): Promise<number> {
  const study = await openStudy({ ...options, seed });
  await study.optimize(testFunctions[name], { trials: evaluations });
  return study.best?.value ?? Number.NaN;
}

const names = Object.keys(testFunctions);
const results: Record<string, Record<string, number[]>> = {};

beforeAll(async () => {
  for (const name of names) {
    results[name] = {};
    for (const [kind, options] of Object.entries(kinds)) {
      results[name][kind] = [];
      for (const seed of seeds) {
        results[name][kind].push(await bestOf(options, name, seed));
      }
    }
  }
});

describe("TPE", () => {
  test("finds better values than random on all four functions", () => {
    const corrected = holm(names.map((name) => mannWhitney(results[name].tpe, results[name].random).p));
    for (const [i, name] of names.entries()) {
      expect(corrected[i], name).toBeLessThan(level);
    }
  });

  test("does so with Optuna's stream too", () => {
    const corrected = holm(names.map((name) => mannWhitney(results[name].optuna, results[name].random).p));
    for (const [i, name] of names.entries()) {
      expect(corrected[i], name).toBeLessThan(level);
    }
  });

  test.each(names)("is as good with a stream for each trial as with Optuna's on %s", (name) => {
    const { chance } = mannWhitney(results[name].tpe, results[name].optuna);
    expect(Math.abs(chance - 0.5)).toBeLessThanOrEqual(margin);
  });
});
