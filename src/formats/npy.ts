import { type FileBytes, fileBytes, joined } from "../core/file-bytes.ts";
import { quoted } from "../core/text.ts";
import {
  bytesOf,
  checkArray,
  type ElementType,
  elementCount,
  type NumberArray,
  numbersFrom,
  type StoredType,
  storedBytes,
} from "./number-array.ts";
import { refusal } from "./refusal.ts";

/** NumPy's letters and widths of element types. */
const storedTypes: Readonly<Record<string, StoredType>> = {
  f8: "float64",
  f4: "float32",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u8: "uint64",
  u4: "uint32",
  u2: "uint16",
  u1: "uint8",
  b1: "bool",
};
const codes = Object.fromEntries(Object.entries(storedTypes).map(([code, type]) => [type, code])) as Record<
  ElementType,
  string
>;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Characters of a header, as NumPy itself bounds those it reads unasked. */
const longestHeader = 10_000;
/** As in NumPy 2. */
const mostDimensions = 64;

/**
 * Writes an array as NumPy's `np.save` does: version 1.0, row-major, little-endian, the data on a multiple of 64 bytes.
 * Format: NumPy Enhancement Proposal 1.
 * @param name of the array, for errors
 * @throws DataError for an array that is not what it says of itself
 */
export function npyBytes(array: NumberArray, name = "npy"): Uint8Array {
  checkArray(name, array);
  const { dtype, shape, data } = array;
  const order = storedBytes(dtype) === 1 ? "|" : "<";
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${order}${codes[dtype]}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const text = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const head = Uint8Array.of(...magic, 1, 0, text.length & 255, text.length >>> 8);
  return joined([head, new TextEncoder().encode(text), bytesOf(data)]);
}

/**
 * Reads an array that NumPy wrote: versions 1 to 3, either order of dimensions and bytes. Only numbers and booleans: an
 * array of objects is a pickle, which would have to be executed. float16 becomes float32, exactly.
 * @param name of the file, for errors
 * @throws DataError
 */
export function readNpy(file: FileBytes, name: string): NumberArray {
  const bytes = fileBytes(file, name);
  const { text, begin } = headerOf(bytes, name);
  const { type, bigEndian, fortranOrder, shape } = headerFields(text, name);
  const content = bytes.subarray(begin);
  const size = storedBytes(type);
  if (elementCount(shape) * size !== content.length) {
    throw refusal(
      name,
      `must hold ${elementCount(shape) * size} bytes of data for ${type} of shape (${shape.join(", ")}), got ${content.length}. It is truncated or damaged: get it again.`,
      `${type}、形状 (${shape.join(", ")}) のデータは ${elementCount(shape) * size} バイトのはずですが、${content.length} バイトです。途中で切れているか破損しています。入手し直してください。`,
    );
  }
  const { dtype, data } = numbersFrom(bigEndian ? swapped(content, size) : content, type);
  if (fortranOrder && shape.length > 1) {
    const turned = data.slice();
    copyRowMajor(asBits(data), asBits(turned), shape);
    return { dtype, shape, data: turned };
  }
  return { dtype, shape, data };
}

/** The header's text, and where the data begin. */
function headerOf(bytes: Uint8Array, name: string): { text: string; begin: number } {
  const version = bytes[6];
  if (magic.some((byte, i) => bytes[i] !== byte) || !(version >= 1 && version <= 3) || bytes[7] !== 0) {
    throw refusal(
      name,
      `must begin as a NumPy array of version 1 to 3 does, got ${bytes.length === 0 ? "an empty file" : "something else"}. Save it with numpy.save.`,
      `${bytes.length === 0 ? "ファイルが空です" : "NumPy 配列(バージョン 1〜3)の先頭がありません"}。numpy.save で保存してください。`,
    );
  }
  const begin = version === 1 ? 10 : 12;
  const length = bytes[8] + 2 ** 8 * bytes[9] + (version === 1 ? 0 : 2 ** 16 * bytes[10] + 2 ** 24 * bytes[11]);
  if (!(length <= longestHeader) || begin + length > bytes.length) {
    throw refusal(
      name,
      `must hold a header of at most ${longestHeader} bytes, got one of ${length} in ${bytes.length} bytes. It is truncated or damaged: get it again.`,
      `ヘッダーは ${longestHeader} バイト以内ですが、${length} バイトとなっています(全体で ${bytes.length} バイト)。途中で切れているか破損しています。入手し直してください。`,
    );
  }
  // Version 3 is UTF-8, the others Latin-1; names of fields, where they differ, we do not read.
  return { text: new TextDecoder().decode(bytes.subarray(begin, begin + length)), begin: begin + length };
}

