import { align } from "../core/arena.ts";
import { bytesPerElement, type Dtype, type IntTensor, Tensor } from "../core/tensor.ts";
import type { Split } from "../data/dataset.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** Rows of a data set as the network takes them. */
export interface Batch {
  /** [m, width], bytes/255 */
  readonly x: Tensor;
  /** [1, m] */
  readonly labels: IntTensor;
}

export interface BatchRoom extends Batch {
  /** [1, m] */
  readonly indices: IntTensor;
}

/** Bytes a loader of at most `maxRows` rows takes in the arena. */
export function batchLoaderBytes(maxRows: number, width: number, dtype: Dtype): number {
  return align(maxRows * width * bytesPerElement(dtype)) + 2 * align(maxRows * 4);
}

/** Gathers rows of a data set into the arena of a network; each load replaces the one before. */
export class BatchLoader {
  private readonly kernels: Kernels;
  private readonly split: Split;
  private readonly full: BatchRoom;
  private readonly views = new Map<number, BatchRoom>();

  /** @param room where the rows go; its own when absent. Loaders that are never used at the same time may share one. */
  constructor(kernels: Kernels, split: Split, maxRows: number, room?: BatchRoom) {
    this.kernels = kernels;
    this.split = split;
    this.full = room ?? BatchLoader.room(kernels, maxRows, split.images.width);
  }

  /** Memory for batches of at most `maxRows` rows. */
  static room({ arena }: Kernels, maxRows: number, width: number): BatchRoom {
    return { x: arena.floats(maxRows, width), labels: arena.ints(maxRows), indices: arena.ints(maxRows) };
  }

  /** The rows whose numbers `choose` writes into the array it is given. */
  load(rows: number, choose: (indices: Int32Array) => void): Batch {
    const batch = this.at(rows);
    const chosen = batch.indices.data;
    choose(chosen);
    this.kernels.gatherRows(batch.x, this.split.images, batch.indices);
    for (let i = 0; i < rows; i++) {
      batch.labels.data[i] = this.split.labels[chosen[i]];
    }
    return batch;
  }

  /** Rows from, from + 1, … */
  loadRange(from: number, rows: number): Batch {
    return this.load(rows, (indices) => {
      for (let i = 0; i < rows; i++) {
        indices[i] = from + i;
      }
    });
  }

  private at(rows: number): BatchRoom {
    let view = this.views.get(rows);
    if (view === undefined) {
      const { x, labels, indices } = this.full;
      view = {
        x: x.firstRows(rows),
        labels: new Tensor(1, rows, labels.data.subarray(0, rows)),
        indices: new Tensor(1, rows, indices.data.subarray(0, rows)),
      };
      this.views.set(rows, view);
    }
    return view;
  }
}
