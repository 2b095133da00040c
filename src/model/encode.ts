import type { ByteRows } from "../core/byte-rows.ts";
import { DataError, HyperError } from "../core/errors.ts";
import { largestOf } from "../core/long-lists.ts";
import { checkSplit } from "../data/check-split.ts";
import { encodedTable } from "../data/csv/encoded-table.ts";
import type { MissingCells } from "../data/csv/fill.ts";
import type { ReadingNote } from "../data/csv/reading-note.ts";
import { inputNames } from "../data/csv/table-schema.ts";
import type { EncodedTargets, TargetKind } from "../data/csv/target-columns.ts";
import { type AnySplit, labelArray } from "../data/dataset.ts";
import type { TableRows } from "../data/standardize.ts";
import type { DataSource, ModelInputs, ModelTask } from "./model-state.ts";
import { type Row, Table, tableOfRows } from "./table.ts";

/** Rows of numbers in order: arrays of arrays, or one long array. */
export type NumberRows =
  | readonly (readonly number[] | Float32Array | Float64Array)[]
  | { readonly data: Float32Array | Float64Array; readonly width: number };

/** Rows of numbers, and what is to be told of each. */
export interface NumberData {
  readonly x: NumberRows;
  /** A class a row (a word or number), a number a row, or several numbers or answers a row. */
  readonly y: ArrayLike<string | number | boolean> | readonly (readonly (number | boolean)[])[];
  /** Names of the classes or of what is told, where `y` does not say. */
  readonly names?: readonly string[];
}

/** Images or other rows with the number of a class each, as data sets give them. */
export interface LabelledRows {
  readonly images: AnySplit["images"];
  readonly labels: AnySplit["labels"];
  /** `0`, `1` … when absent. */
  readonly classNames?: readonly string[];
  /** Pixels of an image; square when absent. */
  readonly image?: { readonly rows: number; readonly columns: number };
}

/** What a model learns from or is measured on. */
export type ModelData = Table<never, never> | Table | readonly Row[] | NumberData | LabelledRows;

const none = { missing: [], weights: null, source: null } as const;

/** Data as numbers, before anything is scaled: what `encodeData` makes of data, once for whatever needs it. */
export interface EncodedData {
  readonly name: string;
  /** Bytes, or exact numbers. */
  readonly rows: ByteRows | TableRows;
  readonly inputs: ModelInputs;
  readonly targets: EncodedTargets;
  /** Cells of a table that had no value. */
  readonly missing: readonly MissingCells[];
  /** How much each row counts, [rows]; null where all count alike. */
  readonly weights: Float64Array | null;
  /** The file that the rows were read from; null where a program made them. */
  readonly source: DataSource | null;
  readonly notes: readonly ReadingNote[];
}

const targetKinds: Readonly<Record<ModelTask, TargetKind>> = {
  classification: "classes",
  binary: "classes",
  multilabel: "answers",
  regression: "numbers",
};

/** Takes data apart for a model that has yet to learn what they look like. @throws DataError, CsvError */
export function encodeData(
  data: ModelData | EncodedData,
  task: ModelTask,
  target?: string | readonly string[],
): EncodedData {
  if ("inputs" in data) {
    return data;
  }
  if (data instanceof Table) {
    return encodeTable(data, task, target);
  }
  if (isRows(data)) {
    return encodeTable(tableOfRows(data), task, target);
  }
  return "images" in data ? encodeLabelled(data, task) : encodeNumbers(data, task);
}

export function isRows(data: ModelData): data is readonly Row[] {
  return Array.isArray(data);
}

