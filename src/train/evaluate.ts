import { wholeNumber } from "../core/checks.ts";
import type { ByteRows, FloatRows } from "../core/rows.ts";
import { type IntTensor, Tensor } from "../core/tensor.ts";
import type { Labels } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { BatchSpace } from "./batch-loader.ts";

/** Rows evaluated at once: enough to keep the matrix product busy, few enough to stay in cache. */
export const evaluationRows = 500;

/** A block of rows that went through the network; it is gone when the next one comes. */
export interface EvaluatedBlock {
  /** The number of its first row. */
  readonly from: number;
  readonly rows: number;
  /** [rows, outputs] */
  readonly outputs: Tensor;
  /** [1, rows]; of rows without labels as they were left */
  readonly labels: IntTensor;
  /** Each row's class [1, rows]: its largest output, the first that is NaN where there is one. */
  predicted(): IntTensor;
}

/** Runs a network over any number of rows in evaluation mode, block by block; what is made of them is the caller's. */
export class Evaluator {
  readonly network: Sequential;
  /** Rows of a block. */
  readonly rows: number;
  /** Room for a block's labels [1, rows]. */
  readonly labels: IntTensor;
  private readonly space: BatchSpace;
  private readonly classes: IntTensor;

  /** @param rows of a block; the network's `maxRows` bounds it  @throws HyperError on `width` */
  constructor(network: Sequential, width: number, rows: number = evaluationRows) {
    const { kernels, maxRows } = network;
    wholeNumber("evaluate", "width", width, { min: 1 });
    this.network = network;
    this.rows = Math.min(rows, evaluationRows, maxRows);
    this.classes = kernels.arena.ints(this.rows);
    this.space = new BatchSpace(kernels, this.rows, width);
    this.labels = this.space.at(this.rows).labels;
  }

  /**
   * Rows 0 … of `images`, at most `most` of them; each block is shown to `see`.
   * @returns the number of rows seen
   */
  over(
    { images, labels }: { readonly images: ByteRows | FloatRows; readonly labels?: Labels },
    see: (block: EvaluatedBlock) => void,
    most: number = Number.POSITIVE_INFINITY,
  ): number {
    const { network, classes } = this;
    const count = Math.min(most, images.count);
    for (let from = 0; from < count; from += this.rows) {
      const rows = Math.min(this.rows, count - from);
      const batch = this.space.at(rows);
      for (let i = 0; i < rows; i++) {
        batch.indices.data[i] = from + i;
      }
      this.space.gather(batch, images, labels);
      const outputs = network.forward(batch.x, "evaluate");
      see({
        from,
        rows,
        outputs,
        labels: batch.labels,
        predicted() {
          const found = new Tensor(1, rows, classes.data.subarray(0, rows));
          network.kernels.argmaxRows(found, outputs);
          return found;
        },
      });
    }
    return count;
  }
}
