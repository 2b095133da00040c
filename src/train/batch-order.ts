import { DataError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";

/** Which rows make the next minibatch. */
export interface BatchOrder {
  /** Minibatches of an epoch. */
  readonly batches: number;
  /**
   * Of each of the next `count` minibatches, or of those that the epoch has left, how many times its rows they have together;
   * where rows belong to an epoch.
   */
  times?(count: number): number[];
  /** How many rows the next minibatch has. */
  next(): number;
  /** Writes their numbers, and moves on. */
  choose(indices: Int32Array): void;
}

export interface OrderOptions {
  /** Rows to choose from: 0 … rows − 1. */
  readonly rows: number;
  readonly batchSize: number;
  readonly stream: RandomStream;
}

/** Rows are drawn with replacement, as in the book: an epoch is as many minibatches as would hold every row. */
export function drawnBatches({ rows, batchSize, stream }: OrderOptions): BatchOrder {
  return {
    batches: Math.ceil(rows / batchSize),
    next: () => batchSize,
    choose: (indices) => stream.choice(rows, indices),
  };
}

/** Where a {@link ShuffledBatches} stands: the order of the epoch at hand, and how many of its rows have been seen. */
export interface ShuffleState {
  /** [rows] */
  readonly order: Int32Array;
  readonly seen: number;
}

/** Every epoch sees each row once, in a new random order; its last minibatch has the rows that are left. */
export class ShuffledBatches implements BatchOrder {
  readonly batches: number;
  private readonly options: OrderOptions;
  private order: Int32Array;
  private seen: number;

  /** @param state goes on from there */
  constructor(options: OrderOptions, state?: ShuffleState) {
    if (state !== undefined && !isOrder(state, options.rows)) {
      throw new DataError({
        en: `resume: the order of the epoch must hold each of the ${options.rows} rows once, got another. Take the file as it was saved.`,
        ja: `resume: エポック内の順序には ${options.rows} 行が1回ずつ必要です。保存したままのファイルを使ってください。`,
      });
    }
    this.options = options;
    this.batches = Math.ceil(options.rows / options.batchSize);
    this.order = state?.order.slice() ?? new Int32Array(0);
    this.seen = state?.seen ?? 0;
  }

  times(count: number): number[] {
    const { rows, batchSize } = this.options;
    const left = this.seen >= this.order.length ? rows : rows - this.seen;
    const all = Math.min(left, count * batchSize);
    return Array.from({ length: Math.ceil(all / batchSize) }, (_, k) => all / Math.min(batchSize, all - k * batchSize));
  }

  next(): number {
    if (this.seen >= this.order.length) {
      this.order = this.options.stream.permutation(this.options.rows);
      this.seen = 0;
    }
    return Math.min(this.options.batchSize, this.order.length - this.seen);
  }

  choose(indices: Int32Array): void {
    indices.set(this.order.subarray(this.seen, this.seen + indices.length));
    this.seen += indices.length;
  }

  /** This place, to go on from. */
  saved(): ShuffleState {
    return { order: this.order.slice(), seen: this.seen };
  }
}

function isOrder({ order, seen }: ShuffleState, rows: number): boolean {
  const there = new Uint8Array(rows);
  for (const row of order) {
    if (there[row] !== 0) {
      return false;
    }
    there[row] = 1;
  }
  return (order.length === rows || order.length === 0) && Number.isInteger(seen) && seen >= 0 && seen <= order.length;
}
