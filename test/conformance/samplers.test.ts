import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Distribution, SearchSpace, TrialRecord } from "../../src/core/trial.ts";
import type { Choice } from "../../src/search/choice.ts";
import {
  MemoryStudyLog,
  openStudy,
  PrunedTrial,
  redraw,
  samplerNamed,
  samplers,
  type Trial,
} from "../../src/search/index.ts";
import { checkSpace, contains } from "../../src/search/space.ts";

const kinds: readonly { readonly label: string; readonly choice: Choice }[] = [
  ...samplers.map(({ name }) => ({ label: name, choice: { name } })),
  { label: "tpe multivariate", choice: { name: "tpe", settings: { variant: "multivariate" } } },
  { label: "cma-es with restarts", choice: { name: "cma-es", settings: { restarts: "ipop", populationSize: 4 } } },
  { label: "sobol unscrambled", choice: { name: "sobol", settings: { scramble: "none" } } },
];

const bound = fc.integer({ min: -1000, max: 1000 });
const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.tuple(bound, fc.integer({ min: 0, max: 500 })).map(([low, width]) => ({
    kind: "real" as const,
    low: low / 8,
    high: (low + width) / 8,
  })),
  fc.tuple(bound, fc.integer({ min: 0, max: 20 }), fc.constantFrom(0.1, 0.25, 3)).map(([low, steps, step]) => ({
    kind: "real" as const,
    low,
    high: low + steps * step,
    step,
  })),
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1000 })).map(([low, times]) => ({
    kind: "real" as const,
    low: low / 1000,
    high: (low * times) / 1000,
    scale: "log" as const,
  })),
  fc.tuple(bound, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 5 })).map(([low, width, step]) => ({
    kind: "int" as const,
    low,
    high: low + width,
    step,
  })),
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 4000 })).map(([low, width]) => ({
    kind: "int" as const,
    low,
    high: low + width,
    scale: "log" as const,
  })),
  fc.integer({ min: 1, max: 5 }).map((count) => ({
    kind: "category" as const,
    choices: ["relu", null, 3, true, "tanh"].slice(0, count),
  })),
);

const space: SearchSpace = {
  lr: { kind: "real", low: 1e-6, high: 0.1, scale: "log" },
  layers: { kind: "int", low: 1, high: 4 },
  drop: { kind: "real", low: 0, high: 0.5, step: 0.1 },
  batch: { kind: "int", low: 8, high: 512, scale: "log" },
  act: { kind: "category", choices: ["relu", "tanh", "sigmoid"] },
};

/** A number for a trial's parameters that any sampler can learn from. */
function judged(params: TrialRecord["params"]): number {
  return Object.values(params).reduce<number>(
    (sum, value) => sum + (typeof value === "number" ? Math.atan(value) : value === null ? 0 : String(value).length),
    0,
  );
}

/** Asks for everything in `wanted`; every seventh trial is pruned and every eleventh fails. */
function objective(wanted: SearchSpace) {
  return (trial: Trial): number => {
    for (const [name, d] of Object.entries(wanted)) {
      trial.suggest(name, d);
    }
    trial.report(judged(trial.params), 0);
    if (trial.number % 7 === 3) {
      throw new PrunedTrial();
    }
    return trial.number % 11 === 5 ? Number.NaN : judged(trial.params);
  };
}

async function trialsOf(choice: Choice, seed: number, options: { trials?: number; concurrency?: number } = {}) {
  const log = new MemoryStudyLog();
  const study = await openStudy({ sampler: choice, seed, space, log });
  const ask = objective(space);
  await study.optimize(
    async (trial) => {
      // Trials end in another order than they began in.
      for (let i = 0; i < (trial.number * 7) % 5; i++) {
        await Promise.resolve();
      }
      return ask(trial);
    },
    { trials: options.trials ?? 30, concurrency: options.concurrency ?? 1 },
  );
  return { study, finished: (await log.view()).finished };
}

const paramsOf = (trials: readonly TrialRecord[]) => trials.map(({ params }) => params);

describe.each(kinds)("$label", ({ label, choice }) => {
  test("draws values in range and on their steps, whatever the space", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("a", "b", "c", "d"), distribution, { minKeys: 1, maxKeys: 3 }),
        fc.constantFrom("minimize" as const, "maximize" as const),
        fc.nat(1000),
        async (wanted, direction, seed) => {
          const checked = checkSpace(wanted);
          const study = await openStudy({ sampler: choice, seed, space: checked, direction });
          await study.optimize(objective(checked), { trials: 16 });
          for (const { params } of study.trials) {
            for (const [name, d] of Object.entries(checked)) {
              expect(contains(d, params[name]), `${name} = ${params[name]} of ${JSON.stringify(d)}`).toBe(true);
            }
          }
        },
      ),
      { numRuns: 25, seed: 5 },
    );
  });

  test("draws the same trials from the same seed", async () => {
    const [first, again] = [await trialsOf(choice, 3), await trialsOf(choice, 3)];
    expect(paramsOf(first.study.trials)).toEqual(paramsOf(again.study.trials));
  });

  test("draws others from another seed, where it uses one", async () => {
    const [first, other] = [await trialsOf(choice, 3), await trialsOf(choice, 4)];
    const same = JSON.stringify(paramsOf(first.study.trials)) === JSON.stringify(paramsOf(other.study.trials));
    expect(same).toBe(label === "sobol unscrambled");
  });

  test("draws every trial again from what it saw, though three ran at a time", async () => {
    const { study, finished } = await trialsOf(choice, 3, { concurrency: 3 });
    expect(finished.map(({ number }) => number)).not.toEqual(study.trials.map(({ number }) => number));
    for (const trial of study.trials) {
      // A sampler that has seen nothing before knows no less than the one that followed the study.
      const sampler = samplerNamed(choice.name).open({ seed: 3, space }, choice.settings);
      expect(redraw({ study: study.record, sampler, finished, trial }), `trial ${trial.number}`).toEqual(trial.params);
    }
  });

  test("draws the same trials on one worker and on two when it does not learn", async () => {
    const one = await trialsOf(choice, 3);
    const two = await trialsOf(choice, 3, { concurrency: 2 });
    const learns = samplerNamed(choice.name).open({ seed: 3, space }, choice.settings).learns;
    expect(learns).toBe(["tpe", "cma-es"].includes(choice.name));
    if (!learns) {
      expect(paramsOf(two.study.trials)).toEqual(paramsOf(one.study.trials));
    }
  });

  test("takes conditional parameters as they come", async () => {
    const wide = { ...space, depth: { kind: "int", low: 1, high: 3 } as const };
    const study = await openStudy({ sampler: choice, seed: 1, ...(choice.name === "grid" ? { space: wide } : {}) });
    await study.optimize(
      (trial) => {
        const depth = trial.int("depth", { min: 1, max: 3 });
        for (const name of ["lr", "layers", "batch"].slice(0, depth)) {
          trial.suggest(name, space[name]);
        }
        return judged(trial.params);
      },
      { trials: 40 },
    );
    expect(study.trials.every(({ state }) => state === "complete")).toBe(true);
  });
});
