import { HyperError, ShapeError } from "./errors.ts";
import { bytesPerElement, type Dtype, type FloatArray, type IntTensor, Tensor } from "./tensor.ts";

/** Cache lines, and the widest vector, are 64 bytes. */
const ALIGNMENT = 64;
const PAGE = 65536;

/** Largest arena: what WebAssembly's 32-bit addresses reach, on every backend alike. */
export const mostBytes = 2 ** 32;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Bytes one tensor of `count` elements takes in an arena. */
export function tensorBytes(count: number, bytesEach: number): number {
  return align(count * bytesEach);
}

/**
 * One planned block of memory that holds every tensor of a network. It never grows and nothing in it is freed, so
 * views stay valid for the arena's life and training allocates nothing.
 *
 * The block is a WebAssembly.Memory: WASM kernels and compiled update rules import it, the native addon and plain loops
 * use the typed-array views.
 */
export class Arena {
  readonly dtype: Dtype;
  readonly memory: WebAssembly.Memory;
  private next: number;
  private readonly end: number;

  /**
   * @param dtype element type of {@link floats}
   * @param bytes capacity for tensors (sum of {@link tensorBytes})
   * @param reserved bytes kept free at the start, for the WASM kernels' own stack and constants
   */
  constructor(dtype: Dtype, bytes: number, reserved = 0) {
    const start = align(reserved);
    const pages = Math.ceil((start + bytes) / PAGE);
    this.dtype = dtype;
    this.memory = memoryOf(pages);
    this.next = start;
    this.end = pages * PAGE;
  }

  /** Bytes still free. */
  get free(): number {
    return this.end - this.next;
  }

  /** A zeroed matrix [rows, cols] of the arena's dtype. */
  floats(rows: number, cols: number): Tensor {
    const count = rows * cols;
    const offset = this.take(count * bytesPerElement(this.dtype));
    const buffer = this.memory.buffer;
    const data: FloatArray =
      this.dtype === "float32" ? new Float32Array(buffer, offset, count) : new Float64Array(buffer, offset, count);
    return new Tensor(rows, cols, data);
  }

  /** A zeroed vector [1, count] of 32-bit integers. */
  ints(count: number): IntTensor {
    return new Tensor(1, count, new Int32Array(this.memory.buffer, this.take(count * 4), count));
  }

  /** A zeroed vector [1, count] of bytes. */
  bytes(count: number): Tensor<Uint8Array> {
    return new Tensor(1, count, new Uint8Array(this.memory.buffer, this.take(count), count));
  }

  private take(bytes: number): number {
    const offset = this.next;
    if (offset + bytes > this.end) {
      throw new ShapeError({
        en: `arena: ${bytes} bytes needed, got ${this.free} left. Plan a larger arena.`,
        ja: `arena: ${bytes} バイト必要ですが、残りは ${this.free} バイトです。アリーナを大きくしてください。`,
      });
    }
    this.next = offset + align(bytes);
    return offset;
  }
}

/** @throws HyperError when there is no such block */
function memoryOf(pages: number): WebAssembly.Memory {
  const gib = ((pages * PAGE) / 2 ** 30).toFixed(1);
  if (pages * PAGE > mostBytes) {
    throw new HyperError({
      en: `memory: a network may take at most 4 GiB, got one of ${gib} GiB. Make its layers or its batch smaller.`,
      ja: `memory: 1つのネットワークが使えるメモリは 4 GiB までです(${gib} GiB 必要です)。層かバッチを小さくしてください。`,
    });
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new HyperError(
      {
        en: `memory: a network of ${gib} GiB must fit into what is free, got "${(error as Error).message}". Make its layers or its batch smaller.`,
        ja: `memory: ${gib} GiB のネットワークのメモリを確保できませんでした("${(error as Error).message}")。層かバッチを小さくしてください。`,
      },
      { cause: error },
    );
  }
}
