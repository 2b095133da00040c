import type { Training } from "./open-training.ts";
import { WeightAverage } from "./parts/weight-average.ts";

/**
 * Runs `evaluate` with the weights to be judged by: the mean that training keeps (`average`), or the weights that
 * the rule itself keeps for it (Schedule-Free); those trained where there is neither. They are back afterwards.
 */
export function withAverage<T>({ network, updater, parts }: Training, evaluate: () => T): T {
  const average = parts.find((part) => part instanceof WeightAverage)?.mean ?? updater.averaged;
  if (average === null || average === undefined) {
    return evaluate();
  }
  const { params } = network;
  const trained = params.data.slice();
  params.data.set(average.data);
  try {
    return evaluate();
  } finally {
    params.data.set(trained);
  }
}
