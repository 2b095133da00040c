import type { Mistakes } from "../core/snapshot.ts";
import type { Dtype, FloatArray } from "../core/tensor.ts";
import type { Split } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { evaluationRows } from "./accuracy.ts";
import { BatchLoader, batchLoaderBytes } from "./batch-loader.ts";
import { imageShape } from "./snapshot-images.ts";

/** Test rows classified, from the first: enough for a confusion matrix, few enough to go unnoticed. */
export const mistakeRows = 1000;
/** Images sent. */
const mostImages = 60;

/** Bytes a {@link MistakeFinder} takes in the arena: a batch of `rows`. */
export function mistakeFinderBytes(rows: number, width: number, dtype: Dtype): number {
  return batchLoaderBytes(Math.min(rows, evaluationRows), width, dtype);
}

interface Miss {
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
}

/** Finds the rows that a network takes for another class. */
export class MistakeFinder {
  private readonly network: Sequential;
  private readonly split: Split;
  private readonly classes: number;
  private readonly rows: number;
  private readonly loader: BatchLoader;

  /** @param at `rows`: rows of a block, at most the network's `maxRows` */
  constructor(network: Sequential, { split, classes, rows }: { split: Split; classes: number; rows: number }) {
    this.network = network;
    this.split = split;
    this.classes = classes;
    this.rows = Math.min(rows, evaluationRows);
    this.loader = new BatchLoader(network.kernels, split, this.rows);
  }

  /** Classifies in evaluation mode. As the accuracies do, it takes the first logit that is NaN for the largest. */
  find(): Mistakes {
    const { network, split, classes, loader } = this;
    const rows = Math.min(mistakeRows, split.images.count);
    const confusion = new Uint16Array(classes * classes);
    const misses: Miss[] = [];
    for (let from = 0; from < rows; from += this.rows) {
      const count = Math.min(this.rows, rows - from);
      const { x, labels } = loader.loadRange(from, count);
      const { data } = network.forward(x, "evaluate");
      for (let i = 0; i < count; i++) {
        const logits = data.subarray(i * classes, (i + 1) * classes);
        const predicted = largest(logits);
        const label = labels.data[i];
        confusion[label * classes + predicted]++;
        if (predicted !== label) {
          misses.push({ index: from + i, label, predicted, confidence: softmaxAt(logits, predicted) });
        }
      }
    }
    misses.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
    const shown = misses.slice(0, mostImages);
    const { data, width } = split.images;
    const images = new Uint8Array(shown.length * width);
    shown.forEach(({ index }, i) => {
      images.set(data.subarray(index * width, (index + 1) * width), i * width);
    });
    const shape = imageShape(width);
    return {
      rows,
      right: rows - misses.length,
      classes,
      confusion,
      wrong: misses.length,
      index: Uint16Array.from(shown, ({ index }) => index),
      label: Uint8Array.from(shown, ({ label }) => label),
      predicted: Uint8Array.from(shown, ({ predicted }) => predicted),
      confidence: Float32Array.from(shown, ({ confidence }) => confidence),
      imageRows: shape.rows,
      imageColumns: shape.columns,
      images,
    };
  }
}

function largest(values: FloatArray): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    best = values[i] > values[best] || (Number.isNaN(values[i]) && !Number.isNaN(values[best])) ? i : best;
  }
  return best;
}

/** The softmax at one place; 0 where it is not a number. */
function softmaxAt(logits: FloatArray, at: number): number {
  let sum = 0;
  for (const logit of logits) {
    sum += Math.exp(logit - logits[at]);
  }
  return Number.isNaN(sum) ? 0 : 1 / sum;
}
