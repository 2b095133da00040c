import { DataError } from "../../core/errors.ts";
import { largestOf, smallestOf } from "../../core/long-lists.ts";
import { RandomStream } from "../../core/random.ts";
import type { FloatRows } from "../../core/rows.ts";
import { shortened } from "../../data/csv/csv-error.ts";
import type { EncodedTable } from "../../data/csv/encoded-table.ts";
import { type Fill, filledBy } from "../../data/csv/fill.ts";
import { inputNames } from "../../data/csv/table-schema.ts";
import {
  type AnySplit,
  type Dataset,
  firstRows,
  type Labels,
  type RowsNeeded,
  type Split,
  selectLabels,
  selectRows,
} from "../../data/dataset.ts";
import { decodePoints, planePoints } from "../../data/drawn-points.ts";
import { type ColumnScales, columnScales, standardized, type TableRows } from "../../data/standardize.ts";
import { drawToy, type PlanePoints } from "../../data/toy.ts";
import { drawValues, type PlaneValues, valueSets } from "../../data/toy-values.ts";
import { type PlaneInput, planeRows } from "./plane-inputs.ts";
import { SandboxDataError, type SandboxValues } from "./settings.ts";

/** Data that a person gave: what no setting can hold. */
export type OwnData =
  | { readonly kind: "csv"; readonly table: EncodedTable }
  | {
      readonly kind: "idx";
      readonly name: string;
      readonly split: Split;
      readonly classes: number;
      /** The number of the first class in the file; 0 when absent. */
      readonly first?: 0 | 1;
      /** Pixels of one image. */
      readonly rows: number;
      readonly columns: number;
    };

/** Numbers that are told of rows. */
export interface TaughtValues {
  readonly name: string;
  /** The sign beside the column's numbers, such as "%"; "" where they are plain. */
  readonly unit: string;
  /** Of the one column, by the training rows. */
  readonly scales: ColumnScales;
  /** [rows, 1], scaled */
  readonly train: FloatRows;
  readonly test: FloatRows | null;
}

/** Data as a network takes it. */
export interface PreparedData {
  /** None where numbers are told. */
  readonly classNames: readonly string[];
  /** Numbers that are told in place of classes; null of classes. */
  readonly values: TaughtValues | null;
  readonly inputSize: number;
  readonly train: AnySplit;
  /** Null when nothing is held back. */
  readonly test: AnySplit | null;
  /** Where the inputs come from two columns. */
  readonly plane: Plane | null;
  /** By which the columns were scaled; null of images. */
  readonly scales: ColumnScales | null;
  /** What was put where a table's columns had no value, by the training rows; absent where such cells are refused. */
  readonly fills?: readonly Fill[];
}

/** Two columns as a plane that can be drawn. */
export interface Plane {
  /** Names of the two columns. */
  readonly axes: readonly [x: string, y: string];
  /** [n · 2], as they stand in the data: first the training rows, then the others */
  readonly points: Float64Array;
  /** [n], in [0, classes); all 0 where numbers are told */
  readonly labels: Labels;
  /** The numbers that are told, and the least and largest of them. */
  readonly values?: { readonly of: Float64Array; readonly range: readonly [low: number, high: number] };
  /** How many of them are training rows. */
  readonly trainRows: number;
  /** What is drawn: all points, and some room about them. */
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  /** How the network sees the columns. */
  readonly scales: ColumnScales;
  readonly inputs: readonly PlaneInput[];
}

/** Outputs of a network for such data: one a class, or one for the number that is told where there are none. */
export function outputsOf({ classNames }: Pick<PreparedData, "classNames">): number {
  return classNames.length || 1;
}

/** Where points are drawn: what a plane of toy sets and drawings always shows. */
export const drawnSquare = [-1.1, 1.1] as const;

/** Test rows of MNIST that accuracy is measured on. */
const mnistTestRows = 1000;

/** Whether the rows are MNIST's, which is loaded rather than made. */
export function needsMnist({ data }: Pick<SandboxValues, "data">): boolean {
  return data === "mnist";
}

/** The rows of MNIST that a run reads. */
export function mnistRowsNeeded({ trainRows }: Pick<SandboxValues, "trainRows">): RowsNeeded {
  return { train: trainRows, test: mnistTestRows };
}

