import type { TableRows } from "../standardize.ts";
import { shortened } from "./csv-error.ts";
import type { CsvTable } from "./csv-reader.ts";
import { type EncodedTable, encodedTable } from "./encoded-table.ts";
import type { TableOptions } from "./read-options.ts";
import { type InputColumn, inputNames, type TableSchema } from "./table-schema.ts";

/** Rows of numbers with a number each that is to be told. */
export interface ValuedTable
  extends Pick<
    EncodedTable,
    "name" | "rows" | "fills" | "missing" | "lines" | "skipped" | "columns" | "header" | "decimal" | "notes"
  > {
  /** Names of the inputs: of columns, and `column=word` for words. */
  readonly features: readonly string[];
  /** Name of the column that is told. */
  readonly target: string;
  /** The sign beside its numbers, such as "%"; "" where they are plain. */
  readonly unit: string;
  /** [rows, 1], exact as they stand in the table */
  readonly told: TableRows;
  readonly schema: Pick<TableSchema, "decimal"> & { readonly columns: readonly InputColumn[] };
}

/**
 * Takes a table apart into numbers and the numbers of one column. What the options leave open is found by evidence and said
 * in `notes`.
 * @throws CsvError with the line of what cannot be used, and what to do
 */
export function valuedTable(table: CsvTable, target: string, options: TableOptions = {}): ValuedTable {
  const {
    name,
    inputs,
    targets,
    weights: _,
    ...facts
  } = encodedTable(table, options, {
    kind: "numbers",
    targets: [target],
  });
  if (targets.kind !== "numbers") {
    throw new TypeError("encodedTable gives what it was asked for");
  }
  return {
    ...facts,
    name: shortened(name),
    features: inputs.flatMap(inputNames),
    target: targets.names[0],
    unit: targets.units?.[0] ?? "",
    told: targets.values,
    schema: { decimal: facts.decimal, columns: inputs },
  };
}
