import { checkOptions, wholeNumber } from "../core/checks.ts";
import { DataError, HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { largestOf } from "../core/long-lists.ts";
import type { ByteRows } from "../core/rows.ts";
import { checkSplit } from "../data/check-split.ts";
import { encodedTable } from "../data/csv/encoded-table.ts";
import type { MissingCells } from "../data/csv/fill.ts";
import type { ReadingNote } from "../data/csv/reading-note.ts";
import { inputNames } from "../data/csv/table-schema.ts";
import type { EncodedTargets, TargetKind } from "../data/csv/target-columns.ts";
import { type AnySplit, labelArray } from "../data/dataset.ts";
import type { TableRows } from "../data/standardize.ts";
import type { DataSource, ModelInputs, ModelTask } from "./model-state.ts";
import type { Row } from "./row.ts";
import { Table, tableOfRows } from "./table.ts";

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
  /** Pixels of an image, and values of a pixel, side by side (1 when absent); square and of one value when all is absent. */
  readonly image?: { readonly rows: number; readonly columns: number; readonly channels?: number };
}

/** What a model learns from or is measured on. */
export type ModelData = Table<never, never> | Table | readonly Row[] | NumberData | LabelledRows;

/** Classes that labels can have without names: a number beyond is rather an id than a class, and each class is an output. */
const mostNumbered = 2 ** 16;

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
  if (isEncoded(data)) {
    return data;
  }
  checkForm(data, "{ x, y } or { images, labels }");
  if (data instanceof Table) {
    return encodeTable(data, task, target);
  }
  if (isRows(data)) {
    return encodeTable(tableOfRows(data), task, target);
  }
  return "images" in data ? encodeLabelled(data, task) : encodeNumbers(data, task);
}

/** Whether data are numbers already; those that are called `inputs` and `targets` elsewhere are not. */
function isEncoded(data: ModelData | EncodedData): data is EncodedData {
  return typeof data === "object" && data !== null && "inputs" in data && "targets" in data && "missing" in data;
}

/** Makes sure that data have one of the forms there are. @throws HyperError on a path, a promise, rows under other names … */
export function checkForm(data: unknown, forms: "{ x, y } or { images, labels }" | "{ x } or { images }"): void {
  const known =
    Array.isArray(data) ||
    (typeof data === "object" && data !== null && (data instanceof Table || "x" in data || "images" in data));
  if (!known) {
    const promised = data instanceof Promise;
    throw new HyperError({
      en: `data: must be a table, rows such as [{ width: 1.4 }], ${forms}, got ${promised ? "a promise" : describeValue(data)}. ${promised ? "Await it first." : "Read a file with readCsv, its text with readTable."}`,
      ja: `data: 表、[{ width: 1.4 }] のような行、${forms.replace(" or ", "、")} のいずれかで渡してください(${promised ? "Promise" : describeValue(data)} でした)。${promised ? "先に await してください。" : "ファイルは readCsv、その中身の文字列は readTable で読みます。"}`,
    });
  }
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
  if (labels === undefined) {
    oneForEach("labels", labels, images.count);
  }
  const most = largestOf(labels);
  if (data.classNames === undefined && most >= mostNumbered) {
    throw new DataError({
      en: `data: labels must be numbers of classes below ${mostNumbered}, got ${most}. Number the classes from 0, or name them by classNames.`,
      ja: `data: labels には ${mostNumbered} 未満のクラス番号を指定してください(${most} がありました)。0 から番号を振り直すか、classNames で名前を付けます。`,
    });
  }
  const classNames = data.classNames ?? Array.from({ length: most + 1 }, (_, i) => String(i));
  eachOnce("classNames", classNames);
  checkSplit({ images, labels } as AnySplit, classNames.length);
  // Where nothing names the classes, only those that are there count.
  severalOf(data.classNames ?? [...new Set<number>(labels)].map(String));
  const bytes = images.data instanceof Uint8Array;
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
      image: imageOfRows(data),
    },
    targets: { kind: "classes", name: "class", classNames, labels },
    ...none,
    notes: [],
  };
}

/** What a row is, as it is told; of bytes else a square, or a line. @throws HyperError on an image of more or less than a row */
function imageOfRows({ images: { data, width }, image }: LabelledRows): ModelInputs["image"] {
  if (image === undefined) {
    const side = Math.sqrt(width);
    const square = Number.isInteger(side) ? { rows: side, columns: side } : { rows: 1, columns: width };
    return data instanceof Uint8Array ? { ...square, channels: 1 } : null;
  }
  checkOptions("image", image, { rows: true, columns: true, channels: true });
  const { rows, columns, channels = 1 } = image;
  for (const [name, value] of Object.entries({ rows, columns, channels })) {
    wholeNumber("image", name, value, { min: 1 });
  }
  if (rows * columns * channels !== width) {
    throw new HyperError({
      en: `image: rows, columns and channels must make the ${width} values of a row, got ${rows} × ${columns} × ${channels}. Correct them; colours are channels: 3.`,
      ja: `image: rows × columns × channels は1行の値の数 ${width} にしてください(${rows} × ${columns} × ${channels} でした)。カラー画像なら channels: 3 です。`,
    });
  }
  return { rows, columns, channels };
}

/** Makes sure that each row has its own answer. @throws DataError */
export function oneForEach(name: "y" | "labels", given: ArrayLike<unknown> | undefined, rows: number): void {
  const count = given?.length ?? 0;
  if (count !== rows) {
    throw new DataError({
      en: `data: ${name} must have one entry a row (${rows}), got ${count}. Give each row its own.`,
      ja: `data: ${name} には1行に1つずつ、${rows} 個が必要です(${count} 個でした)。`,
    });
  }
}