function encodeTable({ csv, options, source }: Table, task: ModelTask, target = options.target): EncodedData {
  const kind = targetKinds[task];
  const named = target === undefined ? undefined : typeof target === "string" ? [target] : target;
  if (kind !== "classes" && (named === undefined || named.length === 0)) {
    throw new HyperError({
      en: `fit: the column to be told must be named, got none. Give target, such as { target: "price" }.`,
      ja: `fit: 予測する列を target で指定してください。例: { target: "price" }`,
    });
  }
  if (kind === "classes" && named !== undefined && named.length !== 1) {
    throw new HyperError({
      en: `fit: classes must be in 1 column, got ${named.length}. Name one, or use multiLabel for several yes or no.`,
      ja: `fit: クラスの列は1つだけ指定してください(${named.length} 個でした)。「はい/いいえ」の列がいくつもあるなら multiLabel を使います。`,
    });
  }
  const table = encodedTable(csv, { ...options, target: named?.[0] }, { kind, targets: named });
  const names = table.inputs.flatMap(inputNames);
  return {
    name: table.name,
    rows: table.rows,
    inputs: {
      kind: "table",
      columns: table.inputs.map((column, i) => ({ ...column, fill: table.fills[i] })),
      decimal: table.decimal,
      size: names.length,
      names,
      scales: null,
      image: null,
    },
    targets: table.targets,
    missing: table.missing,
    weights: table.weights,
    source,
    notes: table.notes,
  };
}

function encodeLabelled(data: LabelledRows, task: ModelTask): EncodedData {
  const { images, labels } = data;
  if (targetKinds[task] !== "classes") {
    throw new DataError({
      en: `fit: ${task} needs numbers or answers to tell, got rows with classes. Give { x, y }, or use classify.`,
      ja: `fit: ${task} には数値か「はい/いいえ」の目標が必要ですが、クラスの付いたデータです。{ x, y } を渡すか classify を使ってください。`,
    });
  }
  const most = largestOf(labels);
  const classNames = data.classNames ?? Array.from({ length: most + 1 }, (_, i) => String(i));
  checkSplit({ images, labels } as AnySplit, classNames.length);
  // Where nothing names the classes, only those that are there count.
  severalOf(data.classNames ?? [...new Set<number>(labels)].map(String));
  const bytes = images.data instanceof Uint8Array;
  const side = Math.sqrt(images.width);
  const image =
    data.image ??
    (bytes ? (Number.isInteger(side) ? { rows: side, columns: side } : { rows: 1, columns: images.width }) : null);
  return {
    name: "rows",
    rows: images as ByteRows | TableRows,
    inputs: {
      kind: bytes ? "image" : "numbers",
      columns: [],
      decimal: "point",
      size: images.width,
      names: [],
      scales: null,
      image: image === null ? null : { ...image, channels: 1 },
    },
    targets: { kind: "classes", name: "class", classNames, labels },
    ...none,
    notes: [],
  };
}

function encodeNumbers({ x, y, names }: NumberData, task: ModelTask): EncodedData {
  const rows = numberRows(x);
  if (y.length !== rows.count) {
    throw new DataError({
      en: `fit: y must have one entry a row (${rows.count}), got ${y.length}. Give each row its own.`,
      ja: `fit: y には1行に1つずつ、${rows.count} 個が必要です(${y.length} 個でした)。`,
    });
  }
  return {
    name: "rows",
    rows,
    inputs: {
      kind: "numbers",
      columns: [],
      decimal: "point",
      size: rows.width,
      names: [],
      scales: null,
      image: null,
    },
    targets: targetKinds[task] === "classes" ? classesOf(y, names) : valuesOf(y, targetKinds[task], names),
    ...none,
    notes: [],
  };
}

/** @throws DataError where rows differ in length or a value is no finite number */
export function numberRows(x: NumberRows): TableRows {
  const rows = isBlock(x)
    ? { data: x.data, count: x.data.length / x.width, width: x.width }
    : { data: joined(x), count: x.length, width: x[0]?.length ?? 0 };
  if (!Number.isInteger(rows.count) || rows.count < 1 || rows.width < 1) {
    throw new DataError({
      en: `rows: at least 1 whole row of 1 number is needed, got ${rows.count} of ${rows.width}. Give rows of numbers.`,
      ja: `rows: 1個以上の数を持つ行が1行以上必要です(${rows.count} 行 × ${rows.width} でした)。`,
    });
  }
  const bad = rows.data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) {
    const [row, column] = [Math.floor(bad / rows.width), bad % rows.width];
    throw new DataError({
      en: `rows: every value must be a finite number, got ${rows.data[bad]} at row ${row}, column ${column}. Correct it, or leave the row out.`,
      ja: `rows: 値はすべて有限の数ですが、${row} 行の ${column} 列が ${rows.data[bad]} です。値を直すか、その行を除いてください。`,
    });
  }
  return rows;
}

