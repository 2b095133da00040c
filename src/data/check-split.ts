import { DataError } from "../core/errors.ts";
import { type AnySplit, mostLabels } from "./split.ts";

/** Names for the sentences; rows and columns by number, from 0, where they are absent. */
export interface SplitNames {
  /** What holds the rows: a file, `data set`. */
  readonly where?: string;
  readonly columns?: readonly string[];
  /** The line of each row in its file. */
  readonly lines?: readonly number[];
}

/**
 * Makes sure that rows and labels can be learnt from: as many labels as rows, `count · width` values, each a finite number,
 * each label a whole number in [0, classes), at least one row of one value. Built once, for readers and for training's
 * door; takes a hundredth of the time that reading the rows took.
 * @throws DataError that names the row, and the column of a value
 */
export function checkSplit({ images, labels }: AnySplit, classes: number, names: SplitNames = {}): void {
  const { where = "data set" } = names;
  // Plain JavaScript may give others.
  const { data, count, width } = images ?? ({} as AnySplit["images"]);
  const wrong = (en: string, ja: string): never => {
    throw new DataError({ en: `${where}: ${en}`, ja: `${where}: ${ja}` });
  };
  const mustBe = (name: string, given: object, kinds: readonly (new (length: number) => object)[]) => {
    if (!kinds.some((kind) => given instanceof kind)) {
      const names = kinds.map((kind) => kind.name).join(", ");
      const got = given?.constructor?.name ?? typeof given;
      wrong(
        `${name} must be one of ${names}, got ${got}. Convert them.`,
        `${name} は ${names} のいずれかにしてください(${got} でした)。`,
      );
    }
  };
  const rowName = (row: number) =>
    names.lines === undefined
      ? { en: `row ${row}`, ja: `${row} 行(0 から)` }
      : { en: `line ${names.lines[row]}`, ja: `${names.lines[row]} 行目` };
  if (!Number.isInteger(classes) || classes < 1 || classes > mostLabels) {
    wrong(
      `there must be 1 to ${mostLabels} classes, got ${classes}. Give the number of different labels.`,
      `クラス数は 1〜${mostLabels} です(${classes} でした)。異なるラベルの数を指定してください。`,
    );
  }
  if (!Number.isInteger(count) || !Number.isInteger(width) || count < 1 || width < 1) {
    wrong(
      `there must be at least 1 row of 1 value, got ${count} rows of ${width}. Give rows to learn from.`,
      `1個以上の値を持つ行が1行以上必要です(${count} 行 × ${width})。学習するデータを渡してください。`,
    );
  }
  if (data.length !== count * width) {
    wrong(
      `${count} rows of ${width} must be ${count * width} values, got ${data.length}. Give every row its values, or correct count and width.`,
      `${count} 行 × ${width} には ${count * width} 個の値が必要ですが、${data.length} 個です。値か、count・width を直してください。`,
    );
  }
  if (labels.length !== count) {
    const hot = labels.length === count * classes;
    wrong(
      `there must be one label a row (${count}), got ${labels.length} labels. ${hot ? "They look like one-hot labels: give the number of the class instead." : "Give one class number a row."}`,
      `ラベルは1行に1個(${count} 個)必要ですが、${labels.length} 個です。${hot ? "one-hot のようです。クラスの番号を渡してください。" : "1行に1つのクラス番号を渡してください。"}`,
    );
  }
  mustBe("labels", labels, [Uint8Array, Uint16Array, Int32Array]);
  // Of bytes value/255 is taken, numbers as they are: of another type nobody could tell.
  mustBe("images", data, [Uint8Array, Float32Array, Float64Array]);
  const bad = firstLabelBeyond(labels, classes);
  if (bad >= 0) {
    const { en, ja } = rowName(bad);
    wrong(
      `labels must be in [0, ${classes}), got ${labels[bad]} at ${en}. Number the classes from 0, or give the right number of classes.`,
      `ラベルは 0 以上 ${classes} 未満ですが、${ja}が ${labels[bad]} です。番号を 0 から振り直すか、クラス数を直してください。`,
    );
  }
  // Bytes are always finite.
  const at = data instanceof Uint8Array ? -1 : firstNotFinite(data);
  if (at >= 0) {
    const column = names.columns?.[at % width] ?? at % width;
    const { en, ja } = rowName(Math.floor(at / width));
    wrong(
      `every value must be a finite number, got ${data[at]} at ${en}, column ${column}. Correct it, or leave the row out.`,
      `値はすべて有限の数ですが、${ja}の ${column} 列が ${data[at]} です。値を直すか、その行を除いてください。`,
    );
  }
}

function firstLabelBeyond(labels: AnySplit["labels"], classes: number): number {
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] >= classes || labels[row] < 0) {
      return row;
    }
  }
  return -1;
}

/** x − x is 0 for finite numbers and NaN for the others; the sum over a block keeps any NaN. */
function firstNotFinite(data: Float32Array): number {
  const block = 4096;
  for (let from = 0; from < data.length; from += block) {
    const end = Math.min(data.length, from + block);
    let sum = 0;
    for (let i = from; i < end; i++) {
      sum += data[i] - data[i];
    }
    if (sum !== 0) {
      return data.findIndex((value) => !Number.isFinite(value));
    }
  }
  return -1;
}

/** The fewest classes that a split was found right for. */
const found = new WeakMap<AnySplit, number>();

/**
 * `checkSplit` at training's door, once for each split: whoever opens a network, a loader or a meter on it again pays
 * nothing.
 * @throws DataError that names the row, and the column of a value
 */
export function checkOnce(split: AnySplit, classes: number = mostLabels): void {
  const known = found.get(split);
  if (known === undefined || classes < known) {
    checkSplit(split, classes);
    found.set(split, classes);
  }
}
