import type { Layer } from "../nn/layer.ts";
import type { Blueprint } from "./blueprint.ts";
import type { ClassEvaluation } from "./class-metrics.ts";
import type { AskedOf, ToldOf } from "./column-types.ts";
import { Model } from "./model.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelTask } from "./model-state.ts";
import type { AnyRow } from "./row.ts";
import type { Table } from "./table.ts";
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

export type Classifier<Class extends string = string, Asked = AnyRow> = Model<
  ClassEvaluation,
  ClassPrediction<Class>,
  Asked
>;
export type Regressor<Name extends string = string, Asked = AnyRow> = Model<
  ValueEvaluation,
  ValuePrediction<Name>,
  Asked
>;
export type MultiLabeller<Name extends string = string, Asked = AnyRow> = Model<
  AnswerEvaluation,
  AnswerPrediction<Name>,
  Asked
>;

/** Options that name a table like those it learns from, so that rows and answers have its types. */
export type LikeOptions<R, T extends string> = ModelOptions & { readonly like: Table<R, T> };

// An editor shows the comment of the form that is called: each has its own.

/** As {@link classify} without `like`, with the types of that table. @throws HyperError on an option that is out of range */
export function classify<R, T extends string>(
  network: Blueprint | readonly Layer[],
  options: LikeOptions<R, T>,
): Classifier<ToldOf<R, T>, AskedOf<R, T>>;
/**
 * A model that tells which of several classes a row is of. Softmax and cross entropy; of two classes also one output with a
 * sigmoid, by the loss `binaryCrossEntropy`.
 * @param network `mlp([16, 16])`, whose input and output sizes come from the data, or layers of one's own
 * @throws HyperError on an option that is out of range
 */
export function classify(network: Blueprint | readonly Layer[], options?: ModelOptions): Classifier;
export function classify(network: Blueprint | readonly Layer[], options: ModelOptions = {}): Classifier {
  const loss = options?.loss;
  const name = typeof loss === "string" ? loss : loss?.name;
  const sigmoid =
    name?.toLowerCase() === "binarycrossentropy" || (typeof loss === "object" && loss?.targets === "values");
  return new Model(sigmoid ? binary : classification, network, options);
}

/** As {@link regress} without `like`, with the types of that table. @throws HyperError on an option that is out of range */
export function regress<R, T extends string>(
  network: Blueprint | readonly Layer[],
  options: LikeOptions<R, T>,
): Regressor<T, AskedOf<R, T>>;
/** A model that tells one or several numbers of a row. @throws HyperError on an option that is out of range */
export function regress(network: Blueprint | readonly Layer[], options?: ModelOptions): Regressor;
export function regress(network: Blueprint | readonly Layer[], options: ModelOptions = {}): Regressor {
  return new Model(regression, network, options);
}

/** As {@link multiLabel} without `like`, with the types of that table. @throws HyperError on an option that is out of range */
export function multiLabel<R, T extends string>(
  network: Blueprint | readonly Layer[],
  options: LikeOptions<R, T>,
): MultiLabeller<T, AskedOf<R, T>>;
/** A model that answers several yes or no of a row, each by itself. @throws HyperError on an option that is out of range */
export function multiLabel(network: Blueprint | readonly Layer[], options?: ModelOptions): MultiLabeller;
export function multiLabel(network: Blueprint | readonly Layer[], options: ModelOptions = {}): MultiLabeller {
  return new Model(multilabel, network, options);
}

const makers = { classification: classify, binary: classify, multilabel: multiLabel, regression: regress } as const;

/** A model for a task by name; of two classes with one output, its loss is `binaryCrossEntropy` where none is given. */
export function modelFor(
  task: ModelTask,
  network: Blueprint | readonly Layer[],
  options: ModelOptions = {},
): Classifier | Regressor | MultiLabeller {
  const loss = options.loss ?? (task === "binary" ? "binaryCrossEntropy" : undefined);
  return makers[task](network, { ...options, ...(loss === undefined ? {} : { loss }) });
}