/** The three fields of the dictionary, in any order; Python 2 wrote lengths as `3L`. */
function headerFields(text: string, name: string) {
  const fields = new Map<string, string>();
  const inner = /^\{(.*)\}[ \n]*$/s.exec(text)?.[1] ?? "";
  const field = /\s*'(\w{1,20})'\s*:\s*('[^'\\]{0,20}'|True|False|\([\dL, ]*\))\s*(?:,|$)/y;
  for (let found = field.exec(inner); found !== null; found = field.exec(inner)) {
    if (fields.has(found[1])) {
      fields.clear();
      break;
    }
    fields.set(found[1], found[2]);
  }
  const descr = /^'([<>|=])?([a-z]\d)'$/.exec(fields.get("descr") ?? "");
  const type = descr !== null && Object.hasOwn(storedTypes, descr[2]) ? storedTypes[descr[2]] : undefined;
  const order = fields.get("fortran_order");
  const listed = /^\(\s*((?:\d{1,16}L?\s*,\s*)*)(\d{1,16}L?\s*)?\)$/.exec(fields.get("shape") ?? "");
  if (type === undefined || (order !== "True" && order !== "False") || listed === null || fields.size !== 3) {
    throw refusal(
      name,
      `must be an array of numbers or booleans, got the header ${quoted(text.trim())}. Save it as float32 or float64.`,
      `数値か真偽値の配列でなければなりません(ヘッダー: ${quoted(text.trim())})。float32 か float64 で保存してください。`,
    );
  }
  const shape = [...`${listed[1]}${listed[2] ?? ""}`.matchAll(/\d+/g)].map(Number);
  if (shape.length > mostDimensions || Number.isNaN(elementCount(shape))) {
    throw refusal(
      name,
      `must have at most ${mostDimensions} dimensions and 2⁵³ numbers, got the shape ${quoted(shape.join(", "))}. It is damaged: get it again.`,
      `次元は ${mostDimensions} まで、要素は 2⁵³ 個までですが、形状が ${quoted(shape.join(", "))} です。破損しているので、入手し直してください。`,
    );
  }
  return { type, bigEndian: descr?.[1] === ">", fortranOrder: order === "True", shape };
}

/** Each element's bytes the other way round. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes);
  for (let at = 0; at < out.length; at += size) {
    out.subarray(at, at + size).reverse();
  }
  return out;
}

/** Floats as whole numbers of the same bits: copied one by one, a NaN may become another NaN. */
function asBits(data: NumberArray["data"]): NumberArray["data"] {
  if (data instanceof Float32Array) {
    return new Uint32Array(data.buffer);
  }
  return data instanceof Float64Array ? new BigUint64Array(data.buffer) : data;
}

/** Column-major `from` (the first index runs fastest) to row-major `to`. */
function copyRowMajor(from: NumberArray["data"], to: NumberArray["data"], shape: readonly number[]): void {
  const steps: number[] = [];
  shape.reduce((step, length, axis) => {
    steps[axis] = step;
    return step * length;
  }, 1);
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < to.length; i++) {
    to[i] = from[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      index[axis]++;
      if (index[axis] < shape[axis]) {
        break;
      }
      source -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
