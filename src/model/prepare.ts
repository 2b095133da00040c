import type { DataOrigin } from "../core/data-origin.ts";
import { DataError } from "../core/errors.ts";
import type { ByteRows, FloatRows } from "../core/rows.ts";
import { filledBy } from "../data/csv/fill.ts";
import { fingerprintOf } from "../data/fingerprint.ts";
import { type ColumnScales, columnScales, standardized, type TableRows } from "../data/standardize.ts";
import type { EncodedData } from "./encode.ts";
import type { ModelInputs, ModelTargets, ModelTask } from "./model-state.ts";

/** Rows as a network learns from them. */
export interface ReadyRows {
  readonly rows: ByteRows | FloatRows;
  /** [rows], of classes; else empty. */
  readonly labels: Int32Array;
  /** [rows, outputs] as the network should give them; null where the labels say it. */
  readonly values: FloatRows | null;
}

/** The numbers of so many rows, in order. */
export function allRows(count: number): Int32Array {
  return new Int32Array(count).map((_, i) => i);
}

/** The rows at the given numbers, scaled. Bytes of which all are asked for, in order, are not copied. */
export function scaledRows(
  rows: ByteRows | TableRows,
  chosen: Int32Array,
  scales: ColumnScales | null,
): ByteRows | FloatRows {
  if (rows.data instanceof Uint8Array) {
    const { count, width, data } = rows;
    if (chosen.length === count && data.length === count * width && chosen.every((row, i) => row === i)) {
      return rows as ByteRows;
    }
    const out = new Uint8Array(chosen.length * width);
    chosen.forEach((row, i) => {
      out.set(data.subarray(row * width, (row + 1) * width), i * width);
    });
    return { data: out, count: chosen.length, width };
  }
  const plain = { mean: new Array<number>(rows.width).fill(0), std: new Array<number>(rows.width).fill(1) };
  return standardized(rows as TableRows, chosen, scales ?? plain);
}

/** Data whose missing values are filled by the rows that are learnt from alone; the same where none are missing. @throws DataError */
export function refilled(encoded: EncodedData, train: Int32Array): EncodedData {
  const { inputs, missing } = encoded;
  if (missing.length === 0 && inputs.columns.every(({ fill }) => fill === null)) {
    return encoded;
  }
  const { rows, fills } = filledBy(inputs.columns, encoded.rows as TableRows, missing, train);
  return {
    ...encoded,
    rows,
    inputs: { ...inputs, columns: inputs.columns.map((column, k) => ({ ...column, fill: fills[k] })) },
  };
}

/** Scales of the rows that are learnt from: of numbers and dates; words and answers stay 0 and 1. */
export function inputScales({ rows, inputs }: EncodedData, train: Int32Array): ColumnScales | null {
  if (rows.data instanceof Uint8Array) {
    return null;
  }
  const scales = columnScales(rows as TableRows, train);
  const kinds = inputs.columns.flatMap(({ kind, words }) => new Array<string>(words?.length ?? 1).fill(kind));
  const isNumber = (j: number) => inputs.kind !== "table" || kinds[j] === "number" || kinds[j] === "date";
  return {
    mean: scales.mean.map((mean, j) => (isNumber(j) ? mean : 0)),
    std: scales.std.map((std, j) => (isNumber(j) ? std : 1)),
    constant: scales.constant?.map((constant, j) => constant && isNumber(j)),
  };
}

/** What a model keeps of the targets, by the rows that are learnt from. */
export function targetsOf({ targets }: EncodedData, task: ModelTask, train: Int32Array): ModelTargets {
  switch (targets.kind) {
    case "classes":
      if (task === "binary" && targets.classNames.length !== 2) {
        throw new DataError({
          en: `fit: a loss of values must tell 2 classes apart, got ${targets.classNames.length}. Leave the loss out.`,
          ja: `fit: 値の損失で見分けられるのは2クラスです(${targets.classNames.length} クラスありました)。loss の指定を外してください。`,
        });
      }
      return { kind: "classes", name: targets.name, classNames: targets.classNames };
    case "answers":
      return { kind: "labels", names: targets.names };
    case "numbers": {
      const { mean, std } = columnScales(targets.values, train);
      return { kind: "numbers", names: targets.names, units: targets.units, mean, std };
    }
  }
}

/** Outputs a network must have for such targets. */
export function outputsFor(targets: ModelTargets, task: ModelTask): number {
  return targets.kind === "classes" ? (task === "binary" ? 1 : targets.classNames.length) : targets.names.length;
}

