import type { FloatRows } from "../core/rows.ts";
import { Tensor } from "../core/tensor.ts";
import { BatchTensor } from "../nn/layer.ts";
import type { Batch, BatchLoader, TrainingBatch, TrainingLoader } from "./batch-loader.ts";

/** What rows have beside a label: values to be met, weights of their losses. */
export interface RowTargets {
  /** [rows, outputs], in place of the labels. */
  readonly values?: FloatRows;
  /** [rows]; a row's loss is multiplied by its own. */
  readonly weights?: Float32Array;
}

/** Gathers values and weights with the rows that a {@link BatchLoader} gathers. */
export class TargetLoader implements TrainingLoader {
  readonly rows: number;
  readonly maxRows: number;
  private readonly loader: BatchLoader;
  private readonly targets: RowTargets;
  private readonly values: BatchTensor | null;
  private readonly weights: Tensor | null;
  private readonly views = new Map<number, Tensor>();

  constructor(loader: BatchLoader, targets: RowTargets) {
    const { arena } = loader.kernels;
    this.loader = loader;
    this.rows = loader.rows;
    this.maxRows = loader.maxRows;
    this.targets = targets;
    this.values =
      targets.values === undefined ? null : new BatchTensor(arena.floats(this.maxRows, targets.values.width));
    this.weights = targets.weights === undefined ? null : arena.floats(1, this.maxRows);
  }

  load(rows: number, choose: (indices: Int32Array) => void): TrainingBatch {
    let chosen: Int32Array = new Int32Array(0);
    const batch: Batch = this.loader.load(rows, (indices) => {
      choose(indices);
      chosen = indices;
    });
    return {
      x: batch.x,
      labels: this.values === null ? batch.labels : this.gathered(this.values.at(rows), chosen),
      weights: this.weights === null ? null : this.weighted(rows, chosen),
    };
  }

  private gathered(out: Tensor, chosen: Int32Array): Tensor {
    const { data, width } = this.targets.values!;
    for (let i = 0; i < chosen.length; i++) {
      for (let k = 0; k < width; k++) {
        out.data[i * width + k] = data[chosen[i] * width + k];
      }
    }
    return out;
  }

  private weighted(rows: number, chosen: Int32Array): Tensor {
    const view = this.views.get(rows) ?? new Tensor(1, rows, this.weights!.data.subarray(0, rows));
    this.views.set(rows, view);
    for (let i = 0; i < rows; i++) {
      view.data[i] = this.targets.weights![chosen[i]];
    }
    return view;
  }
}
