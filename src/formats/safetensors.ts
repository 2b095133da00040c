import { type FileBytes, fileBytes } from "../core/file-bytes.ts";
import { isObject } from "../core/json-shape.ts";
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
import { strictJson } from "./strict-json.ts";

/** What a safetensors file holds: named arrays, and words about them. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, NumberArray>;
  /** `__metadata__`: any names, any text. */
  readonly metadata: ReadonlyMap<string, string>;
}

const storedTypes: Readonly<Record<string, StoredType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};
const codes = Object.fromEntries(Object.entries(storedTypes).map(([code, type]) => [type, code])) as Record<
  ElementType,
  string
>;

/** Bytes of a header, as the format's own reader bounds it. */
const longestHeader = 100_000_000;
/** Header → entry → shape. */
const headerDepth = 3;
const metadataName = "__metadata__";

/**
 * Writes a safetensors file: the header's length (8 bytes, little-endian), a header in JSON, the arrays' bytes. The same
 * content gives the same bytes. Arrays of wide elements come first, so that each begins where its elements may.
 * Format: Hugging Face, safetensors 0.3 and later.
 * @throws DataError for an array that is not what it says of itself, or one named `__metadata__`
 */
export function safetensorsBytes({
  tensors,
  metadata = new Map(),
}: Pick<Safetensors, "tensors"> & Partial<Safetensors>): Uint8Array {
  const name = "safetensors";
  for (const [tensor, array] of tensors) {
    checkArray(`${name}, ${quoted(tensor)}`, array);
    if (tensor === metadataName) {
      throw refusal(
        name,
        `an array must have a name of its own, got ${quoted(tensor)}. Rename it.`,
        `${quoted(tensor)} は配列の名前に使えません。別の名前にしてください。`,
      );
    }
  }
  const ordered = [...tensors].sort(([, a], [, b]) => storedBytes(b.dtype) - storedBytes(a.dtype));
  const header: [string, unknown][] = metadata.size > 0 ? [[metadataName, Object.fromEntries(metadata)]] : [];
  let end = 0;
  for (const [tensor, { dtype, shape, data }] of ordered) {
    header.push([tensor, { dtype: codes[dtype], shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(text, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) {
    bytes.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file, strictly: every byte belongs to exactly one array, every array is as long as its type and
 * shape say, no name stands twice. Nothing in it is executed, and no memory is taken for what the file does not hold.
 * float16 and bfloat16 become float32, exactly.
 * @param name of the file, for errors
 * @throws DataError
 */
export function readSafetensors(file: FileBytes, name: string): Safetensors {
  const bytes = fileBytes(file, name);
  const { header, begin } = headerOf(bytes, name);
  const content = bytes.subarray(begin);
  const metadata = new Map<string, string>();
  const places: Place[] = [];
  for (const [key, entry] of Object.entries(header)) {
    if (key === metadataName) {
      readMetadata(entry, name, metadata);
    } else {
      places.push(placeOf(key, entry, content.length, name));
    }
  }
  checkCovered(places, content.length, name);
  const tensors = new Map<string, NumberArray>();
  for (const { tensor, type, shape, from, to } of places) {
    tensors.set(tensor, { shape, ...numbersFrom(content.subarray(from, to), type) });
  }
  return { tensors, metadata };
}

/** Whether bytes may be a safetensors file: a header's length that fits, then a brace. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 10 && bytes[8] === 0x7b && bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0
  );
}

function headerOf(bytes: Uint8Array, name: string): { header: object; begin: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0 : Number(view.getBigUint64(0, true));
  if (length < 2 || length > longestHeader || bytes[8] !== 0x7b) {
    throw refusal(
      name,
      `must begin with a safetensors header, got ${bytes.length === 0 ? "an empty file" : "something else"}. Choose a .tanren or .safetensors file.`,
      `${bytes.length === 0 ? "ファイルが空です" : "safetensors 形式のヘッダーがありません"}。.tanren か .safetensors のファイルを選んでください。`,
    );
  }
  if (8 + length > bytes.length) {
    throw refusal(
      name,
      `must hold a header of ${length} bytes, got a file of ${bytes.length}. It is truncated: get it again.`,
      `ヘッダーは ${length} バイトのはずですが、ファイル全体で ${bytes.length} バイトしかありません。途中で切れているので、入手し直してください。`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  } catch {
    throw refusal(
      name,
      "the header must be UTF-8, got other bytes. It is damaged: get it again.",
      "ヘッダーが UTF-8 ではありません。破損しているので、入手し直してください。",
    );
  }
  return { header: strictJson(text, name, { depth: headerDepth }) as object, begin: 8 + length };
}

function readMetadata(entry: unknown, name: string, into: Map<string, string>): void {
  const pairs = isObject(entry) ? Object.entries(entry) : [];
  if (!isObject(entry) || pairs.some(([, value]) => typeof value !== "string")) {
    throw refusal(
      name,
      "__metadata__ must hold text by name, got something else. Have it written anew.",
      "__metadata__ には名前ごとの文字列が必要です。書き出し直してください。",
    );
  }
  for (const [key, value] of pairs) {
    into.set(key, value as string);
  }
}

interface Place {
  readonly tensor: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly from: number;
  readonly to: number;
}

function placeOf(tensor: string, entry: unknown, length: number, name: string): Place {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const type = typeof dtype === "string" && Object.hasOwn(storedTypes, dtype) ? storedTypes[dtype] : undefined;
  if (type === undefined) {
    throw refusal(
      name,
      `${quoted(tensor)} must be of a type among ${Object.keys(storedTypes).join(", ")}, got ${quoted(dtype)}. Convert it to F32.`,
      `${quoted(tensor)} の型 ${quoted(dtype)} は読めません。F32 に変換してください。`,
    );
  }
  const count = Array.isArray(shape) ? elementCount(shape) : Number.NaN;
  const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  const inside = Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= length;
  if (!inside || to - from !== count * storedBytes(type)) {
    throw refusal(
      name,
      `${quoted(tensor)} must be ${dtype} of shape ${quoted(shape)} within ${length} bytes of data, got the bytes ${quoted(offsets)}. It is truncated or damaged: get it again.`,
      `${quoted(tensor)}(${dtype}、形状 ${quoted(shape)})の位置 ${quoted(offsets)} が、データ ${length} バイトと合いません。途中で切れているか破損しています。入手し直してください。`,
    );
  }
  return { tensor, type, shape: shape as number[], from, to };
}

/** The arrays follow one another from the first byte to the last. */
function checkCovered(places: readonly Place[], length: number, name: string): void {
  let end = 0;
  for (const { tensor, from, to } of [...places].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) {
      throw refusal(
        name,
        `${quoted(tensor)} must begin at byte ${end} of the data, got ${from}: arrays may neither overlap nor leave holes. Have it written anew.`,
        `${quoted(tensor)} はデータの ${end} バイト目から始まるはずですが、${from} バイト目になっています。配列が重なっているか隙間があるので、書き出し直してください。`,
      );
    }
    end = to;
  }
  if (end !== length) {
    throw refusal(
      name,
      `must hold ${end} bytes of data, got ${length}. It is damaged: get it again.`,
      `データは ${end} バイトのはずですが、${length} バイトです。破損しているので、入手し直してください。`,
    );
  }
}
