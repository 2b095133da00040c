import { nearest } from "../core/errors.ts";
import { isAbsent, looksAbsent } from "../data/csv/column-facts.ts";
import { CsvError, shortened } from "../data/csv/csv-error.ts";
import type { CsvTable } from "../data/csv/csv-reader.ts";
import { type DateOrder, dateOf, dateOrderOf } from "../data/csv/date-text.ts";
import { columnNames } from "../data/csv/header.ts";
import { type Decimal, decimalOf } from "../data/csv/numeral.ts";
import type { ModelColumn, ModelState, ModelTargets } from "./model-state.ts";
import { keptRows, Table } from "./table.ts";

// A table that a model is asked about: where the model's columns stand in it, how it is written, and which rows are whole.

/** What a model knows of its tables. */
type Asked = Pick<ModelState, "inputs" | "targets">;

/** Where columns of these names stand, and the first row that holds values. @throws CsvError where one is missing */
export function placesOf(csv: CsvTable, wanted: readonly string[], asked: Asked): { places: number[]; first: number } {
  const first = headerRows(asked);
  const { names } = columnNames(csv, first > 0);
  const places = wanted.map((name) => {
    const at = names.indexOf(name);
    if (at < 0) {
      // A column that is asked for by its own name is not this one, misspelt.
      const near = nearest(
        name,
        names.filter((other) => !wanted.includes(other)),
      );
      const shown = names.slice(0, 8).map(shortened);
      const told = namesOf(asked.targets).includes(name);
      throw new CsvError(csv.name, null, {
        en: `it must have the column ${name} that the model ${told ? "tells, to measure it by" : "learnt from"}, got ${shown.join(", ")}${names.length > 8 ? ", …" : ""}. ${near === undefined ? "Add it, with the names in the first row." : `Is it ${near}? Rename it.`}`,
        ja: `${told ? `正解となる ${name} 列` : `モデルが学習した ${name} 列`}がありません(列: ${shown.join("、")}${names.length > 8 ? "、…" : ""})。${near === undefined ? "1行目に列名を書き、その列を加えてください。" : `${near} のことなら、名前を直してください。`}`,
      });
    }
    return at;
  });
  if (csv.rows <= first) {
    throw new CsvError(csv.name, null, {
      en: "must hold rows of values below the header, got none. Give rows to tell of.",
      ja: "見出し行のほかにデータがありません。予測する行を加えてください。",
    });
  }
  return { places, first };
}

/** Cells of some columns, row after row. */
function* cellsAt({ cells, columns, rows }: CsvTable, places: readonly number[], first: number): Generator<string> {
  for (let row = first; row < rows; row++) {
    for (const place of places) {
      yield cells[row * columns + place];
    }
  }
}

/**
 * How a table writes its numbers: as it was told, else as the cells that the model reads say, else as the model's tables did.
 * @throws CsvError where they can be read both ways, and the likely one is not the model's
 */
export function decimalFor(
  { csv, options }: Table,
  { inputs, targets }: Pick<ModelState, "inputs" | "targets">,
): Decimal {
  if (options.decimal !== undefined || inputs.kind !== "table") {
    return options.decimal ?? inputs.decimal;
  }
  const first = headerRows({ inputs, targets });
  const numbers = new Set([
    ...inputs.columns.flatMap(({ name, kind }) => (kind === "number" ? [name] : [])),
    ...(targets.kind === "numbers" ? targets.names : []),
  ]);
  const places = columnNames(csv, first > 0).names.flatMap((name, j) => (numbers.has(name) ? [j] : []));
  const { decimal, sample, sure } = decimalOf(cellsAt(csv, places, first), csv.separator);
  if (sample === null) {
    return inputs.decimal;
  }
  if (sure || decimal === inputs.decimal) {
    return decimal;
  }
  throw new CsvError(csv.name, null, {
    en: `numbers must be readable in one way, got "${shortened(sample)}", which this table seems to write with a decimal ${decimal} and the model's with a decimal ${inputs.decimal}. Say which it is: decimal "point" or "comma".`,
    ja: `"${shortened(sample)}" の小数点がピリオドかカンマか決められません(モデルの学習データとは逆に見えます)。decimal に "point" か "comma" を指定してください。`,
  });
}

/**
 * In which order a table's dates name day and month: as it was told, else as its cells say, else as the model's did.
 * @throws CsvError where none of these tells it and a date needs it
 */
export function dateOrderFor(
  { csv, options }: Table,
  { name, dateOrder }: ModelColumn,
  { place, first }: { readonly place: number; readonly first: number },
): DateOrder | undefined {
  const cells = [...cellsAt(csv, [place], first)];
  const order = options.dateOrder ?? dateOrderOf(cells) ?? dateOrder;
  const isOpen = (cell: string) => dateOf(cell, "mdy")?.seconds !== dateOf(cell, "dmy")?.seconds;
  const open = order === undefined ? cells.findIndex(isOpen) : -1;
  if (open >= 0) {
    throw new CsvError(csv.name, csv.lines[first + open], {
      en: `column ${name} must hold dates that can be read one way, got "${shortened(cells[open])}", of which day and month are open. Say which comes first: dateOrder "dmy" or "mdy".`,
      ja: `${name} 列の "${shortened(cells[open])}" は日と月の順序が決められません。dateOrder に "dmy" か "mdy" を指定してください。`,
    });
  }
  return order;
}

/** Names of the columns that a model tells. */
export const namesOf = (targets: ModelTargets) => (targets.kind === "classes" ? [targets.name] : targets.names);

/**
 * How many rows of a model's tables name the columns: 1 or none. A model of a table without names knows all of its columns by
 * number; one of them alone may have an empty name.
 */
export function headerRows({ inputs, targets }: Asked): 0 | 1 {
  const names = [...(inputs.kind === "table" ? inputs.columns.map(({ name }) => name) : []), ...namesOf(targets)];
  return names.some((name) => !/^#\d+$/.test(name)) ? 1 : 0;
}

/**
 * A table's rows that have all their values, where it says that others are left out (`missing: "skip"`); else the
 * table as it is.
 * @param needed whether what is told must be there too
 * @throws CsvError where a column is missing
 */
export function wholeRows(table: Table, { inputs, targets }: Asked, needed: "inputs" | "inputs and answers"): Table {
  const { csv, options } = table;
  if (options.missing !== "skip" || inputs.kind !== "table") {
    return table;
  }
  const asked = inputs.columns.map(({ name }) => name);
  const told = needed === "inputs" ? [] : namesOf(targets);
  const { places, first } = placesOf(csv, [...asked, ...told], { inputs, targets });
  // A word that was learnt is a value, whatever it looks like.
  const learnt = [
    ...inputs.columns.map(({ words }) => words),
    targets.kind === "classes" ? targets.classNames : undefined,
  ];
  const lacks = (cell: string, k: number) =>
    isAbsent(cell, inputs.columns[k]?.absent ?? []) ||
    (looksAbsent(cell, options.absent) && !learnt[Math.min(k, asked.length)]?.includes(cell));
  const isWhole = (row: number) => !places.some((place, k) => lacks(csv.cells[row * csv.columns + place], k));
  return new Table(
    keptRows(csv, (row) => row < first || isWhole(row)),
    { ...options, header: first > 0 },
  );
}
