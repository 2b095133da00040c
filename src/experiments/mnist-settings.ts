import { choice, integer, real, sizes } from "../core/hyper.ts";
import { type WeightInitName, weightInitSetting } from "../init/weights.ts";
import { type ActivationName, activationNames } from "../nn/activation.ts";
import { type MlpSpec, weightCount } from "../nn/mlp.ts";
import type { DataShape, Settings } from "../runs/experiment.ts";
import { horizonSetting } from "./horizon.ts";
import { techniquesAsked, trainingSettings } from "./technique-settings.ts";

/** What all networks with these settings learn from: MNIST's images and classes. */
export const mnistShape = { inputSize: 784, classes: 10 } as const satisfies DataShape;

/** The settings that every experiment on MNIST shares, with its own values of the book. */
export function mnistSettings(book: {
  iterations: number;
  batchSize: number;
  trainRows: number;
  /** Fewest training rows that make sense; 1 unless told. */
  leastRows?: number;
  hiddenSizes: readonly number[];
}) {
  return {
    iterations: integer({
      default: book.iterations,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates of each network", ja: "各ネットワークの更新回数" },
    }),
    batchSize: integer({
      default: book.batchSize,
      min: 1,
      max: 10_000,
      scale: "log",
      about: { en: "rows of a minibatch", ja: "ミニバッチのデータ数" },
    }),
    trainRows: integer({
      default: book.trainRows,
      min: book.leastRows ?? 1,
      max: 60_000,
      scale: "log",
      about: { en: "training rows used, from the first", ja: "使う訓練データの数(先頭から)" },
    }),
    hiddenSizes: sizes({
      default: book.hiddenSizes,
      about: { en: "widths of the hidden layers", ja: "隠れ層のニューロン数" },
    }),
    activation: choice({
      options: activationNames,
      default: "relu" as ActivationName,
      about: { en: "activation function", ja: "活性化関数" },
    }),
    horizon: horizonSetting(),
    ...trainingSettings,
  };
}

/** SGD's learning rate, where an experiment knows no other rule. */
export function lrSetting() {
  return real({ default: 0.01, min: 0, scale: "log", about: { en: "learning rate of SGD", ja: "SGD の学習率" } });
}

export function weightInitOf(book: WeightInitName) {
  return weightInitSetting({ default: book, about: { en: "initial weights", ja: "重みの初期値" } });
}

export function weightDecayOf(book: number) {
  return real({
    default: book,
    min: 0,
    scale: "log",
    about: { en: "λ of ½·λ·ΣW² in the loss", ja: "損失に加える ½·λ·ΣW² の λ" },
  });
}

export function accuracyEveryOf(book: number) {
  return integer({
    default: book,
    min: 1,
    max: 1_000_000,
    about: { en: "iterations between two measurements of accuracy", ja: "精度を測る間隔(更新回数)" },
  });
}

/** The network that the settings describe. */
export function networkOf(
  values: { hiddenSizes: readonly number[]; activation: ActivationName },
  { inputSize, classes }: DataShape = mnistShape,
): MlpSpec {
  return { inputSize, hiddenSizes: values.hiddenSizes, classes, activation: values.activation };
}

/** The parts of a task that an experiment with plain SGD takes from its settings unchanged. */
export function sgdTaskOf(values: Parameters<typeof partsOf>[0] & { lr: number }) {
  return { optimizer: "sgd", hyper: { lr: values.lr }, ...partsOf(values) } as const;
}

/** The parts of a task that every experiment takes from its settings unchanged. */
export function partsOf(values: {
  trainRows: number;
  batchSize: number;
  iterations: number;
  hiddenSizes: readonly number[];
  activation: ActivationName;
  weightInit: WeightInitName;
  weightDecay: number;
  horizon: string;
}) {
  const { trainRows, batchSize, iterations, weightInit, weightDecay } = values;
  const techniques = techniquesAsked(values as unknown as Settings);
  const horizon = values.horizon === "on";
  // Parameters, gradients and two slots of the update rule, in float64.
  const bytes = 32 * weightCount(networkOf(values)) * (horizon ? 2 : 1);
  const asked = techniques === undefined ? {} : { techniques };
  return { trainRows, batchSize, iterations, weightInit, weightDecay, horizon, bytes, ...asked };
}
