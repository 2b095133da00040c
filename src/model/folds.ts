import { checkOptions, wholeNumber } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { RandomStream } from "../core/random.ts";
import { columnPlace } from "../data/csv/column-place.ts";
import { columnNames, looksHeaded } from "../data/csv/header.ts";
import { decimalOf } from "../data/csv/numeral.ts";
import { targetWords } from "../data/csv/target-columns.ts";
import { keptRows, Table } from "./table.ts";

/** One way to part a table: rows to learn from, rows to be measured on. */
export interface Fold {
  readonly train: Table;
  readonly test: Table;
}

/**
 * Parts a table k ways: every row is measured on once. Rows are dealt in random order, those of one target value (a class)
 * evenly over the folds. Where `fit` is to measure, `validation: { fold, of }` does it without parting anything.
 * `options.seed`: of the order; 0 when absent.
 * @throws HyperError on what is no table, or when k is not from 2 to the number of rows, CsvError on a target that is not there
 */
export function kFold(table: Table, k: number, options: { readonly seed?: number } = {}): Fold[] {
  checkOptions("kFold", options, { seed: true });
  if (!(table instanceof Table)) {
    throw new HyperError({
      en: `kFold: data must be a table, got ${describeValue(table)}. Read a file with readCsv, its text with readTable.`,
      ja: `kFold: 表を渡してください(渡された値: ${describeValue(table)})。ファイルは readCsv、その中身の文字列は readTable で読みます。`,
    });
  }
  const { seed = 0 } = options;
  const { csv, options: reading } = table;
  const header = reading.header ?? looksHeaded(csv, reading.decimal ?? decimalOf(csv.cells, csv.separator).decimal);
  const first = header ? 1 : 0;
  wholeNumber("kFold", "k", k, { min: 2, max: csv.rows - first });
  const order = RandomStream.seeded(seed).permutation(csv.rows - first);
  const target =
    typeof reading.target === "string"
      ? columnPlace(
          { file: csv.name, names: columnNames(csv, header).names, top: [] },
          reading.target,
          targetWords.classes,
        )
      : -1;
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
      { ...reading, header },
    );
  return Array.from({ length: k }, (_, fold) => ({
    train: part((own) => own !== fold),
    test: part((own) => own === fold),
  }));
}
