import { DataError } from "../../core/errors.ts";
import type { TableRows } from "../standardize.ts";
import type { InputColumn } from "./table-schema.ts";

/** What stands in for a missing value: a number, one of a column's words; null where nothing is known of the column. */
export type Fill = number | string | null;

/** The rows of one column that had no value: of the column number `column`, in order. */
export interface MissingCells {
  readonly column: number;
  readonly rows: Int32Array;
}

/**
 * What stands in for a missing value of each column, by the rows at the given numbers alone: the mean of its numbers or
 * dates, its most frequent word or answer. Rows to be measured on must not have a say in it.
 * @param rows [rows, inputs] as written, whatever stands in the missing cells
 */
export function fillsOf(
  columns: readonly InputColumn[],
  rows: TableRows,
  missing: readonly MissingCells[],
  chosen: Int32Array,
): Fill[] {
  let at = 0;
  return columns.map((column, k) => {
    const first = at;
    at += column.words?.length ?? 1;
    const absent = new Set(missing.find((cells) => cells.column === k)?.rows);
    const present = absent.size === 0 ? chosen : chosen.filter((row) => !absent.has(row));
    const valueAt = (row: number, j = 0) => rows.data[row * rows.width + first + j];
    if (present.length === 0) {
      return null;
    }
    if (column.words !== undefined) {
      const { words } = column;
      return mostFrequent(present, (row) => words.findIndex((_, j) => valueAt(row, j) === 1), words);
    }
    if (column.kind === "boolean") {
      return mostFrequent(present, valueAt, [0, 1]);
    }
    // Each by itself: dates in seconds and numbers near the end of float64 do not overflow the sum.
    return present.reduce((mean, row, i) => mean + (valueAt(row) - mean) / (i + 1), 0);
  });
}

/**
 * The rows, filled by those at the given numbers alone, and what they were filled with.
 * @throws DataError where a column has a value in none of them and another row lacks it
 */
export function filledBy(
  columns: readonly InputColumn[],
  rows: TableRows,
  missing: readonly MissingCells[],
  chosen: Int32Array,
): { readonly rows: TableRows; readonly fills: readonly Fill[] } {
  const fills = fillsOf(columns, rows, missing, chosen);
  const unknown = missing.find(({ column }) => fills[column] === null);
  if (unknown !== undefined) {
    const { name } = columns[unknown.column];
    throw new DataError({
      en: `column ${name} must have a value in some row that is learnt from, got none. Leave the column out, or hold back other rows.`,
      ja: `学習に使う行の ${name} 列に値が1つもないため、欠損を補えません。その列を外すか、検証の割合を変えてください。`,
    });
  }
  return { rows: filledRows(columns, rows, missing, fills), fills };
}

/** Of several that are as frequent, the one that comes first. */
function mostFrequent<T>(rows: Int32Array, placeOf: (row: number) => number, values: readonly T[]): T {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const place = placeOf(row);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const [place] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  return values[place];
}

/** The rows with something in place of what was missing; the same where nothing was. */
export function filledRows(
  columns: readonly InputColumn[],
  rows: TableRows,
  missing: readonly MissingCells[],
  fills: readonly Fill[],
): TableRows {
  if (missing.length === 0) {
    return rows;
  }
  const data = rows.data.slice();
  let width = 0;
  const begins = columns.map(({ words }) => {
    width += words?.length ?? 1;
    return width - (words?.length ?? 1);
  });
  for (const { column, rows: absent } of missing) {
    const { words } = columns[column];
    const fill = fills[column];
    for (const row of absent) {
      const at = row * rows.width + begins[column];
      if (words === undefined) {
        data[at] = fill as number;
      } else {
        words.forEach((word, j) => {
          data[at + j] = word === fill ? 1 : 0;
        });
      }
    }
  }
  return { ...rows, data };
}
