import { Tensor as Matrix, type Tensor } from "../core/tensor.ts";
import { type ClassEvaluation, classFigures, largestPlace, probabilitiesOf, sigmoid } from "./class-metrics.ts";
import type { Asker } from "./live-network.ts";
import type { ModelTargets, ModelTask } from "./model-state.ts";
import type { ReadyRows } from "./prepare.ts";
import { type AnswerEvaluation, answerFigures, type ValueEvaluation, valueFigures } from "./value-metrics.ts";

/** The class that a row most likely is of. */
export interface ClassPrediction<Class extends string = string> {
  readonly class: Class;
  /** Of that class, a fraction. */
  readonly probability: number;
  /** Of each class; they sum up to 1. */
  readonly probabilities: Readonly<Record<Class, number>>;
}

/** What a row is told as, in the targets' own units. */
export interface ValuePrediction<Name extends string = string> {
  /** Of the first target. */
  readonly value: number;
  /** Of each target. */
  readonly values: Readonly<Record<Name, number>>;
}

export interface AnswerPrediction<Name extends string = string> {
  /** Whether each is more likely than not. */
  readonly answers: Readonly<Record<Name, boolean>>;
  readonly probabilities: Readonly<Record<Name, number>>;
}

/** What a network said of rows, and what they should have given. */
export interface Measured {
  /** [rows, outputs] */
  readonly outputs: Float64Array;
  /** Classes [rows], or values [rows, outputs]. */
  readonly answers: Int32Array | Float64Array;
  readonly targets: ModelTargets;
  /** Mean over the rows. */
  readonly loss: number;
}

/** Sums the losses of blocks of rows as their outputs come. */
export interface LossMeter {
  take(outputs: Tensor, first: number): void;
  sum(): number;
}

/** What outputs mean, what is measured of them and what is told of a row. */
export interface TaskKind<Evaluation, Prediction> {
  readonly name: ModelTask;
  /** Name of the loss it is trained by. */
  readonly loss: string;
  evaluation(measured: Measured): Evaluation;
  /** What a history keeps of the rows held back: `valLoss` and the like. */
  validation(evaluation: Evaluation): Record<string, number>;
  predictions(outputs: Float64Array, targets: ModelTargets): Prediction[];
  /** Rows' answers in the targets' own units. */
  answersOf(rows: ReadyRows, targets: ModelTargets): Int32Array | Float64Array;
  lossMeter(asker: Asker, targets: ModelTargets, answers: Int32Array | Float64Array): LossMeter;
}

type Of<K extends ModelTargets["kind"]> = Extract<ModelTargets, { kind: K }>;

/** Sums a network's loss over blocks that come with classes. */
function labelLosses({ network, labels }: Asker, answers: Int32Array | Float64Array): LossMeter {
  let sum = 0;
  return {
    take(outputs, first) {
      const block = new Matrix(1, outputs.rows, labels.data.subarray(0, outputs.rows));
      block.data.set(answers.subarray(first, first + outputs.rows) as Int32Array);
      sum += network.loss.forward(outputs, block, null);
    },
    sum: () => sum,
  };
}

/** Sums a network's loss over blocks that come with values; `unit` makes them what the network gives. */
function valueLosses(
  { network }: Asker,
  answers: Int32Array | Float64Array,
  unit: (value: number, k: number) => number = (value) => value,
): LossMeter {
  let sum = 0;
  return {
    take(outputs, first) {
      const { rows, cols } = outputs;
      const wanted = Float64Array.from({ length: rows * cols }, (_, k) => unit(answers[first * cols + k], k % cols));
      sum += network.loss.forward(outputs, new Matrix(rows, cols, wanted), null);
    },
    sum: () => sum,
  };
}

function classTask(name: "classification" | "binary"): TaskKind<ClassEvaluation, ClassPrediction> {
  const binary = name === "binary";
  const probabilities = (outputs: Float64Array, { classNames }: Of<"classes">) =>
    probabilitiesOf(outputs, classNames.length, binary);
  return {
    name,
    loss: binary ? "binaryCrossEntropy" : "crossEntropy",
    evaluation({ outputs, answers, targets, loss }) {
      const own = targets as Of<"classes">;
      return classFigures(probabilities(outputs, own), answers as Int32Array, own.classNames, loss);
    },
    validation: ({ loss, accuracy }) => ({ valLoss: loss, valAccuracy: accuracy }),
    predictions(outputs, targets) {
      const own = targets as Of<"classes">;
      const { classNames } = own;
      const all = probabilities(outputs, own);
      return Array.from({ length: all.length / classNames.length }, (_, i) => {
        const row = all.subarray(i * classNames.length, (i + 1) * classNames.length);
        const best = largestPlace(row);
        return {
          class: classNames[best],
          probability: row[best],
          probabilities: Object.fromEntries(classNames.map((word, k) => [word, row[k]])),
        };
      });
    },
    answersOf: ({ labels }) => labels,
    lossMeter: (asker, _, answers) => (binary ? valueLosses : labelLosses)(asker, answers),
  };
}

export const classification = classTask("classification");
export const binary = classTask("binary");

export const multilabel: TaskKind<AnswerEvaluation, AnswerPrediction> = {
  name: "multilabel",
  loss: "binaryCrossEntropy",
  evaluation: ({ outputs, answers, targets, loss }) =>
    answerFigures(outputs, answers as Float64Array, (targets as Of<"labels">).names, loss),
  validation: ({ loss, accuracy, f1 }) => ({ valLoss: loss, valAccuracy: accuracy, valF1: f1 }),
  predictions(outputs, targets) {
    const { names } = targets as Of<"labels">;
    return Array.from({ length: outputs.length / names.length }, (_, i) => {
      const of = <T>(read: (z: number) => T) =>
        Object.fromEntries(names.map((name, k) => [name, read(outputs[i * names.length + k])]));
      return { answers: of((z) => z > 0), probabilities: of(sigmoid) };
    });
  },
  answersOf: ({ values }) => Float64Array.from(values!.data),
  lossMeter: (asker, _, answers) => valueLosses(asker, answers),
};

export const regression: TaskKind<ValueEvaluation, ValuePrediction> = {
  name: "regression",
  loss: "meanSquaredError",
  evaluation({ outputs, answers, targets, loss }) {
    const { names, mean, std } = targets as Of<"numbers">;
    const told = outputs.map((y, i) => y * std[i % names.length] + mean[i % names.length]);
    return valueFigures(told, answers as Float64Array, names, loss);
  },
  validation: ({ loss, rmse, r2 }) => ({ valLoss: loss, valRmse: rmse, ...(r2 === null ? {} : { valR2: r2 }) }),
  predictions(outputs, targets) {
    const { names, mean, std } = targets as Of<"numbers">;
    return Array.from({ length: outputs.length / names.length }, (_, i) => {
      const values = names.map((_, k) => outputs[i * names.length + k] * std[k] + mean[k]);
      return { value: values[0], values: Object.fromEntries(names.map((name, k) => [name, values[k]])) };
    });
  },
  answersOf({ values }, targets) {
    const { mean, std } = targets as Of<"numbers">;
    return Float64Array.from(values!.data, (value, i) => value * std[i % std.length] + mean[i % std.length]);
  },
  lossMeter(asker, targets, answers) {
    const { mean, std } = targets as Of<"numbers">;
    return valueLosses(asker, answers, (value, k) => (value - mean[k]) / std[k]);
  },
};

/** A task by the name a file gives it. */
export const tasks = { classification, binary, multilabel, regression } as const;