/** MNIST's first rows, as asked for. */
export function prepareMnist(
  { trainRows }: Pick<SandboxValues, "trainRows">,
  { train, test, classes }: Dataset,
): PreparedData {
  const kept = firstRows(train, Math.min(trainRows, train.images.count));
  return {
    classNames: digits(classes),
    values: null,
    inputSize: kept.images.width,
    train: kept,
    test: firstRows(test, Math.min(mnistTestRows, test.images.count)),
    plane: null,
    scales: null,
  };
}

/**
 * Makes the data of all other kinds. The same values give the same rows.
 * @throws DataError in both languages when there is nothing to learn from
 */
export function prepareData(values: SandboxValues, own: OwnData | null): PreparedData {
  const stream = RandomStream.seeded(values.dataSeed);
  switch (values.data) {
    case "toy": {
      const surface = valueSets.find(({ name }) => name === values.toy);
      return surface === undefined
        ? preparePlane(values, drawToy(values.toy, values, stream), stream)
        : prepareSurface(values, drawValues(surface, values, stream), stream);
    }
    case "drawn": {
      const points = planePoints(decodePoints(values.drawn));
      checkDrawn(points);
      return preparePlane(values, points, stream);
    }
    case "csv":
    case "idx":
      if (own?.kind !== values.data) {
        throw new SandboxDataError({
          en: "data: the file must be given on the page, got none: a link carries no file. Drop it again.",
          ja: "ファイルがありません(リンクにはファイルの中身は含まれません)。もう一度ファイルを渡してください。",
        });
      }
      return own.kind === "csv" ? prepareTable(values, own.table, stream) : prepareImages(values, own, stream);
    case "mnist":
      throw new DataError({
        en: "sandbox: MNIST must be loaded before, got data mnist. Use prepareMnist.",
        ja: "sandbox: MNIST は先に読み込んでおく必要があります(data に mnist が指定されています)。prepareMnist を使ってください。",
      });
  }
}

function checkDrawn({ labels }: PlanePoints): void {
  const used = new Set(labels).size;
  if (labels.length < 4 || used < 2) {
    throw new SandboxDataError({
      en: `drawn: at least 4 points of 2 classes must be drawn, got ${labels.length} of ${used}. Draw more.`,
      ja: `2クラス以上、合わせて4点以上を描いてください(今は ${used} クラス ${labels.length} 点です)。`,
    });
  }
}

/** Row numbers in random order, those held back at the end. */
function parted(count: number, testShare: number, stream: RandomStream): { train: Int32Array; test: Int32Array } {
  const order = stream.permutation(count);
  const held = testShare === 0 ? 0 : Math.min(count - 2, Math.max(1, Math.round(testShare * count)));
  return { train: order.subarray(0, count - held), test: order.subarray(count - held) };
}

function preparePlane(values: SandboxValues, { xy, labels, classes }: PlanePoints, stream: RandomStream): PreparedData {
  const rows = { data: xy, count: labels.length, width: 2 };
  const data = { rows, labels, classNames: letters(classes), axes: ["x", "y"] as const, atLeast: drawnSquare };
  return prepareFloats(values, data, stream);
}

function prepareSurface(values: SandboxValues, { xy, values: data }: PlaneValues, stream: RandomStream): PreparedData {
  const count = data.length;
  const rows = { data: xy, count, width: 2 };
  const told = { name: "z", unit: "", rows: { data, count, width: 1 } };
  return prepareFloats(values, { rows, told, axes: ["x", "y"], atLeast: drawnSquare }, stream);
}

function prepareTable(values: SandboxValues, table: EncodedTable, stream: RandomStream): PreparedData {
  const { rows, inputs, targets, missing, fills } = table;
  const features = inputs.flatMap(inputNames);
  const axes = features.length === 2 ? ([features[0], features[1]] as const) : null;
  const filled = fills.every((fill) => fill === null)
    ? undefined
    : (train: Int32Array) => filledBy(inputs, rows, missing, train);
  const told =
    targets.kind === "classes"
      ? { labels: targets.labels, classNames: targets.classNames.map(shortened) }
      : { told: { name: targets.names[0], unit: targets.units?.[0] ?? "", rows: targets.values } };
  return prepareFloats(values, { rows, ...told, axes, filled }, stream);
}

