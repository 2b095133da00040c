import { DataError } from "../../../core/errors.ts";
import { CsvError, shortened } from "../../../data/csv/csv-error.ts";
import type { CsvTable } from "../../../data/csv/csv-reader.ts";
import { openCsv } from "../../../data/csv/read-csv.ts";
import { csvLimits, type TextOptions } from "../../../data/csv/read-options.ts";
import { numberingOf, splitFromIdx } from "../../../data/dataset.ts";
import { deepest, isGzip, mostUnpacked } from "../../../data/gzip.ts";
import { type IdxArray, IdxReader } from "../../../data/idx.ts";
import type { OwnData } from "../../../experiments/sandbox/prepare.ts";

/** Characters read before the page gets its turn. */
const slice = 60_000;
/** Largest array that a page takes in: MNIST's training images are 47 MB. */
const idxBytes = 200_000_000;
/** Classes of images: beyond, a page's network has little room for anything else. */
const mostImageClasses = 1000;

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
  const { split, classes, first } = await told(
    labels.name,
    Promise.resolve().then(() => {
      const numbering = numberingOf([labels]);
      return { split: splitFromIdx(images, labels, numbering), ...numbering };
    }),
  );
  if (classes < 2 || classes > mostImageClasses || split.labels.length < 4) {
    throw new CsvError(labels.name, null, {
      en: `labels must be of 2 to ${mostImageClasses} classes and at least 4, got ${classes} classes and ${split.labels.length} labels. Choose other files.`,
      ja: `ラベルは 2〜${mostImageClasses} クラス、4個以上必要です(${classes} クラス、${split.labels.length} 個でした)。別のファイルを選んでください。`,
    });
  }
  const [, rows = 1, columns = split.images.width / rows] = images.array.shape;
  return { kind: "idx", name: images.name, split, classes, first, rows, columns };
}

async function readArray(file: File): Promise<IdxArray> {
  const name = shortened(file.name);
  if (/\.np[yz]$/i.test(file.name)) {
    throw new DataError({
      en: `${name}: must be an IDX file, got a NumPy archive. Take the set's IDX files, or convert it.`,
      ja: `${name}: NumPy 形式は読めません。IDX ファイルを用意するか、変換してください。`,
    });
  }
  const allocate = (bytes: number) => {
    if (bytes > idxBytes) {
      throw new DataError({
        en: `${name}: must hold at most ${idxBytes / 1e6} MB, got ${Math.ceil(bytes / 1e6)} MB. Keep fewer images.`,
        ja: `${name}: データは ${idxBytes / 1e6} MB までです(${Math.ceil(bytes / 1e6)} MB あります)。画像を減らしてください。`,
      });
    }
    return new Uint8Array(bytes);
  };
  for (let depth = 0; depth <= deepest; depth++) {
    let stream: ReadableStream<Uint8Array> = file.stream();
    for (let i = 0; i < depth; i++) {
      stream = stream.pipeThrough(new DecompressionStream("gzip") as never);
    }
    const pieces = stream.getReader();
    const reader = new IdxReader(name, allocate, mostUnpacked(file.size, depth));
    try {
      let first = true;
      let packed = false;
      for (let { done, value } = await pieces.read(); !done && value; { done, value } = await pieces.read()) {
        // A file is what its bytes say, whatever its name.
        packed = first && isGzip(value);
        first = false;
        if (packed) {
          break;
        }
        reader.push(value);
      }
      if (!packed) {
        return reader.end();
      }
    } finally {
      await pieces.cancel().catch(() => {});
    }
  }
  throw new DataError({
    en: `${name}: must be packed at most twice, got more. Unpack it.`,
    ja: `${name}: gzip が3重以上になっています。展開してください。`,
  });
}

/** What a broken archive throws says nothing to a person. */
async function told<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DataError) {
      throw error;
    }
    throw new CsvError(name, null, {
      en: "must be what its name says, got a broken archive. Get the file again.",
      ja: "圧縮ファイルが壊れています。入手し直してください。",
    });
  }
}
