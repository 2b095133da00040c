import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import { programLimits } from "../data/csv/read-options.ts";
import type { ColumnTypes, RowOf } from "../model/column-types.ts";
import { type AnyModel, type LoadOptions, modelFromBytes } from "../model/load.ts";
import { providePlatform } from "../model/platform.ts";
import { type ReadTableOptions, readTable, type Table, type TypedReadOptions } from "../model/table.ts";
import { whyUnreadable } from "./file-errors.ts";
import { selectKernels } from "./kernels.ts";
import { writeWhole } from "./whole-file.ts";

providePlatform({ kernels: (dtype) => selectKernels({ backend: "auto", dtype }), write: writeWhole });

/** Largest model file that is read. */
const mostModelBytes = 2 ** 32;

/** As {@link readCsv} without `columns`, with the types that these declare. @throws CsvError, DataError as there */
export async function readCsv<const C extends ColumnTypes, const T extends keyof C & string>(
  path: string,
  options: TypedReadOptions<C, T>,
): Promise<Table<RowOf<C>, T>>;
/**
 * Reads a table of separated values from a file: encoding, separator, header and columns' kinds are found by evidence where
 * not given, and said in `notes`.
 * @throws CsvError with the line of what is not right, DataError when the file cannot be read
 */
export async function readCsv(
  path: string,
  options?: ReadTableOptions & { readonly columns?: undefined },
): Promise<Table>;
export async function readCsv(
  path: string,
  options: ReadTableOptions & { readonly columns?: ColumnTypes } = {},
): Promise<Table> {
  const { bytes: most } = options.limits ?? programLimits;
  const bytes = bytesOf(path, most, { en: "Give a CSV file", ja: "CSV ファイルを指定してください" });
  return readTable(bytes, basename(path), options as ReadTableOptions, resolve(path));
}

/** A model that was saved, ready to be asked. @throws DataError on a file that holds no whole model */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<AnyModel> {
  const advice = { en: "Give a file that model.save wrote", ja: "model.save が書いたファイルを指定してください" };
  return modelFromBytes(bytesOf(path, mostModelBytes, advice), { ...options, name: basename(path) });
}

/** A file's bytes; of one that is too large, its size is refused before it is taken into memory. @throws DataError */
export function bytesOf(path: string, most: number, advice: { readonly en: string; readonly ja: string }): Uint8Array {
  let size: number;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) {
      throw new DataError({
        en: `${path}: must be a file, got ${stat.isDirectory() ? "a folder" : "something else"}. ${advice.en}.`,
        ja: `${path}: ${stat.isDirectory() ? "フォルダーです" : "ファイルではありません"}。${advice.ja}。`,
      });
    }
    size = stat.size;
    if (size <= most) {
      return readFileSync(path);
    }
  } catch (error) {
    if (error instanceof DataError) {
      throw error;
    }
    const reason = whyUnreadable(error);
    throw new DataError(
      {
        en: `${path}: must be readable, got ${reason.en}. ${advice.en}.`,
        ja: `${path}: 読めません(${reason.ja})。${advice.ja}。`,
      },
      { cause: error },
    );
  }
  throw new DataError({
    en: `${path}: may have at most ${Math.round(most / 1e6)} MB, got ${Math.ceil(size / 1e6)} MB. ${advice.en}.`,
    ja: `${path}: ${Math.round(most / 1e6)} MB までです(${Math.ceil(size / 1e6)} MB あります)。${advice.ja}。`,
  });
}
