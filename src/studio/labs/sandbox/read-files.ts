import { DataError } from "../../../core/errors.ts";
import { CsvError, shortened } from "../../../data/csv/csv-error.ts";
import type { CsvTable } from "../../../data/csv/csv-reader.ts";
import { openCsv } from "../../../data/csv/read-csv.ts";
import { csvLimits, type TextOptions } from "../../../data/csv/read-options.ts";
import { mostClasses } from "../../../data/csv/target.ts";
import { splitFromIdx } from "../../../data/dataset.ts";
import { type IdxArray, IdxReader } from "../../../data/idx.ts";
import type { OwnData } from "../../../experiments/sandbox/prepare.ts";

/** Characters read before the page gets its turn. */
const slice = 60_000;
/** Largest array that a page takes in: MNIST's training images are 47 MB. */
const idxBytes = 200_000_000;

const pause = () => new Promise((resolve) => setTimeout(resolve));

/** Reads a table, some characters at a time so that the page stays free. @throws CsvError */
export async function readCsv(file: File, options: TextOptions): Promise<CsvTable> {
  const limits = csvLimits;
  // A file that is too large is not taken into memory, but refused by its size.
  const bytes = file.size > limits.bytes ? { length: file.size } : new Uint8Array(await file.arrayBuffer());
  const { reader, text } = openCsv(bytes as Uint8Array, file.name, { ...options, limits });
  for (let from = 0; from < text.length; from += slice) {
    reader.push(text.slice(from, from + slice));
    await pause();
  }
  return reader.end();
}

/** Reads images and labels of one set from two IDX files, packed or not, in any order. @throws DataError */
export async function readIdx(files: readonly File[]): Promise<OwnData & { kind: "idx" }> {
  if (files.length !== 2) {
    throw new CsvError(files[0]?.name ?? "IDX", null, {
      en: `two files are needed together, images and labels, got ${files.length}. Choose both at once.`,
      ja: `画像とラベルの2つのファイルを同時に渡してください(${files.length} 個でした)。`,
    });
  }
  const arrays: { name: string; array: IdxArray }[] = [];
  for (const file of files) {
    arrays.push({ name: shortened(file.name), array: await told(file.name, readArray(file)) });
  }
  const images = arrays.find(({ array }) => array.shape.length > 1) ?? arrays[0];
  const labels = arrays.find((other) => other !== images)!;
  let classes = 0;
  for (const label of labels.array.data) {
    classes = Math.max(classes, label + 1);
  }
  const split = await told(
    labels.name,
    Promise.resolve().then(() => splitFromIdx(images, labels, classes)),
  );
  if (classes < 2 || classes > mostClasses || split.labels.length < 4) {
    throw new CsvError(labels.name, null, {
      en: `labels must be of 2 to ${mostClasses} classes and at least 4, got ${classes} classes and ${split.labels.length} labels. Choose other files.`,
      ja: `ラベルは 2〜${mostClasses} クラス、4個以上必要です(${classes} クラス、${split.labels.length} 個でした)。別のファイルを選んでください。`,
    });
  }
  const [, rows = 1, columns = split.images.width / rows] = images.array.shape;
  return { kind: "idx", name: images.name, split, classes, rows, columns };
}

async function readArray(file: File): Promise<IdxArray> {
  const reader = new IdxReader(shortened(file.name), (bytes) => {
    if (bytes > idxBytes) {
      throw new DataError(
        `${shortened(file.name)}: must hold at most ${idxBytes / 1e6} MB, got ${Math.ceil(bytes / 1e6)} MB.`,
      );
    }
    return new Uint8Array(bytes);
  });
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const stream = packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const pieces = stream.getReader();
  try {
    for (let { done, value } = await pieces.read(); !done && value; { done, value } = await pieces.read()) {
      reader.push(value);
    }
  } finally {
    await pieces.cancel().catch(() => {});
  }
  return reader.end();
}

/** The errors of the reader are in one language: says in both that the file cannot be used, and why. */
async function told<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = error instanceof DataError ? error.message : "it is not what it says it is, got a broken archive.";
    throw new CsvError(name, null, { en: why, ja: `IDX ファイルとして読めません。${why}` });
  }
}
