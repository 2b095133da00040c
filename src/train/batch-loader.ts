import { wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { ByteRows, FloatRows } from "../core/rows.ts";
import { type IntTensor, Tensor } from "../core/tensor.ts";
import { checkOnce } from "../data/check-split.ts";
import type { AnySplit, Labels } from "../data/dataset.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Targets } from "../nn/loss.ts";

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

/** A batch, and the numbers of its rows [1, m]. */
export interface IndexedBatch extends Batch {
  readonly indices: IntTensor;
}

/** Memory for batches of at most `maxRows` rows, in the arena of their network; each batch replaces the one before. */
export class BatchSpace {
  private readonly kernels: Kernels;
  private readonly maxRows: number;
  private readonly full: IndexedBatch;
  private readonly views = new Map<number, IndexedBatch>();

  constructor(kernels: Kernels, maxRows: number, width: number) {
    const { arena } = kernels;
    this.kernels = kernels;
    this.maxRows = maxRows;
    this.full = { x: arena.floats(maxRows, width), labels: arena.ints(maxRows), indices: arena.ints(maxRows) };
  }

  /** The batch of so many rows. @throws HyperError */
  at(rows: number): IndexedBatch {
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

  /** Fills a batch with the rows that its `indices` name: bytes/255, or floats as they are. */
  gather({ x, labels, indices }: IndexedBatch, images: ByteRows | FloatRows, from?: Labels): void {
    if (areBytes(images)) {
      this.kernels.gatherRows(x, images, indices);
    } else {
      gatherFloats(x, images, indices);
    }
    if (from !== undefined) {
      for (let i = 0; i < indices.cols; i++) {
        labels.data[i] = from[indices.data[i]];
      }
    }
  }
}

/** Gathers rows of a data set into the arena of a network; each load replaces the one before. */
export class BatchLoader implements TrainingLoader {
  /** Rows of the split. */
  readonly rows: number;
  /** Rows of the largest batch. */
  readonly maxRows: number;
  readonly kernels: Kernels;
  private readonly split: AnySplit;
  private readonly space: BatchSpace;

  /** @throws DataError when the split cannot be learnt from, HyperError on `maxRows` */
  constructor(kernels: Kernels, split: AnySplit, maxRows: number, space?: BatchSpace) {
    wholeNumber("batches", "maxRows", maxRows, { min: 1 });
    checkOnce(split);
    this.rows = split.images.count;
    this.maxRows = maxRows;
    this.kernels = kernels;
    this.split = split;
    this.space = space ?? new BatchSpace(kernels, maxRows, split.images.width);
  }

  /** A loader of other rows, as wide as these, into the same memory: its batches replace those of this one. */
  over(split: AnySplit): BatchLoader {
    return new BatchLoader(this.kernels, split, this.maxRows, this.space);
  }

  /** The rows whose numbers `choose` writes into the array it is given. */
  load(rows: number, choose: (indices: Int32Array) => void): Batch {
    const batch = this.space.at(rows);
    choose(batch.indices.data);
    this.space.gather(batch, this.split.images, this.split.labels);
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
