import type { Confusion, ToldNumbers } from "../../core/snapshot.ts";
import type { Evaluator } from "../../train/evaluate.ts";
import { measureRows, measureValues } from "./measure.ts";
import type { PreparedData } from "./prepare.ts";

/** Training rows that are measured. */
const measuredRows = 1000;

/** What is told of a network in its curves, by metric, and how it did on the test rows. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly confusion?: Confusion;
  readonly told?: ToldNumbers;
}

/** Measures training and test rows: accuracy of classes, or how far off numbers are in their own unit, and the loss. */
export function measured(evaluator: Evaluator, { train, test, values, classNames }: PreparedData): Measured {
  if (values !== null) {
    const { mean, std } = values.scales;
    const trained = measureValues(evaluator, train, values.train, measuredRows);
    const metrics = { trainRmse: trained.rmse * std[0], trainLoss: trained.loss };
    if (test === null || values.test === null) {
      return { metrics };
    }
    const tested = measureValues(evaluator, test, values.test);
    const inUnit = (scaled: Float32Array) => Float64Array.from(scaled, (value) => value * std[0] + mean[0]);
    return {
      metrics: { ...metrics, testRmse: tested.rmse * std[0], testLoss: tested.loss },
      told: { told: inUnit(tested.told), wanted: inUnit(values.test.data.subarray(0, tested.told.length)) },
    };
  }
  const trained = measureRows(evaluator, train, measuredRows);
  const metrics = { trainAccuracy: trained.accuracy, trainLoss: trained.loss };
  if (test === null) {
    return { metrics };
  }
  const { accuracy: testAccuracy, loss: testLoss, counts } = measureRows(evaluator, test);
  return {
    metrics: { ...metrics, testAccuracy, testLoss },
    ...(counts.length === 0 ? {} : { confusion: { classes: classNames.length, counts } }),
  };
}
