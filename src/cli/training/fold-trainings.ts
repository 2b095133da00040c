import { meanOf } from "../../core/long-lists.ts";
import { foldName } from "../../experiments/own-data/folds.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import type { EncodedData } from "../../model/encode.ts";
import type { FitOptions } from "../../model/fit-options.ts";
import { keptEpoch } from "../../model/kept-epoch.ts";
import type { AnyModel } from "../../model/load.ts";
import { runEvents, type Training } from "./fit-runner.ts";

interface Folds {
  readonly count: number;
  readonly data: EncodedData;
  readonly options: FitOptions;
  readonly kernels: KernelSet;
  readonly modelOn: (kernels: KernelSet) => AnyModel;
}

/**
 * The networks of a cross-validation, and what is told to the one that learns from all rows once they are done: nothing is
 * held back from it that could stop it early, so it learns for as many epochs as was best for them on average.
 */
export function foldTrainings({ count, data, options, kernels, modelOn }: Folds): {
  readonly trainings: readonly Training[];
  readonly optionsOfWhole: () => FitOptions;
} {
  const best: number[] = [];
  const training = (fold: number): Training => ({
    run: foldName(fold),
    async *events() {
      const scope = new ArenaScope();
      try {
        const model = modelOn(scope.within(kernels));
        yield* runEvents(model.fit(data, { ...options, validation: { fold, of: count } }), foldName(fold), () => {});
        const { history, training } = model.toState();
        best.push(keptEpoch(history, training?.stopEarly ?? null) + 1);
      } finally {
        scope.end();
      }
    },
  });
  return {
    trainings: Array.from({ length: count }, (_, fold) => training(fold)),
    optionsOfWhole() {
      const { stopEarly, ...rest } = options;
      return stopEarly === undefined || count === 0
        ? options
        : { ...rest, epochs: Math.max(1, Math.round(meanOf(best))) };
    },
  };
}
