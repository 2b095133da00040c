import type { Mistakes } from "../core/snapshot.ts";
import type { FloatArray } from "../core/tensor.ts";
import type { Split } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { type EvaluatedBlock, Evaluator } from "./evaluate.ts";
import { imageShape } from "./snapshot-images.ts";

/** Test rows classified, from the first: enough for a confusion matrix, few enough to go unnoticed. */
export const mistakeRows = 1000;
/** Images sent. */
const mostImages = 60;

interface Miss {
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
}

/** Finds the rows that a network takes for another class. */
export class MistakeFinder {
  private readonly evaluator: Evaluator;
  private readonly split: Split;
  private readonly classes: number;

  /** @param at `rows`: rows of a block, at most the network's `maxRows` */
  constructor(network: Sequential, { split, classes, rows }: { split: Split; classes: number; rows: number }) {
    this.evaluator = new Evaluator(network, split.images.width, rows);
    this.split = split;
    this.classes = classes;
  }

  /** Classifies in evaluation mode. As the accuracies do, it takes the first logit that is NaN for the largest. */
  find(): Mistakes {
    const { evaluator, split, classes } = this;
    const confusion = new Uint16Array(classes * classes);
    const misses: Miss[] = [];
    const see = ({ from, rows, outputs, labels, predicted }: EvaluatedBlock) => {
      const found = predicted();
      for (let i = 0; i < rows; i++) {
        const [label, taken] = [labels.data[i], found.data[i]];
        confusion[label * classes + taken]++;
        if (taken !== label) {
          const logits = outputs.data.subarray(i * classes, (i + 1) * classes);
          misses.push({ index: from + i, label, predicted: taken, confidence: softmaxAt(logits, taken) });
        }
      }
    };
    const rows = evaluator.over(split, see, mistakeRows);
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

/** The softmax at one place; 0 where it is not a number. */
function softmaxAt(logits: FloatArray, at: number): number {
  let sum = 0;
  for (const logit of logits) {
    sum += Math.exp(logit - logits[at]);
  }
  return Number.isNaN(sum) ? 0 : 1 / sum;
}
