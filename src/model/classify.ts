import type { Layer } from "../nn/layer.ts";
import type { Blueprint } from "./blueprint.ts";
import type { ClassEvaluation } from "./class-metrics.ts";
import { Model, type ModelOptions } from "./model.ts";
import {
  type AnswerPrediction,
  binary,
  type ClassPrediction,
  classification,
  multilabel,
  regression,
  type ValuePrediction,
} from "./tasks.ts";
import type { AnswerEvaluation, ValueEvaluation } from "./value-metrics.ts";

export type Classifier = Model<ClassEvaluation, ClassPrediction>;
export type Regressor = Model<ValueEvaluation, ValuePrediction>;
export type MultiLabeller = Model<AnswerEvaluation, AnswerPrediction>;

/**
 * A model that tells which of several classes a row is of. Softmax and cross entropy; of two classes also one output with a
 * sigmoid, by the loss `binaryCrossEntropy`.
 * @param network `mlp([16, 16])`, whose input and output sizes come from the data, or layers of one's own
 * @throws HyperError on an option that is out of range
 */
export function classify(network: Blueprint | readonly Layer[], options: ModelOptions = {}): Classifier {
  const { loss } = options;
  const name = typeof loss === "string" ? loss : loss?.name;
  const sigmoid =
    name?.toLowerCase() === "binarycrossentropy" || (typeof loss === "object" && loss.targets === "values");
  return new Model(sigmoid ? binary : classification, network, options);
}

/** A model that tells one or several numbers of a row. @throws HyperError on an option that is out of range */
export function regress(network: Blueprint | readonly Layer[], options: ModelOptions = {}): Regressor {
  return new Model(regression, network, options);
}

/** A model that answers several yes or no of a row, each by itself. @throws HyperError on an option that is out of range */
export function multiLabel(network: Blueprint | readonly Layer[], options: ModelOptions = {}): MultiLabeller {
  return new Model(multilabel, network, options);
}
