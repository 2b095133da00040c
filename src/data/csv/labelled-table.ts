import type { Labels } from "../dataset.ts";
import type { TableRows } from "../standardize.ts";
import { shortened } from "./csv-error.ts";
import type { CsvTable } from "./csv-reader.ts";
import { encodedTable, type FoundColumn } from "./encoded-table.ts";
import type { Fill, MissingCells } from "./fill.ts";
import type { TableOptions } from "./read-options.ts";
import type { ReadingNote } from "./reading-note.ts";
import { inputNames, type TableSchema } from "./table-schema.ts";

/** Rows of numbers with a class each. */
export interface LabelledTable {
  /** Of the file. */
  readonly name: string;
  /** Names of the inputs: of columns, and `column=word` for words. */
  readonly features: readonly string[];
  /** Name of the column of classes. */
  readonly label: string;
  readonly classNames: readonly string[];
  /** [rows, features], exact as they stand in the table; to be scaled before they become float32 */
  readonly rows: TableRows;
  /** [rows], in [0, classes) */
  readonly labels: Labels;
  /** What a missing value of each of the table's columns becomes that are learnt from; null where it is refused. */
  readonly fills: readonly Fill[];
  /** The cells that had no value: they are filled by all rows, and anew by those that are learnt from. */
  readonly missing: readonly MissingCells[];
  /** The line of each row in the file. */
  readonly lines: readonly number[];
  /** Rows left out because a cell was empty. */
  readonly skipped: number;
  /** All columns in the table's order. */
  readonly columns: readonly FoundColumn[];
  readonly header: boolean;
  readonly decimal: "point" | "comma";
  /** What was found by evidence, in the text and in the cells, and how each is told otherwise. */
  readonly notes: readonly ReadingNote[];
  readonly schema: TableSchema;
}

/**
 * Takes a table apart into numbers and classes. What the options leave open is found by evidence and said in `notes`.
 * @throws CsvError with the line of what cannot be used, and what to do
 */
export function labelledTable(table: CsvTable, options: TableOptions = {}): LabelledTable {
  const { name, inputs, targets, weights: _, ...facts } = encodedTable(table, options);
  if (targets.kind !== "classes") {
    throw new TypeError("encodedTable gives classes unless it is told otherwise");
  }
  const classNames = targets.classNames.map(shortened);
  return {
    ...facts,
    name: shortened(name),
    features: inputs.flatMap(inputNames),
    label: targets.name,
    classNames,
    labels: targets.labels,
    schema: { decimal: facts.decimal, columns: inputs, target: targets.name, classNames },
  };
}
