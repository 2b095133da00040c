import type { Tensor } from "../core/tensor.ts";
import type { Training } from "./open-training.ts";
import { WeightAverage } from "./parts/weight-average.ts";

/**
 * Runs `evaluate` with the weights to be judged by: the mean that training keeps (`average`), or the weights that
 * the rule itself keeps for it (Schedule-Free); those trained where there is neither. They are back afterwards.
 */
export function withAverage<T>(training: Training, evaluate: () => T): T {
  const average = averageOf(training);
  if (average === null) {
    return evaluate();
  }
  const { params } = training.network;
  const trained = params.data.slice();
  params.data.set(average.data);
  try {
    return evaluate();
  } finally {
    params.data.set(trained);
  }
}

/** Those weights, [1, n]; null where the weights trained are judged themselves. */
export function averageOf({ updater, parts }: Pick<Training, "updater" | "parts">): Tensor | null {
  return parts.find((part) => part instanceof WeightAverage)?.mean ?? updater.averaged;
}
