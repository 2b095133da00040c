import { describeValue } from "../core/foreign-value.ts";
import { refusal } from "./refusal.ts";

/** Element types of the arrays that files hold, as NumPy calls them, with the typed array each is kept in. */
export const elementTypes = {
  float64: Float64Array,
  float32: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;
export type ElementType = keyof typeof elementTypes;

export type ElementData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** An array of any number of dimensions as files hold it, row-major (the last index runs fastest). */
export interface NumberArray {
  readonly dtype: ElementType;
  /** Lengths of the dimensions, slowest first; none of a single number. */
  readonly shape: readonly number[];
  readonly data: ElementData;
}

/** Element types of files: ours, and two that have no typed array and become float32 when they are read, exactly. */
export type StoredType = ElementType | "float16" | "bfloat16";

/** Bytes of one element in a file. */
export function storedBytes(type: StoredType): number {
  return type === "float16" || type === "bfloat16" ? 2 : elementTypes[type].BYTES_PER_ELEMENT;
}

/** How many elements a shape has; NaN where a length is no whole number of 0 or more, or there are more than 2⁵³. */
export function elementCount(shape: readonly unknown[]): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || (length as number) < 0) {
      return Number.NaN;
    }
    count *= length as number;
  }
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

/**
 * Makes sure that an array is what it says of itself, before it is written.
 * @param name of the array and its file, for the error
 * @throws DataError on another type of data, or another number of elements
 */
export function checkArray(name: string, { dtype, shape, data }: NumberArray): void {
  const kind = Object.hasOwn(elementTypes, dtype) ? elementTypes[dtype] : undefined;
  if (kind === undefined || !(data instanceof kind)) {
    const got = `${describeValue(dtype)}, ${describeValue(data)}`;
    throw refusal(
      name,
      `must say its type (${Object.keys(elementTypes).join(", ")}) and have its data in a typed array of it, got ${got}. Correct it.`,
      `dtype(${Object.keys(elementTypes).join("、")})と、その型の data(TypedArray)が必要です(${got} でした)。`,
    );
  }
  if (elementCount(shape) !== data.length) {
    throw refusal(
      name,
      `must have as many numbers as its shape [${shape}] says, got ${data.length}. Correct it.`,
      `形状 [${shape}] と要素数 ${data.length} が合いません。`,
    );
  }
}

/** Little-endian bytes of a file as numbers of their own memory. @param bytes as many as elements of `type` need */
export function numbersFrom(bytes: Uint8Array, type: StoredType): Pick<NumberArray, "dtype" | "data"> {
  // A copy begins at 0 of its buffer, where every element type may begin; Node's `Buffer.slice` would be none.
  const own = new Uint8Array(bytes);
  if (type === "float16" || type === "bfloat16") {
    return { dtype: "float32", data: Float32Array.from(new Uint16Array(own.buffer), halfToNumber[type]) };
  }
  return { dtype: type, data: new elementTypes[type](own.buffer) };
}

/** The bytes of an array as files hold them: a view of its memory, little-endian as every machine that runs JavaScript. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Values as floating point: as they are, or whole numbers turned into float64. */
function floatsOf({ data }: Pick<NumberArray, "data">): Float64Array | Float32Array {
  return data instanceof Float64Array || data instanceof Float32Array ? data : Float64Array.from(data as never, Number);
}

/** The same numbers in a floating-point type. */
export function inType(array: NumberArray, dtype: "float32" | "float64"): NumberArray {
  const floats = floatsOf(array);
  return {
    dtype,
    shape: array.shape,
    data: dtype === "float32" ? Float32Array.from(floats) : Float64Array.from(floats),
  };
}

const word = new DataView(new ArrayBuffer(4));

/** What 16 bits say as a number, exactly. float16 is IEEE 754's binary16; bfloat16 the upper half of a float32. */
export const halfToNumber = {
  float16(bits: number): number {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) {
      return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    }
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  },
  bfloat16(bits: number): number {
    word.setUint16(0, bits);
    word.setUint16(2, 0);
    return word.getFloat32(0);
  },
} as const;