function isBlock(x: NumberRows): x is Extract<NumberRows, { width: number }> {
  return !Array.isArray(x);
}

function joined(rows: readonly (readonly number[] | Float32Array | Float64Array)[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    if (row.length !== width) {
      throw new DataError({
        en: `rows: every row must have ${width} numbers as the first has, got ${row.length} in row ${i}. Give every row its values.`,
        ja: `rows: すべての行は最初の行と同じ ${width} 個の数を持つ必要があります(${i} 行は ${row.length} 個です)。`,
      });
    }
    for (let j = 0; j < width; j++) {
      data[i * width + j] = typeof row[j] === "number" ? row[j] : Number.NaN;
    }
  });
  return data;
}

/** @throws DataError on one class only, or none */
function severalOf(classNames: readonly string[]): void {
  if (classNames.length < 2) {
    throw new DataError({
      en: `fit: there must be at least 2 classes, got only "${classNames[0]}". Give rows of several.`,
      ja: `fit: クラスが1種類("${classNames[0]}")しかありません。2種類以上のデータを渡してください。`,
    });
  }
}

function classesOf(y: NumberData["y"], names: readonly string[] | undefined): EncodedTargets {
  const words = Array.from(y as ArrayLike<unknown>, String);
  const numeric = words.every((word) => Number.isFinite(Number(word)));
  const found = [...new Set(words)].sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b, "en"),
  );
  // Names of numbered classes: 0 is the first.
  const numbered = names !== undefined && found.every((word) => /^\d+$/.test(word) && Number(word) < names.length);
  const classNames = numbered || names === undefined ? found : names;
  severalOf(classNames);
  const places = new Map<string, number>(
    numbered ? words.map((word) => [word, Number(word)]) : classNames.map((word, i) => [word, i]),
  );
  const all = numbered ? (names as readonly string[]) : classNames;
  const labels = labelArray(words.length, all.length);
  words.forEach((word, i) => {
    const place = places.get(word);
    if (place === undefined) {
      throw new DataError({
        en: `fit: every class must be one of names, got "${word}" in row ${i}. Add it, or leave names out.`,
        ja: `fit: ${i} 行のクラス "${word}" は names にありません。names に加えるか、names を外してください。`,
      });
    }
    labels[i] = place;
  });
  return { kind: "classes", name: "class", classNames: all, labels };
}

function valuesOf(y: NumberData["y"], kind: TargetKind, names: readonly string[] | undefined): EncodedTargets {
  const list = Array.from(y as ArrayLike<unknown>, (entry) => (Array.isArray(entry) ? entry : [entry]).map(Number));
  const values = numberRows(list);
  if (kind === "answers" && values.data.some((value: number) => value !== 0 && value !== 1)) {
    throw new DataError({
      en: "fit: answers must be true or false, or 1 or 0, got another value in y. Correct it.",
      ja: "fit: y の「はい/いいえ」は true・false か 1・0 で指定してください。",
    });
  }
  const own = names ?? Array.from({ length: values.width }, (_, k) => (values.width === 1 ? "y" : `y${k + 1}`));
  if (own.length !== values.width) {
    throw new DataError({
      en: `fit: names must be as many as y has columns (${values.width}), got ${own.length}. Give one each.`,
      ja: `fit: names は y の列と同じ ${values.width} 個にしてください(${own.length} 個でした)。`,
    });
  }
  return { kind: kind === "answers" ? "answers" : "numbers", names: own, values };
}
