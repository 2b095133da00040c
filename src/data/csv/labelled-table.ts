import type { Labels } from "../dataset.ts";
import { shortened } from "./csv-error.ts";
import type { CsvTable } from "./csv-reader.ts";
import { type EncodedTable, encodedTable } from "./encoded-table.ts";
import type { TableOptions } from "./read-options.ts";
import { inputNames, type TableSchema } from "./table-schema.ts";

/** Rows of numbers with a class each. */
export interface LabelledTable extends Omit<EncodedTable, "inputs" | "targets" | "weights"> {
  /** Names of the inputs: of columns, and `column=word` for words. */
  readonly features: readonly string[];
  /** Name of the column of classes. */
  readonly label: string;
  readonly classNames: readonly string[];
  /** [rows], in [0, classes) */
  readonly labels: Labels;
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
