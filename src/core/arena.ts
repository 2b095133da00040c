import { oneOf } from "./checks.ts";
import { HyperError, ShapeError } from "./errors.ts";
import { type Dtype, dtypes, type FloatArray, type IntTensor, nowhere, Tensor } from "./tensor.ts";

/** Cache lines, and the widest vector, are 64 bytes. */
const ALIGNMENT = 64;
const PAGE = 65536;

/** Largest arena: what WebAssembly's 32-bit addresses reach, on every backend alike. */
export const mostBytes = 2 ** 32;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

type Elements<A> = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, count: number): A;
};

/** A WebAssembly.Memory; its shape alone where TypeScript lacks that name, as in a program without the DOM's types. */
export type ArenaMemory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer Memory } } }
  ? Memory
  : { readonly buffer: ArrayBuffer; grow(pages: number): number };

/**
 * One planned block of memory that holds every tensor of a network. It never grows and nothing in it is freed, so
 * views stay valid until all of it is {@link release | released}, and training allocates nothing.
 *
 * The block is a WebAssembly.Memory: WASM kernels and compiled update rules import it, the native addon and plain loops
 * use the typed-array views.
 */
export class Arena {
  readonly dtype: Dtype;
  readonly memory: ArenaMemory;
  /** Nothing is kept here: tensors have their shapes and no elements, and only what they would take is added up. */
  readonly counts: boolean;
  private readonly start: number;
  private end: number;
  private next: number;

  /**
   * @param dtype element type of {@link floats}
   * @param bytes room for tensors, as a counting arena has {@link used} it; null for such an arena itself
   * @param reserved bytes kept free at the start, for the WASM kernels' own stack and constants
   * @throws HyperError where there is no such block, before anything is allocated, or on an unknown dtype
   */
  constructor(dtype: Dtype, bytes: number | null, reserved = 0) {
    oneOf("kernels", "dtype", dtype, dtypes);
    const pages = Math.ceil((align(reserved) + (bytes ?? 0)) / PAGE);
    this.dtype = dtype;
    this.counts = bytes === null;
    this.memory = memoryOf(pages);
    this.start = align(reserved);
    this.end = this.counts ? Number.POSITIVE_INFINITY : pages * PAGE;
    this.next = this.start;
  }

  /**
   * Gives its memory to the next arena of this size. Nothing that lies in this one may be used any more. Left to the garbage
   * collector, the memory of many short runs makes it look through everything else, again and again.
   */
  release(): void {
    if (this.end > this.start && this.memory.buffer.byteLength <= mostSpareBytes) {
      spare.unshift(this.memory);
      spare.length = Math.min(spare.length, mostSpare);
    }
    this.end = this.start;
  }

  /** An arena that only adds up what would be taken from it. */
  static counting(dtype: Dtype): Arena {
    return new Arena(dtype, null);
  }

  /** Bytes taken. */
  get used(): number {
    return this.next - this.start;
  }

  /** A zeroed matrix [rows, cols] of the arena's dtype. */
  floats(rows: number, cols: number): Tensor {
    const data = this.take<FloatArray>(this.dtype === "float32" ? Float32Array : Float64Array, rows * cols);
    return new Tensor(rows, cols, data);
  }

  /** A zeroed vector [1, count] of 32-bit integers. */
  ints(count: number): IntTensor {
    return new Tensor(1, count, this.take(Int32Array, count));
  }

  /** Zeroed numbers in float64, whatever the arena's dtype. */
  numbers(count: number): Float64Array {
    return this.take(Float64Array, count);
  }

  private take<A>(Type: Elements<A>, count: number): A {
    const offset = this.next;
    const bytes = count * Type.BYTES_PER_ELEMENT;
    if (offset + bytes > this.end) {
      const left = Math.max(0, this.end - offset);
      throw new ShapeError({
        en: `arena: there must be room for ${bytes} bytes more, got ${left} that are left. Make every tensor in the function that planned() is given.`,
        ja: `arena: あと ${bytes} バイト必要ですが、残りは ${left} バイトです。テンソルはすべて planned() に渡す関数の中で作ってください。`,
      });
    }
    this.next = offset + align(bytes);
    return this.counts ? new Type(nowhere, 0, 0) : new Type(this.memory.buffer, offset, count);
  }
}

/** Memory of arenas that are done with, in this thread: a few, and none that takes longer to clear than to get. */
const spare: WebAssembly.Memory[] = [];
const mostSpare = 4;
const mostSpareBytes = 2 ** 25;

/** Zeroed memory of an arena that is done with. */
function spareOf(pages: number): WebAssembly.Memory | undefined {
  const at = spare.findIndex(({ buffer }) => buffer.byteLength === pages * PAGE);
  if (at < 0) {
    return undefined;
  }
  const [memory] = spare.splice(at, 1);
  new Uint8Array(memory.buffer).fill(0);
  return memory;
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
    return spareOf(pages) ?? new WebAssembly.Memory({ initial: pages, maximum: pages });
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
