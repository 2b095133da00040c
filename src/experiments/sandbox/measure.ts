import { align } from "../../core/arena.ts";
import { type Dtype, type IntTensor, Tensor } from "../../core/tensor.ts";
import type { AnySplit } from "../../data/dataset.ts";
import type { Sequential } from "../../nn/sequential.ts";
import { evaluationRows } from "../../train/accuracy.ts";
import { BatchLoader, batchLoaderBytes } from "../../train/batch-loader.ts";

/** What a network does with rows it is not learning from at that moment. */
export interface Measurement {
  /** Share of the rows classified rightly. */
  readonly accuracy: number;
  /** Mean loss, the L2 term included. */
  readonly loss: number;
  /** [classes · classes], rows counted at label · classes + predicted; empty where nobody could look through so many */
  readonly counts: Uint32Array;
}

/** Classes whose confusion fits a table that people read. */
const mostConfused = 100;

/** Bytes a {@link Measurer} takes in the arena of its network. */
export function measurerBytes(width: number, dtype: Dtype): number {
  return batchLoaderBytes(evaluationRows, width, dtype) + align(evaluationRows * 4);
}

/** Measures loss, accuracy and confusion in evaluation mode. */
export class Measurer {
  private readonly network: Sequential;
  private readonly loaders: ReadonlyMap<AnySplit, BatchLoader>;
  private readonly predicted: IntTensor;
  private readonly rows: number;

  constructor(network: Sequential, splits: readonly AnySplit[], width: number) {
    const { kernels, maxRows } = network;
    this.network = network;
    this.rows = Math.min(evaluationRows, maxRows);
    const room = BatchLoader.room(kernels, this.rows, width);
    this.loaders = new Map(splits.map((split) => [split, new BatchLoader(kernels, split, this.rows, room)]));
    this.predicted = kernels.arena.ints(this.rows);
  }

  /** @param most rows looked at, from the first */
  of(split: AnySplit, most = Number.POSITIVE_INFINITY): Measurement {
    const { network, predicted } = this;
    const { classes, kernels } = network;
    const loader = this.loaders.get(split)!;
    const count = Math.min(most, split.images.count);
    const counts = new Uint32Array(classes > mostConfused ? 0 : classes * classes);
    let loss = 0;
    let right = 0;
    for (let from = 0; from < count; from += this.rows) {
      const rows = Math.min(this.rows, count - from);
      const { x, labels } = loader.loadRange(from, rows);
      loss += rows * network.lossOf(x, labels, "evaluate");
      const found = new Tensor(1, rows, predicted.data.subarray(0, rows));
      kernels.argmaxRows(found, network.layers[network.layers.length - 1].output!);
      for (let i = 0; i < rows; i++) {
        counts[labels.data[i] * classes + found.data[i]]++;
        right += labels.data[i] === found.data[i] ? 1 : 0;
      }
    }
    return { accuracy: right / count, loss: loss / count, counts };
  }
}