interface Rows {
  readonly rows: TableRows;
  /** All 0 when absent. */
  readonly labels?: Labels;
  readonly classNames?: readonly string[];
  /** The numbers that are told, in place of classes. */
  readonly told?: Pick<TaughtValues, "name" | "unit"> & { readonly rows: TableRows };
  readonly axes: readonly [string, string] | null;
  /** What the plane shows in any case, along x and y alike. */
  readonly atLeast?: readonly [low: number, high: number];
  /** The rows with something in place of what is missing, by the training rows. */
  readonly filled?: (train: Int32Array) => ReturnType<typeof filledBy>;
}

function prepareFloats(values: SandboxValues, data: Rows, stream: RandomStream): PreparedData {
  const { labels = new Uint8Array(data.rows.count), classNames = [], told, axes } = data;
  const { train, test } = parted(data.rows.count, values.testShare, stream);
  const { rows, fills } = data.filled?.(train) ?? { rows: data.rows };
  const scales = columnScales(rows, train);
  const inputs = axes === null ? [] : (values.inputs as readonly PlaneInput[]);
  const splitOf = (chosen: Int32Array): AnySplit => {
    const scaled = standardized(rows, chosen, scales);
    const images =
      axes === null ? scaled : { data: planeRows(scaled.data, inputs), count: scaled.count, width: inputs.length };
    return { images, labels: selectLabels(labels, chosen) };
  };
  const trained = splitOf(train);
  return {
    classNames,
    values: told === undefined ? null : taughtValues(told, train, test),
    inputSize: trained.images.width,
    train: trained,
    test: test.length === 0 ? null : splitOf(test),
    scales,
    ...(fills === undefined ? {} : { fills }),
    plane:
      axes === null
        ? null
        : {
            ...planeOf({ ...data, labels, rows }, [...train, ...test]),
            axes,
            trainRows: train.length,
            scales,
            inputs,
          },
  };
}

function taughtValues(
  { name, unit, rows }: NonNullable<Rows["told"]>,
  train: Int32Array,
  test: Int32Array,
): TaughtValues {
  const scales = columnScales(rows, train);
  const scaled = (chosen: Int32Array) => standardized(rows, chosen, scales);
  return { name, unit, scales, train: scaled(train), test: test.length === 0 ? null : scaled(test) };
}

function planeOf(
  { rows: { data }, labels, told, atLeast }: Rows & { readonly labels: Labels },
  order: readonly number[],
): Pick<Plane, "points" | "labels" | "values" | "x" | "y"> {
  const points = new Float64Array(2 * order.length);
  order.forEach((row, i) => {
    points[2 * i] = data[2 * row];
    points[2 * i + 1] = data[2 * row + 1];
  });
  const range = (offset: 0 | 1): readonly [number, number] => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = offset; i < points.length; i += 2) {
      low = Math.min(low, points[i]);
      high = Math.max(high, points[i]);
    }
    const room = (atLeast === undefined ? 0.12 : 0.03) * (high - low) || 1;
    const [first, last] = atLeast ?? [low, high];
    return [Math.min(first, low - room), Math.max(last, high + room)];
  };
  const values = told === undefined ? {} : { values: valuesAt(told.rows, order) };
  return { points, labels: selectLabels(labels, order), ...values, x: range(0), y: range(1) };
}

function valuesAt({ data }: TableRows, order: readonly number[]): Plane["values"] {
  const of = Float64Array.from(order, (row) => data[row]);
  const low = smallestOf(of);
  const high = largestOf(of);
  return { of, range: low < high ? [low, high] : [low - 1, high + 1] };
}

function prepareImages(values: SandboxValues, own: OwnData & { kind: "idx" }, stream: RandomStream): PreparedData {
  const { split, classes, first = 0 } = own;
  const { train, test } = parted(split.labels.length, values.testShare, stream);
  const most = values.trainRows;
  return {
    classNames: digits(classes, first),
    values: null,
    inputSize: split.images.width,
    train: selectRows(split, train.subarray(0, most)),
    test: test.length === 0 ? null : selectRows(split, test.subarray(0, Math.max(1, Math.min(mnistTestRows, most)))),
    plane: null,
    scales: null,
  };
}

function digits(classes: number, first = 0): string[] {
  return Array.from({ length: classes }, (_, i) => String(i + first));
}

function letters(classes: number): string[] {
  return Array.from({ length: classes }, (_, i) => String.fromCharCode(65 + i));
}
