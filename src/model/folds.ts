import { wholeNumber } from "../core/checks.ts";
import { RandomStream } from "../core/random.ts";
import { looksHeaded } from "../data/csv/header.ts";
import { decimalOf } from "../data/csv/numeral.ts";
import { keptRows, Table } from "./table.ts";

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
      keptRows(csv, (row) => row < first || keeps(foldOf[row - first])),
      { ...options, header },
    );
  return Array.from({ length: k }, (_, fold) => ({
    train: part((own) => own !== fold),
    test: part((own) => own === fold),
  }));
}
