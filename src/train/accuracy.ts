import { align } from "../core/arena.ts";
import { wholeNumber } from "../core/checks.ts";
import { type Dtype, type IntTensor, Tensor } from "../core/tensor.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { BatchLoader, batchLoaderBytes } from "./batch-loader.ts";
import { checkOnce } from "./check-once.ts";

/** Rows evaluated at once: enough to keep the matrix product busy, few enough to stay in cache. */
export const evaluationRows = 500;

/** Bytes an {@link AccuracyMeter} takes in the arena of its network. */
export function accuracyMeterBytes(width: number, dtype: Dtype): number {
  return batchLoaderBytes(evaluationRows, width, dtype) + align(evaluationRows * 4);
}

/** Measures the share of rows whose largest logit is that of their label; the network's `maxRows` bounds a block. */
export class AccuracyMeter {
  private readonly network: Sequential;
  private readonly loader: (split: AnySplit) => BatchLoader;
  private readonly predicted: IntTensor;
  private readonly rows: number;

  constructor(network: Sequential, width: number) {
    const { kernels, maxRows } = network;
    wholeNumber("accuracy", "width", width, { min: 1 });
    this.network = network;
    this.rows = Math.min(evaluationRows, maxRows);
    this.predicted = kernels.arena.ints(this.rows);
    const room = BatchLoader.room(kernels, this.rows, width);
    const loaders = new Map<AnySplit, BatchLoader>();
    this.loader = (split) => {
      checkOnce(split, network.classes);
      const known = loaders.get(split) ?? new BatchLoader(kernels, split, this.rows, room);
      loaders.set(split, known);
      return known;
    };
  }

  /**
   * In evaluation mode, over all rows of the split: a fraction in [0, 1].
   * @throws DataError when the split is empty or its labels are no classes of the network
   */
  of(split: AnySplit): number {
    const { network, predicted } = this;
    const loader = this.loader(split);
    const { count } = split.images;
    let right = 0;
    for (let from = 0; from < count; from += this.rows) {
      const rows = Math.min(this.rows, count - from);
      const { x, labels } = loader.loadRange(from, rows);
      const classes = rows === this.rows ? predicted : new Tensor(1, rows, predicted.data.subarray(0, rows));
      network.kernels.argmaxRows(classes, network.forward(x, "evaluate"));
      for (let i = 0; i < rows; i++) {
        right += classes.data[i] === labels.data[i] ? 1 : 0;
      }
    }
    return right / count;
  }
}
