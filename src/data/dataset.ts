import { wholeNumber } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import type { Text } from "../core/text.ts";
import { checkSplit } from "./check-split.ts";
import { type IdxArray, labelNumbers } from "./idx.ts";
import {
  type AnySplit,
  type FloatSplit,
  type Labels,
  labelArray,
  mostLabels,
  type Split,
  selectLabels,
} from "./split.ts";

export { type AnySplit, type FloatSplit, type Labels, labelArray, mostLabels, type Split, selectLabels };

/** A labelled data set in two parts, in file order. */
export interface Dataset {
  readonly name: string;
  /** Absolute path of the folder that was named for it; absent for what Tanren brings itself. */
  readonly folder?: string;
  readonly classes: number;
  readonly train: Split;
  readonly test: Split;
  /** What was found otherwise than in MNIST, to be said. */
  readonly notes?: readonly Text[];
}

/** How many rows of each part, from the first, are read. */
export interface RowsNeeded {
  readonly train: number;
  readonly test: number;
}

/** A file's array with the file's name. */
export interface NamedArray {
  readonly name: string;
  readonly array: IdxArray;
}

/** How label files number their classes. */
export interface LabelNumbering {
  /** The number of the first class: 1 of EMNIST's letters, else 0. */
  readonly first: 0 | 1;
  readonly classes: number;
}

/**
 * How the labels of a set are numbered, of all its label files together: from 0, or from 1 where each number from 1 comes and 0 does not.
 * @throws DataError when a label is negative or no 16 bits hold the classes
 */
export function numberingOf(labels: readonly NamedArray[]): LabelNumbering {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const seen = new Set<number>();
  for (const { name, array } of labels) {
    checkLabelFile({ name, array });
    labelNumbers(array).forEach((label: number, row: number) => {
      if (label < 0 || label > mostLabels) {
        throw new DataError({
          en: `${name}: labels must be in [0, ${mostLabels}], got ${label} at row ${row}. Number the classes from 0.`,
          ja: `${name}: ラベルは 0〜${mostLabels} ですが、${row} 行(0 から)が ${label} です。番号を 0 から振り直してください。`,
        });
      }
      seen.add(label);
      least = Math.min(least, label);
      most = Math.max(most, label);
    });
  }
  // A set of the digits 1 and 7 leaves 0 out as well, but counts nothing.
  const first = least === 1 && seen.size === most ? 1 : 0;
  return { first, classes: most + 1 - first };
}

function checkLabelFile({ name, array }: NamedArray): void {
  if (array.shape.length !== 1) {
    throw new DataError({
      en: `${name}: must hold labels (1 dimension), got ${array.shape.length}. It looks like an image file: swap the two.`,
      ja: `${name}: ラベル(1次元)のはずですが、${array.shape.length} 次元です。画像ファイルのようなので、2つを入れ替えてください。`,
    });
  }
}

/** Joins an array of images with one of labels. @throws DataError when they do not belong together */
export function splitFromIdx(
  images: NamedArray,
  labels: NamedArray,
  { first, classes }: LabelNumbering = numberingOf([labels]),
): Split {
  const [count, ...pixels] = images.array.shape;
  if (pixels.length === 0) {
    throw new DataError({
      en: `${images.name}: must hold images (2 or more dimensions), got 1 dimension. It looks like a label file: swap the two.`,
      ja: `${images.name}: 画像(2次元以上)のはずですが、1次元です。ラベルファイルのようなので、2つを入れ替えてください。`,
    });
  }
  if (images.array.type !== "uint8") {
    throw new DataError({
      en: `${images.name}: images must be unsigned bytes (type 08), got ${images.array.type}. Convert them to bytes.`,
      ja: `${images.name}: 画像は符号なしバイト(型 08)ですが、${images.array.type} です。バイトに変換してください。`,
    });
  }
  checkLabelFile(labels);
  const width = pixels.reduce((product, n) => product * n, 1);
  if (count === 0 || width === 0) {
    throw new DataError({
      en: `${images.name}: must hold at least 1 image of 1 pixel, got ${images.array.shape.join(" × ")}. Take another file.`,
      ja: `${images.name}: 1画素以上の画像が1枚以上必要です(${images.array.shape.join(" × ")})。別のファイルにしてください。`,
    });
  }
  const [given] = labels.array.shape;
  if (given !== count) {
    throw new DataError({
      en: `${labels.name}: must hold as many labels as ${images.name} has images (${count}), got ${given}. Take two files of one set.`,
      ja: `${labels.name}: ラベルは ${images.name} の画像と同じ数(${count})のはずですが、${given} 個です。同じデータセットの2つのファイルにしてください。`,
    });
  }
  const numbers = labelNumbers(labels.array);
  const fits = numbers instanceof Uint8Array && first === 0;
  const split: Split = {
    images: { data: images.array.data, count, width },
    labels: fits ? numbers : shared(numbers, classes, first),
  };
  checkSplit(split, classes, { where: labels.name });
  return split;
}

/** The labels from 0, in memory that workers share where there is such memory. */
function shared(numbers: Uint8Array | Int32Array, classes: number, first: number): Labels {
  const wide = classes > 256;
  const buffer =
    typeof SharedArrayBuffer === "undefined"
      ? new ArrayBuffer(numbers.length * (wide ? 2 : 1))
      : new SharedArrayBuffer(numbers.length * (wide ? 2 : 1));
  const labels = wide ? new Uint16Array(buffer) : new Uint8Array(buffer);
  numbers.forEach((number: number, i: number) => {
    labels[i] = number - first;
  });
  return labels;
}

/** The first `count` rows of a split, sharing its memory. @throws DataError when it has fewer, HyperError on no count */
export function firstRows<S extends AnySplit>(split: S, count: number): S {
  const { data, width, count: available } = split.images;
  wholeNumber("data set", "rows", count, { min: 1 });
  if (count > available) {
    throw new DataError({
      en: `data set: must have at least ${count} rows, got ${available}. Ask for fewer, such as trainRows=${available}.`,
      ja: `データセットは ${available} 行しかなく、${count} 行は使えません。trainRows=${available} のように減らしてください。`,
    });
  }
  return {
    images: { data: data.subarray(0, count * width), count, width },
    labels: split.labels.subarray(0, count),
  } as S;
}

/** The rows of a split at the given numbers, from 0, copied. @throws DataError on a number that no row has */
export function selectRows<S extends AnySplit>(split: S, rows: readonly number[] | Int32Array): S {
  const { data, width, count } = split.images;
  const beyond = rows.findIndex((row: number) => !Number.isInteger(row) || row < 0 || row >= count);
  if (beyond >= 0) {
    throw new DataError({
      en: `data set: rows must be whole numbers in [0, ${count}), got ${rows[beyond]} at ${beyond}. Number the rows from 0.`,
      ja: `データセットの行番号は 0 以上 ${count} 未満の整数ですが、${beyond} 番目(0 から)が ${rows[beyond]} です。行は 0 から数えます。`,
    });
  }
  const size = rows.length * width;
  const images = data instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
  rows.forEach((row: number, i: number) => {
    images.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { images: { data: images, count: rows.length, width }, labels: selectLabels(split.labels, rows) } as S;
}
