import { ShapeError } from "./errors.ts";

export const dtypes = ["float32", "float64"] as const;
export type Dtype = (typeof dtypes)[number];
export type FloatArray = Float32Array | Float64Array;

export function bytesPerElement(dtype: Dtype): number {
  return dtype === "float32" ? 4 : 8;
}

/** The memory of tensors that are only counted ({@link Arena.counting}): it holds no element of any of them. */
export const nowhere = new ArrayBuffer(0);

/**
 * A matrix [rows, cols], row-major, over a typed array; a vector is [1, n].
 * It owns no memory: `data` is a view, usually into an {@link Arena}, and `offset` is where that view begins there.
 */
export class Tensor<A extends FloatArray | Int32Array | Uint8Array = FloatArray> {
  readonly rows: number;
  readonly cols: number;
  readonly data: A;
  /** Bytes from the start of the buffer; the address WASM kernels use. */
  readonly offset: number;
  /** The memory `data` lies in: `data.buffer`, kept because reading it from a typed array is slow. */
  readonly buffer: ArrayBufferLike;

  /** @throws ShapeError when `data` does not hold exactly rows × cols elements */
  constructor(rows: number, cols: number, data: A) {
    if (data.length !== rows * cols && data.buffer !== nowhere) {
      throw new ShapeError({
        en: `tensor: [${rows}, ${cols}] needs ${rows * cols} elements, got ${data.length}.`,
        ja: `tensor: [${rows}, ${cols}] には要素が ${rows * cols} 個必要です(${data.length} 個でした)。`,
      });
    }
    this.rows = rows;
    this.cols = cols;
    this.data = data;
    this.offset = data.byteOffset;
    this.buffer = data.buffer;
  }

  get shape(): readonly [rows: number, cols: number] {
    return [this.rows, this.cols];
  }

  /** A view of the first `rows` rows, sharing the memory. @throws ShapeError when there are fewer */
  firstRows(rows: number): Tensor<A> {
    if (rows > this.rows) {
      throw new ShapeError({
        en: `tensor: at most ${this.rows} rows, got ${rows}.`,
        ja: `tensor: 取り出せるのは ${this.rows} 行までです(${rows} 行が指定されました)。`,
      });
    }
    return new Tensor(rows, this.cols, this.data.subarray(0, rows * this.cols) as A);
  }
}

/** Tensors of indices, labels and class predictions. */
export type IntTensor = Tensor<Int32Array>;

export function shapeOf(t: { rows: number; cols: number }): string {
  return `[${t.rows}, ${t.cols}]`;
}
