import { RandomStream } from "../../src/core/random.ts";
import type { SearchSpace, TrialRecord } from "../../src/core/trial.ts";
import type { StudyData } from "../../src/search/views/study-view.ts";

const space: SearchSpace = {
  lr: { kind: "real", low: 1e-5, high: 1e-1, scale: "log" },
  weightDecay: { kind: "real", low: 1e-8, high: 1e-4, scale: "log" },
  hidden: { kind: "int", low: 16, high: 256, scale: "log" },
  dropRatio: { kind: "real", low: 0, high: 0.5, step: 0.1 },
  optimizer: { kind: "category", choices: ["sgd", "momentum", "adam"] },
};

/**
 * A study made up so that every view has something to show: lr decides most, then the optimizer; some trials pruned, one
 * failed, one running, two lanes of time. The same for the same count.
 */
export function sampleStudy(count = 80): StudyData {
  const stream = RandomStream.seeded(3);
  const free = [0, 0];
  const trials = Array.from({ length: count }, (_, number): TrialRecord => {
    const lr = 10 ** stream.uniform(-5, -1);
    const weightDecay = 10 ** stream.uniform(-8, -4);
    const hidden = Math.round(2 ** stream.uniform(4, 8));
    const dropRatio = Math.round(stream.uniform(0, 5)) / 10;
    const optimizer = ["sgd", "momentum", "adam"][Math.floor(stream.uniform(0, 3))];
    const loss =
      0.1 +
      0.2 * (Math.log10(lr) + 2.5) ** 2 +
      (optimizer === "adam" ? 0 : 0.15) +
      0.05 * dropRatio +
      0.02 * stream.normal() +
      (number === 17 ? 40 : 0);
    const lane = free[0] <= free[1] ? 0 : 1;
    const startedAt = 1_800_000_000_000 + free[lane];
    free[lane] += 900 + stream.uniform(0, 600);
    const state =
      number === 23 ? "failed" : number === count - 1 ? "running" : loss > 1 && number % 3 > 0 ? "pruned" : "complete";
    const steps = state === "pruned" ? 3 + (number % 4) : state === "failed" ? 0 : 10;
    const intermediate = Array.from({ length: steps }, (_, step) => ({
      step,
      value: number === 9 && step === 2 ? null : loss + 1.5 * Math.exp(-step / 2.5),
    }));
    return {
      number,
      state,
      value: state === "complete" ? loss : state === "pruned" ? (intermediate.at(-1)?.value ?? null) : null,
      params: { lr, weightDecay, hidden, dropRatio, optimizer },
      distributions: space,
      intermediate,
      attributes: {},
      attempt: number === 30 ? 2 : 1,
      startedAt,
      finishedAt: state === "running" ? null : 1_800_000_000_000 + free[lane] - 20,
      ...(state === "failed" ? { error: "objective: must return a number, got NaN. Check it." } : {}),
    };
  });
  return {
    trials,
    direction: "minimize",
    valueName: { en: "validation loss", ja: "検証データの損失" },
    now: 1_800_000_000_000 + Math.max(...free),
  };
}
