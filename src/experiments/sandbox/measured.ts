import type { Confusion } from "../../core/snapshot.ts";
import type { Evaluator } from "../../train/evaluate.ts";
import { measureRows, measureValues } from "./measure.ts";
import type { PreparedData } from "./prepare.ts";

/** Training rows that are measured. */
const measuredRows = 1000;

/** What is told of a network in its curves, by metric, and how it classified the test rows. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly confusion?: Confusion;
}

/** Measures training and test rows: accuracy of classes, or how far off numbers are in their own unit, and the loss. */
export function measured(evaluator: Evaluator, { train, test, values, classNames }: PreparedData): Measured {
  if (values !== null) {
    const [std] = values.scales.std;
    const trained = measureValues(evaluator, train, values.train, measuredRows);
    const tested = test === null || values.test === null ? null : measureValues(evaluator, test, values.test);
    return {
      metrics: {
        trainRmse: trained.rmse * std,
        trainLoss: trained.loss,
        ...(tested === null ? {} : { testRmse: tested.rmse * std, testLoss: tested.loss }),
      },
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