/** Rows with their targets as the network should give them. */
export function readyRows(
  { rows, targets }: EncodedData,
  chosen: Int32Array,
  { task, inputs, kept }: { readonly task: ModelTask; readonly inputs: ModelInputs; readonly kept: ModelTargets },
): ReadyRows {
  const ready = scaledRows(rows, chosen, inputs.scales) as ByteRows | FloatRows;
  if (targets.kind === "classes") {
    const labels = chosen.map((row) => targets.labels[row]);
    return task === "binary"
      ? { rows: ready, labels, values: { data: Float32Array.from(labels), count: labels.length, width: 1 } }
      : { rows: ready, labels, values: null };
  }
  const { width } = targets.values;
  const scales =
    kept.kind === "numbers" ? kept : { mean: new Array<number>(width).fill(0), std: new Array<number>(width).fill(1) };
  return { rows: ready, labels: new Int32Array(0), values: standardized(targets.values, chosen, scales) };
}

/** The fingerprint of data before anything is scaled, so that a training goes on with the same. */
export function dataFingerprint({ rows, targets }: Pick<EncodedData, "rows" | "targets">): string {
  const none = new Uint8Array(0);
  return targets.kind === "classes"
    ? fingerprintOf([{ images: rows, labels: targets.labels }])
    : fingerprintOf([
        { images: rows, labels: none },
        { images: targets.values, labels: none },
      ]);
}

/** What a record keeps of data. @param folder absolute path of their file, where it is to be named */
export function originOfEncoded(
  data: Pick<EncodedData, "name" | "rows" | "targets"> & { readonly inputs: Pick<ModelInputs, "size"> },
  folder?: string,
): DataOrigin {
  const { name, rows, targets, inputs } = data;
  return {
    name,
    ...(folder === undefined ? {} : { folder }),
    fingerprint: dataFingerprint(data),
    trainRows: rows.count,
    testRows: 0,
    classes: targets.kind === "classes" ? targets.classNames.length : 0,
    inputs: inputs.size,
  };
}

/**
 * Weights of the rows at the given numbers, 1 on average; null where all count alike.
 * @throws DataError on weights that are no weights, or a class that is not there
 */
export function rowWeights(
  { targets, rows, weights: ofTable }: EncodedData,
  chosen: Int32Array,
  given: {
    readonly classWeights?: "balanced" | Readonly<Record<string, number>>;
    readonly sampleWeights?: ArrayLike<number>;
  },
): Float32Array | null {
  const { classWeights, sampleWeights = ofTable ?? undefined } = given;
  if (classWeights === undefined && sampleWeights === undefined) {
    return null;
  }
  if (sampleWeights !== undefined && sampleWeights.length !== rows.count) {
    throw new DataError({
      en: `fit: sampleWeights must be one a row (${rows.count}), got ${sampleWeights.length}. Give each row its own.`,
      ja: `fit: sampleWeights は1行に1つ、${rows.count} 個必要です(${sampleWeights.length} 個でした)。`,
    });
  }
  const ofClass = classWeights === undefined ? null : weightsOfClasses(targets, chosen, classWeights);
  const weights = Float64Array.from(chosen, (row) => {
    const own = ofClass === null || targets.kind !== "classes" ? 1 : ofClass[targets.labels[row]];
    return own * (sampleWeights === undefined ? 1 : sampleWeights[row]);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  const bad = weights.findIndex((weight) => !Number.isFinite(weight) || weight < 0);
  if (bad >= 0 || !(sum > 0)) {
    throw new DataError({
      en: `fit: weights must be finite numbers of 0 or more, not all 0, got ${weights[Math.max(0, bad)]}. Correct them.`,
      ja: `fit: 重みは0以上の有限の数で、すべて0であってはいけません(${weights[Math.max(0, bad)]} がありました)。`,
    });
  }
  return Float32Array.from(weights, (weight) => (weight * weights.length) / sum);
}

function weightsOfClasses(
  targets: EncodedData["targets"],
  chosen: Int32Array,
  given: "balanced" | Readonly<Record<string, number>>,
): number[] {
  if (targets.kind !== "classes") {
    throw new DataError({
      en: "fit: classWeights need classes, got numbers or answers to tell. Use sampleWeights.",
      ja: "fit: classWeights は分類でだけ使えます。sampleWeights を使ってください。",
    });
  }
  const { classNames, labels } = targets;
  if (given === "balanced") {
    const counts = classNames.map(() => 0);
    for (const row of chosen) {
      counts[labels[row]]++;
    }
    return counts.map((count) => (count === 0 ? 0 : chosen.length / count));
  }
  const unknown = Object.keys(given).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new DataError({
      en: `fit: classWeights must name classes of the data (${classNames.slice(0, 8).join(", ")}), got "${unknown}". Correct it.`,
      ja: `fit: classWeights の "${unknown}" というクラスはありません(クラス: ${classNames.slice(0, 8).join("、")})。`,
    });
  }
  // A class may be called as what every object has, such as toString.
  return classNames.map((name) => (Object.hasOwn(given, name) ? (given[name] ?? 1) : 1));
}
