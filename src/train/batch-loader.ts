import { align } from "../core/arena.ts";
import type { ByteRows } from "../core/byte-rows.ts";
import { wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { FloatRows } from "../core/float-rows.ts";
import { bytesPerElement, type Dtype, type IntTensor, Tensor } from "../core/tensor.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Targets } from "../nn/loss.ts";
import { checkOnce } from "./check-once.ts";

/** Rows of a data set as the network takes them. */
export interface Batch {
  /** [m, width], bytes/255, or floats as they are */
  readonly x: Tensor;
  /** [1, m] */
  readonly labels: IntTensor;
}

/** What a step learns from. */
export interface TrainingBatch {
  /** [m, width] */
  readonly x: Tensor;
  /** Classes [1, m], or values [m, outputs]. */
  readonly labels: Targets;
  /** [1, m]; all count alike when absent or null. */
  readonly weights?: Tensor | null;
}

/** Where training gets its minibatches from. */
export interface TrainingLoader {
  /** Rows there are. */
  readonly rows: number;
  /** Rows of the largest batch. */
  readonly maxRows: number;
  /** The rows whose numbers `choose` writes into the array it is given. */
  load(rows: number, choose: (indices: Int32Array) => void): TrainingBatch;
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
export class BatchLoader implements TrainingLoader {
  /** Rows of the split. */
  readonly rows: number;
  /** Rows of the largest batch. */
  readonly maxRows: number;
  readonly kernels: Kernels;
  private readonly split: AnySplit;
  private readonly full: BatchRoom;
  private readonly views = new Map<number, BatchRoom>();

  /**
   * @param room where the rows go; its own when absent. Loaders that are never used at the same time may share one.
   * @throws DataError when the split cannot be learnt from, HyperError on `maxRows`
   */
  constructor(kernels: Kernels, split: AnySplit, maxRows: number, room?: BatchRoom) {
    wholeNumber("batches", "maxRows", maxRows, { min: 1 });
    checkOnce(split);
    this.rows = split.images.count;
    this.maxRows = maxRows;
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
    const { images } = this.split;
    if (areBytes(images)) {
      this.kernels.gatherRows(batch.x, images, batch.indices);
    } else {
      gatherFloats(batch.x, images, batch.indices);
    }
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
      wholeNumber("batches", "rows", rows, { min: 1, max: this.maxRows });
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

function areBytes(rows: ByteRows | FloatRows): rows is ByteRows {
  return rows.data instanceof Uint8Array;
}

/** out[i, :] = source row indices[i]. */
function gatherFloats(out: Tensor, { data, count, width }: FloatRows, indices: IntTensor): void {
  for (let i = 0; i < indices.cols; i++) {
    const row = indices.data[i];
    if (row < 0 || row >= count) {
      throw new ShapeError({
        en: `gatherRows: indices must be in [0, ${count}), got ${row} at ${i}.`,
        ja: `gatherRows: 番号は [0, ${count}) の整数でなければなりません(${i} 番目が ${row} でした)。`,
      });
    }
    const from = row * width;
    for (let j = 0; j < width; j++) {
      out.data[i * width + j] = data[from + j];
    }
  }
}
