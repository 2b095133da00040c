import { DataError } from "../core/errors.ts";
import { type AnySplit, mostLabels } from "./dataset.ts";

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
  const { data, count, width } = images;
  const wrong = (must: string, got: string, advice: string): never => {
    throw new DataError(`${where}: ${must}, got ${got}. ${advice}`);
  };
  const rowName = (row: number) => (names.lines === undefined ? `row ${row}` : `line ${names.lines[row]}`);
  if (!Number.isInteger(classes) || classes < 1 || classes > mostLabels) {
    wrong(`there must be 1 to ${mostLabels} classes`, `${classes}`, "Give the number of different labels.");
  }
  if (!Number.isInteger(count) || !Number.isInteger(width) || count < 1 || width < 1) {
    wrong("there must be at least 1 row of 1 value", `${count} rows of ${width}`, "Give rows to learn from.");
  }
  if (data.length !== count * width) {
    wrong(
      `${count} rows of ${width} must be ${count * width} values`,
      `${data.length}`,
      "Give every row its values, or correct count and width.",
    );
  }
  if (labels.length !== count) {
    const advice =
      labels.length === count * classes
        ? "They look like one-hot labels: give the number of the class instead."
        : "Give one class number a row.";
    wrong(`there must be one label a row (${count})`, `${labels.length} labels`, advice);
  }
  if (!isLabels(labels)) {
    wrong("labels must be a Uint8Array, Uint16Array or Int32Array", typeName(labels), "Give class numbers from 0.");
  }
  const bad = firstLabelBeyond(labels, classes);
  if (bad >= 0) {
    wrong(
      `labels must be in [0, ${classes})`,
      `${labels[bad]} at ${rowName(bad)}`,
      "Number the classes from 0, or give the right number of classes.",
    );
  }
  // Bytes are always finite.
  const at = data instanceof Uint8Array ? -1 : firstNotFinite(data);
  if (at >= 0) {
    const column = at % width;
    wrong(
      "every value must be a finite number",
      `${data[at]} at ${rowName(Math.floor(at / width))}, column ${names.columns?.[column] ?? column}`,
      "Correct it, or leave the row out.",
    );
  }
}

function isLabels(labels: unknown): boolean {
  return labels instanceof Uint8Array || labels instanceof Uint16Array || labels instanceof Int32Array;
}

function typeName(value: unknown): string {
  return (value as object)?.constructor?.name ?? typeof value;
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
