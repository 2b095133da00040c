import { DataError } from "../core/errors.ts";
import type { FileBytes } from "../core/file-bytes.ts";
import { describeValue } from "../core/foreign-value.ts";
import { isObject } from "../core/json-shape.ts";
import { checkReading } from "../data/csv/check-reading.ts";
import type { CsvTable } from "../data/csv/csv-reader.ts";
import type { Decimal } from "../data/csv/numeral.ts";
import { csvTable } from "../data/csv/read-csv.ts";
import type { CsvOptions } from "../data/csv/read-options.ts";
import type { ReadingNote } from "../data/csv/reading-note.ts";
import { type ColumnTypes, declaredColumns, type RowOf } from "./column-types.ts";
import type { DataSource } from "./model-state.ts";
import type { Cell, Row } from "./row.ts";

/** How a table is read and used; see {@link CsvOptions}. */
export interface ReadTableOptions extends Omit<CsvOptions, "target"> {
  /** The column to be told, or several, for regression and multi-label. */
  readonly target?: string | readonly string[];
}

/** Options that declare the columns. */
export type TypedReadOptions<C extends ColumnTypes, T extends keyof C & string> = ReadTableOptions & {
  /** The columns that are used, and what they hold: from it come the types of rows and answers. All others are left out. */
  readonly columns: C;
  readonly target: T | readonly T[];
};

/**
 * A table of text with what is known of its columns: what a model learns from, and is asked about. Where its columns are
 * declared, `R` is the type of its rows and `T` the name of what is told.
 */
export class Table<R = Row, T extends string = string> {
  /** For types alone. */
  declare readonly types?: { readonly row: R; readonly target: T };
  readonly csv: CsvTable;
  readonly options: ReadTableOptions;
  /** The file it was read from; null of rows that a program made. */
  readonly source: DataSource | null;

  constructor(csv: CsvTable, options: ReadTableOptions = {}, file: string | null = null) {
    this.csv = csv;
    this.options = options;
    const { limits: _, ...plain } = options;
    this.source = file === null ? null : { file, options: plain };
  }

  /** What was found by evidence in the text; what was found in the cells is said by the model that learnt from them. */
  get notes(): readonly ReadingNote[] {
    return this.csv.notes;
  }
}

/** As {@link readTable} without `columns`, with the types that these declare. @throws CsvError as there */
export function readTable<const C extends ColumnTypes, const T extends keyof C & string>(
  source: FileBytes | string,
  name: string,
  options: TypedReadOptions<C, T>,
  file?: string,
): Table<RowOf<C>, T>;
/**
 * Reads a table of separated values from bytes or text; encoding and separator are found by evidence where not given.
 * @param name of the file, for sentences
 * @param file where it lies, for whoever goes on training; its name when absent
 * @throws CsvError with the line of what is not right, and what to do
 */
export function readTable(
  source: FileBytes | string,
  name: string,
  options?: ReadTableOptions & { readonly columns?: undefined },
  file?: string,
): Table;
export function readTable(
  source: FileBytes | string,
  name: string,
  options: ReadTableOptions & { readonly columns?: ColumnTypes } = {},
  file: string = name,
): Table {
  checkReading("readTable", options);
  const { columns, ...rest } = options;
  const { target = [], weights } = rest;
  const declared =
    columns === undefined ? {} : declaredColumns(columns, typeof target === "string" ? [target] : target, weights);
  return new Table(csvTable(source, name, options), { ...rest, ...declared }, file);
}

/** Those of a table's rows, the header among them, that are wanted; each keeps its line. @param keeps asked for each, from 0 */
export function keptRows(csv: CsvTable, keeps: (row: number) => boolean): CsvTable {
  const { columns, cells, lines } = csv;
  const rows = Array.from({ length: csv.rows }, (_, i) => i).filter(keeps);
  return {
    ...csv,
    rows: rows.length,
    cells: rows.flatMap((i) => cells.slice(i * columns, (i + 1) * columns)),
    lines: rows.map((i) => lines[i]),
  };
}

/**
 * Rows that a program made as a table.
 * @param options.decimal how numbers in its text are written, and how those that are none yet become text; point when absent
 * @param wanted the columns that count, where others may hold anything; all when absent
 * @throws DataError where there are none, or a value fits no cell
 */
export function tableOfRows(
  rows: readonly Row[],
  options: ReadTableOptions = {},
  wanted: readonly string[] | null = null,
): Table {
  const { decimal = "point" } = options;
  const wrong = rows.findIndex((row) => !isObject(row));
  if (wrong >= 0) {
    throw new DataError({
      en: `rows: every row must be an object such as { width: 1.4, kind: 'a' }, got ${describeValue(rows[wrong])} in row ${wrong}. Of rows of numbers give { x, y }.`,
      ja: `rows: 各行は { width: 1.4, kind: 'a' } のようなオブジェクトで指定してください(${wrong} 行が ${describeValue(rows[wrong])} です)。数だけの行なら { x, y } で渡します。`,
    });
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) {
    throw new DataError({
      en: "rows: at least 1 row with 1 column is needed, got none. Give objects such as { width: 1.4, kind: 'a' }.",
      ja: "rows: 列のある行が1行以上必要です。{ width: 1.4, kind: 'a' } のようなオブジェクトを渡してください。",
    });
  }
  const counts = (name: string) => wanted === null || wanted.includes(name);
  const cells = [
    ...names,
    ...rows.flatMap((row, i) =>
      names.map((name) => (counts(name) ? cellText(row[name], { name, row: i, decimal }) : "")),
    ),
  ];
  return new Table(
    {
      name: "rows",
      encoding: "utf-8",
      separator: ",",
      columns: names.length,
      rows: rows.length + 1,
      cells,
      lines: Array.from({ length: rows.length + 1 }, (_, i) => i),
      notes: [],
    },
    { ...options, header: true, decimal },
  );
}

interface CellPlace {
  readonly name: string;
  readonly row: number;
  readonly decimal: Decimal;
}

function cellText(cell: Cell, { name, row, decimal }: CellPlace): string {
  switch (typeof cell) {
    case "string":
      return cell.trim();
    case "boolean":
    // As databases give whole numbers.
    case "bigint":
      return String(cell);
    case "number":
      if (cell === Number.POSITIVE_INFINITY || cell === Number.NEGATIVE_INFINITY) {
        break;
      }
      // No value, as an empty cell.
      return Number.isNaN(cell) ? "" : decimal === "point" ? String(cell) : String(cell).replace(".", ",");
    case "undefined":
      return "";
    default:
      if (cell === null) {
        return "";
      }
      if (cell instanceof Date && !Number.isNaN(cell.getTime())) {
        return cell.toISOString();
      }
  }
  throw new DataError({
    en: `rows: column ${name} must hold finite numbers, text, booleans or dates, got ${describeValue(cell)} in row ${row}. Correct it.`,
    ja: `rows: ${name} 列には有限の数・文字列・真偽値・日時を指定してください(${row} 行が ${describeValue(cell)} です)。`,
  });
}
