import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ParameterValue } from "../../src/core/trial.ts";
import { openStudy, PrunedTrial, type Trial } from "../../src/search/index.ts";
import type { Choice } from "../../src/search/choice.ts";

interface Golden {
  readonly trajectories: readonly {
    readonly objective: "sphere" | "mixed" | "branin";
    readonly sampler: "random" | "tpe" | "tpe-multivariate";
    readonly trials: readonly { readonly params: Readonly<Record<string, ParameterValue>>; readonly value: number }[];
  }[];
  /** Of 40 trials in a row, 20 steps each. */
  readonly curves: readonly (readonly number[])[];
  readonly pruners: readonly { readonly pruner: string; readonly stopped_at: readonly (number | null)[] }[];
}

/** Seeded trajectories and pruning decisions of Optuna 3.1.0. */
const golden: Golden = JSON.parse(
  gunzipSync(readFileSync(new URL("./optuna.seed0.json.gz", import.meta.url))).toString(),
);

const objectives = {
  sphere: (trial: Trial) => trial.real("x", { min: -5, max: 5 }) ** 2 + trial.real("y", { min: -5, max: 5 }) ** 2,
  branin: (trial: Trial) => {
    const x = trial.real("x", { min: -5, max: 10 });
    const y = trial.real("y", { min: 0, max: 15 });
    const valley = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
  mixed: (trial: Trial) => {
    const lr = trial.real("lr", { min: 1e-6, max: 1e-1, scale: "log" });
    const layers = trial.int("layers", { min: 1, max: 8 });
    const batch = trial.int("batch", { min: 8, max: 512, scale: "log" });
    const drop = trial.real("drop", { min: 0, max: 0.9, step: 0.1 });
    const act = trial.category("act", ["relu", "sigmoid", "tanh"]);
    return (
      (Math.log10(lr) + 3) ** 2 +
      0.3 * (layers - 3) ** 2 +
      0.2 * (Math.log2(batch) - 6) ** 2 +
      4 * (drop - 0.3) ** 2 +
      { relu: 0, sigmoid: 1.5, tanh: 0.5 }[act]
    );
  },
};

const samplers: Record<string, Choice> = {
  random: { name: "random" },
  tpe: { name: "tpe" },
  "tpe-multivariate": { name: "tpe", settings: { variant: "multivariate" } },
};

test.each(golden.trajectories)("$sampler walks over $objective as Optuna does", async ({ objective, sampler, trials }) => {
  const study = await openStudy({ sampler: samplers[sampler], seed: 0, stream: "optuna" });
  await study.optimize(objectives[objective], { trials: trials.length });
  for (const [i, { params, value }] of trials.entries()) {
    const ours = study.trials[i];
    for (const [name, theirs] of Object.entries(params)) {
      const what = `trial ${i}, ${name}`;
      if (typeof theirs === "number") {
        expect(Math.abs((ours.params[name] as number) - theirs), what).toBeLessThanOrEqual(1e-6 * Math.abs(theirs));
      } else {
        expect(ours.params[name], what).toBe(theirs);
      }
    }
    expect(ours.value as number, `trial ${i}`).toBeCloseTo(value, 6);
  }
});

const pruners: Record<string, Choice> = {
  median: { name: "median" },
  "median-warmup": { name: "median", settings: { startupTrials: 3, warmupSteps: 4, intervalSteps: 2 } },
  "percentile-25": { name: "percentile", settings: { percentile: 25 } },
  sha: { name: "successive-halving", settings: { minResource: 1, reductionFactor: 3 } },
  hyperband: { name: "hyperband", settings: { minResource: 1, maxResource: 20, reductionFactor: 3 } },
  threshold: { name: "threshold", settings: { upper: 1.5, warmupSteps: 5 } },
  patient: { name: "patient", settings: { patience: 2 } },
};

test.each(golden.pruners)("$pruner stops every trial where Optuna's does", async ({ pruner, stopped_at }) => {
  const study = await openStudy({ name: "fixed", sampler: "random", pruner: pruners[pruner] });
  const stopped: (number | null)[] = golden.curves.map(() => null);
  await study.optimize(
    (trial) => {
      const curve = golden.curves[trial.number];
      for (const [step, value] of curve.entries()) {
        trial.report(value, step);
        if (trial.shouldPrune()) {
          stopped[trial.number] = step;
          throw new PrunedTrial();
        }
      }
      return curve[curve.length - 1];
    },
    { trials: golden.curves.length },
  );
  expect(stopped).toEqual(stopped_at);
});