function encodeNumbers(data: NumberData, task: ModelTask): EncodedData {
  checkOptions("data", data, { x: true, y: true, names: true });
  const { x, y, names } = data;
  const rows = numberRows(x);
  oneForEach("y", y, rows.count);
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
    ? { data: floats(x.data), count: x.data.length / x.width, width: x.width }
    : { data: joined(x), count: x.length, width: x[0]?.length ?? 0 };
  if (!Number.isInteger(rows.count) || rows.count < 1 || rows.width < 1) {
    throw new DataError({
      en: `rows: at least 1 whole row of 1 number is needed, got ${rows.count} of ${rows.width}. Give rows of numbers.`,
      ja: `rows: 1個以上の数を持つ行が1行以上必要です(${rows.count} 行 × ${rows.width} でした)。`,
    });
  }
  const bad = rows.data.findIndex((value: number) => !Number.isFinite(value));
  if (bad >= 0) {
    throw notFinite(rows.data[bad], Math.floor(bad / rows.width), bad % rows.width);
  }
  return rows;
}

/** The error of a value among rows of numbers that is none. */
function notFinite(value: unknown, row: number, column: number): DataError {
  return new DataError({
    en: `rows: every value must be a finite number, got ${describeValue(value)} at row ${row}, column ${column}. Correct it, or leave the row out.`,
    ja: `rows: 値はすべて有限の数ですが、${row} 行の ${column} 列が ${describeValue(value)} です。値を直すか、その行を除いてください。`,
  });
}

/** Numbers of whichever type as they are reckoned with; bytes among them are no image here. */
function floats(data: ArrayLike<unknown>): TableRows["data"] {
  return data instanceof Float32Array || data instanceof Float64Array
    ? data
    : Float64Array.from(data, (value) => (typeof value === "number" ? value : Number.NaN));
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
      if (typeof row[j] !== "number") {
        throw notFinite(row[j], i, j);
      }
      data[i * width + j] = row[j];
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

/** Makes sure that answers can be told apart by their names. @throws DataError */
function eachOnce(where: "names" | "classNames", names: readonly string[]): void {
  const other = Array.isArray(names) ? names.find((name) => typeof name !== "string") : names;
  if (!Array.isArray(names) || other !== undefined) {
    throw new DataError({
      en: `data: ${where} must be a list of words, got ${describeValue(other)}${Array.isArray(names) ? " in it" : ""}. Write it such as ["cat", "dog"].`,
      ja: `data: ${where} には ["cat", "dog"] のような文字列のリストを指定してください(${describeValue(other)} がありました)。`,
    });
  }
  const seen = new Set<string>();
  const again = names.find((name) => seen.size === seen.add(name).size);
  if (again !== undefined) {
    throw new DataError({
      en: `data: ${where} must name each only once, got "${again}" twice. Rename one.`,
      ja: `data: ${where} に同じ名前 "${again}" が2つあります。一方を別の名前にしてください。`,
    });
  }
}

/** A class as a word. @throws DataError on what is none: nothing, NaN, several numbers */
function classWord(entry: unknown, row: number): string {
  const plain =
    typeof entry === "number" ? Number.isFinite(entry) : ["string", "boolean", "bigint"].includes(typeof entry);
  if (!plain || entry === "") {
    const hot = Array.isArray(entry) || ArrayBuffer.isView(entry);
    throw new DataError({
      en: `fit: every class in y must be a word or a number, got ${describeValue(entry)} in row ${row}. ${hot ? "Of one-hot rows give the number of the class." : "Correct it, or leave the row out."}`,
      ja: `fit: y のクラスは文字列か数で指定してください(${row} 行が ${describeValue(entry)} です)。${hot ? "one-hot ならクラスの番号にします。" : "値を直すか、その行を除いてください。"}`,
    });
  }
  return String(entry);
}

/** What is told of each row, as numbers. Nothing at all and empty text are not 0. @throws DataError */
export function answerRows(y: NumberData["y"]): TableRows {
  const rows = Array.from(y as ArrayLike<unknown>, numbersOf);
  const wrong = rows.findIndex((row) => row.some((value) => !Number.isFinite(value)));
  if (wrong >= 0) {
    throw new DataError({
      en: `data: y must hold finite numbers, or true and false, got ${describeValue(y[wrong])} in row ${wrong}. Correct it, or leave the row out.`,
      ja: `data: y には有限の数か true・false を指定してください(${wrong} 行が ${describeValue(y[wrong])} です)。値を直すか、その行を除いてください。`,
    });
  }
  return numberRows(rows);
}

function numbersOf(entry: unknown): number[] {
  const several = Array.isArray(entry) || ArrayBuffer.isView(entry);
  const list: readonly unknown[] = several ? Array.from(entry as ArrayLike<unknown>) : [entry];
  const isNone = (value: unknown) => value === null || (typeof value === "string" && value.trim() === "");
  return list.map((value) => (isNone(value) ? Number.NaN : Number(value)));
}

function classesOf(y: NumberData["y"], names: readonly string[] | undefined): EncodedTargets {
  const words = Array.from(y as ArrayLike<unknown>, classWord);
  const numeric = words.every((word) => Number.isFinite(Number(word)));
  const found = [...new Set(words)].sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b, "en"),
  );
  if (names !== undefined) {
    eachOnce("names", names);
  }
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
  const values = answerRows(y);
  if (kind === "answers" && values.data.some((value: number) => value !== 0 && value !== 1)) {
    throw new DataError({
      en: "fit: answers must be true or false, or 1 or 0, got another value in y. Correct it.",
      ja: "fit: y の「はい/いいえ」は true・false か 1・0 で指定してください。",
    });
  }
  if (names !== undefined) {
    eachOnce("names", names);
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
