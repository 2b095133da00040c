import type { Told } from "../../core/text.ts";
import { isAbsent } from "./column-facts.ts";
import { shortened } from "./csv-error.ts";
import { type DateOrder, dateOf } from "./date-text.ts";
import { type Decimal, numberOf, unitOf } from "./numeral.ts";
import type { ColumnKind } from "./read-options.ts";
import { answerOf, wordPlace } from "./word-place.ts";

/** How one column becomes inputs; plain JSON. */
export interface InputColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Words that stand for no value. */
  readonly absent: readonly string[];
  /** Of a category: its words, one input each, in this order. */
  readonly words?: readonly string[];
  /** Of dates of which some need it: 3/4/2024. */
  readonly dateOrder?: DateOrder;
  /** Of numbers: the sign that stands beside them in the table, such as "%"; absent where they are plain. */
  readonly unit?: string;
}

/** How rows of a table become inputs and classes: what a network learnt from has to be done to new rows too. Plain JSON. */
export interface TableSchema {
  readonly decimal: Decimal;
  readonly columns: readonly InputColumn[];
  /** Name of the column of classes. */
  readonly target: string;
  readonly classNames: readonly string[];
}

/** Names of a column's inputs: its own, or `sex=female` for each word. */
export function inputNames({ name, words }: InputColumn): string[] {
  return words === undefined ? [name] : words.map((word) => `${name}=${shortened(word)}`);
}

/**
 * Writes a cell's inputs into a row, from place `at`, exact in float64. Gives what is wrong with the cell, or null.
 * @param fill what a missing value becomes; null: it is wrong
 */
export function writeInputs(
  column: InputColumn,
  cell: string,
  decimal: Decimal,
  row: Float64Array,
  at: number,
  fill: number | string | null,
): Told | null {
  const { name, kind, words, absent } = column;
  if (isAbsent(cell, absent)) {
    if (typeof fill === "number") {
      row[at] = fill;
      return null;
    }
    if (fill !== null) {
      return writeInputs(column, fill, decimal, row, at, null);
    }
    return {
      en: `column ${name} must have a value, got ${cell === "" ? "none" : `"${shortened(cell)}"`}. Fill it in, leave the row out, or train the model with missing "fill".`,
      ja: `${name} 列の値がありません。値を補うか、その行を除くか、missing "fill" でモデルを学習し直してください。`,
    };
  }
  if (words !== undefined) {
    const place = wordPlace(words, cell);
    if (place < 0) {
      return {
        en: `column ${name} must be one of ${words.slice(0, 5).map(shortened).join(", ")}${words.length > 5 ? ", …" : ""}, got "${shortened(cell)}", which was not among the rows that were learnt from. Correct it, or train anew with such rows.`,
        ja: `${name} 列の値 "${shortened(cell)}" は学習時のデータにありません。値を直すか、その値を含むデータで学習し直してください。`,
      };
    }
    for (let k = 0; k < words.length; k++) {
      row[at + k] = k === place ? 1 : 0;
    }
    return null;
  }
  const unlike = kind === "number" ? wrongUnit(column, cell, decimal, "may") : null;
  if (unlike !== null) {
    return unlike;
  }
  const value =
    kind === "date"
      ? (dateOf(cell, column.dateOrder ?? "mdy")?.seconds ?? Number.NaN)
      : kind === "boolean"
        ? (answerOf(cell) ?? Number.NaN)
        : numberOf(cell, decimal);
  row[at] = value;
  if (Number.isFinite(value)) {
    return null;
  }
  const shown = shortened(cell);
  const must: Record<Exclude<ColumnKind, "category">, Told> = {
    number: { en: "numbers", ja: "数値" },
    boolean: { en: "yes or no", ja: "はい/いいえ" },
    date: { en: "dates", ja: "日時" },
  };
  const { en, ja } = must[kind as keyof typeof must];
  return {
    en: `column ${name} must hold ${en}, got "${shown}". Correct the cell, make it the column of classes, take the column as words, or leave it out.`,
    ja: `${name} 列に${ja}として読めない値 "${shown}" があります。値を直すか、クラスの列か語の列にするか、列を外してください。`,
  };
}

/**
 * What is wrong with what a cell's number counts, or null.
 * @param plain whether one without a sign may stand in a column that has a unit: a model is given such by programs; within
 * one table it would be a number of something else
 */
export function wrongUnit(
  { name, unit = "" }: Pick<InputColumn, "name" | "unit">,
  cell: string,
  decimal: Decimal,
  plain: "may" | "may not",
): Told | null {
  const own = unitOf(cell, decimal);
  if (own === unit || (own === "" && plain === "may")) {
    return null;
  }
  const shown = shortened(cell);
  return unit === ""
    ? {
        en: `column ${name} must hold numbers without a unit as others of it do, got "${shown}". Take the unit off, or take the column as words.`,
        ja: `${name} 列は単位のない数値ですが、"${shown}" があります。単位を取るか、列を語として扱ってください。`,
      }
    : {
        en: `column ${name} must hold numbers with "${unit}" as others of it do, got "${shown}". Correct the cell, or take the column as words.`,
        ja: `${name} 列は "${unit}" の付いた数値ですが、"${shown}" があります。値を直すか、列を語として扱ってください。`,
      };
}
