import type { HyperValue } from "../../src/core/hyper.ts";
import { Relu } from "../../src/nn/activation.ts";
import { Affine } from "../../src/nn/affine.ts";
import { Conv2d } from "../../src/nn/conv2d.ts";
import { Dropout } from "../../src/nn/dropout.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { mlp } from "../../src/nn/mlp.ts";
import { MaxPool } from "../../src/nn/pooling.ts";
import type { MoveOptions } from "../../src/train/augment/move-images.ts";

/** Everything that a record is made with; each part of it may be left out, to see what it adds. */
export interface Recipe {
  readonly layers: () => Layer[];
  readonly optimizer: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly schedule: { readonly name: string; readonly hyper: Readonly<Record<string, number>> } | null;
  readonly epochs: number;
  readonly batchSize: number;
  /** How each epoch's edition of the images is moved; null for the images themselves. */
  readonly move: MoveOptions | null;
  /** The first epoch of which the images are moved: from 1 on nothing waits for the thread that moves them. */
  readonly movedFrom: 0 | 1;
  /** Techniques by their settings' names. */
  readonly techniques: Readonly<Record<string, HyperValue>>;
}

/** A record's recipe, and what it is without each of its ingredients. */
export interface RecordKind {
  /** Whose files are read: those of MNIST are always there. */
  readonly data: "MNIST" | "Fashion-MNIST";
  readonly recipe: Recipe;
  readonly without: Readonly<Record<string, Partial<Recipe>>>;
}

const picture = { height: 28, width: 28, channels: 1 } as const;

/** Three convolutions, the first by steps of two, the second pooled; then one hidden layer. */
function smallCnn(dropRatio: number): Layer[] {
  const first = new Conv2d(picture, { filters: 16, size: 5, stride: 2, padding: 2 });
  const second = new Conv2d(first.output, { filters: 32, size: 3, padding: 1 });
  const pool = new MaxPool(second.output, { size: 2 });
  const third = new Conv2d(pool.output, { filters: 48, size: 3 });
  return [
    first,
    new Relu(first.outputSize),
    second,
    new Relu(second.outputSize),
    pool,
    third,
    new Relu(third.outputSize),
    new Affine(third.outputSize, 128),
    new Relu(128),
    ...(dropRatio === 0 ? [] : [new Dropout(128, dropRatio, "inverted")]),
    new Affine(128, 10),
  ];
}

/** Three convolutions that keep the size, the first two pooled; then one hidden layer. */
function clothesCnn(dropRatio: number): Layer[] {
  const first = new Conv2d(picture, { filters: 16, size: 3, padding: 1 });
  const firstPool = new MaxPool(first.output, { size: 2 });
  const second = new Conv2d(firstPool.output, { filters: 32, size: 3, padding: 1 });
  const secondPool = new MaxPool(second.output, { size: 2 });
  const third = new Conv2d(secondPool.output, { filters: 64, size: 3, padding: 1 });
  const dropout = (width: number) => (dropRatio === 0 ? [] : [new Dropout(width, dropRatio, "inverted")]);
  return [
    first,
    new Relu(first.outputSize),
    firstPool,
    second,
    new Relu(second.outputSize),
    secondPool,
    third,
    new Relu(third.outputSize),
    ...dropout(third.outputSize),
    new Affine(third.outputSize, 128),
    new Relu(128),
    ...dropout(128),
    new Affine(128, 10),
  ];
}

const oneCycle = { name: "oneCycle", hyper: { share: 0.25 } } as const;

/** What is the same of all networks of convolutions, with Dropout of this share and without. */
function convolutions(
  layers: (dropRatio: number) => Layer[],
  dropRatio: number,
  length: Pick<Recipe, "epochs" | "move" | "movedFrom">,
): Omit<RecordKind, "data"> {
  return {
    recipe: {
      ...length,
      layers: () => layers(dropRatio),
      optimizer: "adamw",
      hyper: { lr: 0.004, weightDecay: 0.02 },
      schedule: oneCycle,
      batchSize: 128,
      techniques: { labelSmoothing: 0.05 },
    },
    without: {
      "moved images": { move: null },
      Dropout: { layers: () => layers(0) },
      "one cycle": { schedule: null, hyper: { lr: 0.001, weightDecay: 0.02 } },
      "label smoothing": { techniques: {} },
      "weight decay": { hyper: { lr: 0.004, weightDecay: 0 } },
    },
  };
}

const perceptron = (batchNorm: boolean) => () =>
  mlp({ inputSize: 784, hiddenSizes: [224, 224], classes: 10, batchNorm });

export const records = {
  /** A network of fully connected layers. */
  mlp: {
    data: "MNIST",
    recipe: {
      layers: perceptron(true),
      optimizer: "adamw",
      hyper: { lr: 0.006, weightDecay: 0.02 },
      schedule: oneCycle,
      epochs: 11,
      batchSize: 256,
      move: { shift: 1.5, rotate: 10 },
      movedFrom: 1,
      techniques: { labelSmoothing: 0.05 },
    },
    without: {
      "moved images": { move: null },
      "Batch Normalization": { layers: perceptron(false) },
      "one cycle": { schedule: null, hyper: { lr: 0.001, weightDecay: 0.02 } },
      "label smoothing": { techniques: {} },
      "weight decay": { hyper: { lr: 0.006, weightDecay: 0 } },
    },
  },
  /** A small network of convolutions. */
  cnn: {
    data: "MNIST",
    ...convolutions(smallCnn, 0.25, { epochs: 4, move: { shift: 1.5, rotate: 8 }, movedFrom: 0 }),
  },
  /** Convolutions on clothes in the places of the digits. */
  fashion: {
    data: "Fashion-MNIST",
    ...convolutions(clothesCnn, 0.2, { epochs: 10, move: { shift: 1 }, movedFrom: 1 }),
  },
} as const satisfies Readonly<Record<string, RecordKind>>;
export type RecordName = keyof typeof records;
