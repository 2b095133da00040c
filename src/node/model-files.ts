import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import { programLimits } from "../data/csv/read-options.ts";
import type { ColumnTypes, RowOf } from "../model/column-types.ts";
import { type AnyModel, type LoadOptions, modelFromBytes } from "../model/load.ts";
import { providePlatform } from "../model/platform.ts";
import { type ReadTableOptions, readTable, type Table, type TypedReadOptions } from "../model/table.ts";
import { whyUnreadable } from "./file-errors.ts";
import { fileName, pathOf } from "./file-path.ts";
import { selectKernels } from "./native-kernels.ts";
import { writeWhole } from "./whole-file.ts";

providePlatform({ kernels: (dtype) => selectKernels({ backend: "auto", dtype }), write: writeWhole });

/** Largest model file that is read. */
const mostModelBytes = 2 ** 32;

/** As {@link readCsv} without `columns`, with the types that these declare. @throws CsvError, DataError as there */
export async function readCsv<const C extends ColumnTypes, const T extends keyof C & string>(
  file: string | URL,
  options: TypedReadOptions<C, T>,
): Promise<Table<RowOf<C>, T>>;
/**
 * Reads a table of separated values from a file (a path or a `file:` URL): encoding, separator, header and columns' kinds are
 * found by evidence where not given, and said in `notes`.
 * @throws CsvError with the line of what is not right, DataError when the file cannot be read
 */
export async function readCsv(
  file: string | URL,
  options?: ReadTableOptions & { readonly columns?: undefined },
): Promise<Table>;
export async function readCsv(
  file: string | URL,
  options: ReadTableOptions & { readonly columns?: ColumnTypes } = {},
): Promise<Table> {
  const path = pathOf("readCsv", file);
  const { bytes: most } = options.limits ?? programLimits;
  const bytes = bytesOf(path, most, { en: "Give a CSV file", ja: "CSV ファイルを指定してください" });
  return readTable(bytes, fileName(path), options as ReadTableOptions, resolve(path));
}

/** A model that was saved, ready to be asked. @throws DataError on a file that holds no whole model */
export async function loadModel(file: string | URL, options: LoadOptions = {}): Promise<AnyModel> {
  const path = pathOf("loadModel", file);
  const advice = { en: "Give a file that model.save wrote", ja: "model.save が書いたファイルを指定してください" };
  return modelFromBytes(bytesOf(path, mostModelBytes, advice), { ...options, name: fileName(path) });
}

/** The descriptor of standard input, as a file to read. */
export const standardInput = 0;

/**
 * A file's bytes, or a pipe's to its end; of what is too large no more is taken into memory than may be.
 * @throws DataError
 */
export function bytesOf(
  file: string | typeof standardInput,
  most: number,
  advice: { readonly en: string; readonly ja: string },
): Uint8Array {
  const name = file === standardInput ? { en: "standard input", ja: "標準入力" } : { en: file, ja: file };
  let size: number;
  try {
    const stat = file === standardInput ? fstatSync(file) : statSync(file);
    if (stat.isDirectory()) {
      throw new DataError({
        en: `${name.en}: must be a file, got a folder. ${advice.en}.`,
        ja: `${name.ja}: フォルダーです。${advice.ja}。`,
      });
    }
    const bytes = stat.isFile() ? null : pipedBytes(file, most);
    size = bytes?.length ?? stat.size;
    if (size <= most) {
      return bytes ?? readFileSync(file);
    }
  } catch (error) {
    if (error instanceof DataError) {
      throw error;
    }
    const reason = whyUnreadable(error);
    throw new DataError(
      {
        en: `${name.en}: must be readable, got ${reason.en}. ${advice.en}.`,
        ja: `${name.ja}: 読めません(${reason.ja})。${advice.ja}。`,
      },
      { cause: error },
    );
  }
  throw new DataError({
    en: `${name.en}: may have at most ${Math.round(most / 1e6)} MB, got ${Math.ceil(size / 1e6)} MB. ${advice.en}.`,
    ja: `${name.ja}: ${Math.round(most / 1e6)} MB までです(${Math.ceil(size / 1e6)} MB あります)。${advice.ja}。`,
  });
}

/** What a pipe or a device gives, which has no size beforehand: to its end, or until it is more than `most`. */
function pipedBytes(from: string | typeof standardInput, most: number): Uint8Array {
  const file = from === standardInput ? from : openSync(from, "r");
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size <= most; ) {
      const part = Buffer.allocUnsafe(65_536);
      const count = readSync(file, part);
      if (count === 0) {
        break;
      }
      parts.push(part.subarray(0, count));
      size += count;
    }
    return Buffer.concat(parts);
  } finally {
    if (file !== from) {
      closeSync(file);
    }
  }
}
