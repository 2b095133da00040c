import { wholeNumber } from "../core/checks.ts";
import { RandomStream } from "../core/random.ts";
import type { CsvTable } from "../data/csv/csv-reader.ts";
import { looksHeaded } from "../data/csv/header.ts";
import { decimalOf } from "../data/csv/numeral.ts";
import { Table } from "./table.ts";

/** One way to part a table: rows to learn from, rows to be measured on. */
export interface Fold {
  readonly train: Table;
  readonly test: Table;
}

/**
 * Parts a table k ways: every row is measured on once. Rows are dealt in random order, those of one target value (a class)
 * evenly over the folds.
 * @param seed of the order
 * @throws HyperError when k is not from 2 to the number of rows
 */
export function kFold(table: Table, k: number, { seed = 0 }: { readonly seed?: number } = {}): Fold[] {
  const { csv, options } = table;
  const header = options.header ?? looksHeaded(csv, options.decimal ?? decimalOf(csv.cells, csv.separator).decimal);
  const first = header ? 1 : 0;
  wholeNumber("kFold", "k", k, { min: 2, max: csv.rows - first });
  const order = RandomStream.seeded(seed).permutation(csv.rows - first);
  const target =
    typeof options.target === "string" && header ? csv.cells.slice(0, csv.columns).indexOf(options.target) : -1;
  const valueAt = (row: number) => (target < 0 ? "" : csv.cells[(first + row) * csv.columns + target]);
  // Sorting keeps the random order within each value.
  const dealt = [...order].sort((a, b) => (valueAt(a) < valueAt(b) ? -1 : valueAt(a) > valueAt(b) ? 1 : 0));
  const foldOf = new Int32Array(csv.rows - first);
  dealt.forEach((row, i) => {
    foldOf[row] = i % k;
  });
  const part = (keeps: (fold: number) => boolean) =>
    new Table(
      rowsOf(csv, first, (row) => keeps(foldOf[row])),
      { ...options, header },
    );
  return Array.from({ length: k }, (_, fold) => ({
    train: part((own) => own !== fold),
    test: part((own) => own === fold),
  }));
}

function rowsOf(csv: CsvTable, first: number, keeps: (row: number) => boolean): CsvTable {
  const { columns, cells, lines } = csv;
  const rows = Array.from({ length: csv.rows }, (_, i) => i).filter((i) => i < first || keeps(i - first));
  return {
    ...csv,
    rows: rows.length,
    cells: rows.flatMap((i) => cells.slice(i * columns, (i + 1) * columns)),
    lines: rows.map((i) => lines[i]),
  };
}
