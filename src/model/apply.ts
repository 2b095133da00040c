import type { ByteRows } from "../core/byte-rows.ts";
import { DataError, nearest } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import { booleansOf } from "../data/csv/boolean-text.ts";
import { isAbsent, looksAbsent } from "../data/csv/column-facts.ts";
import { CsvError, shortened } from "../data/csv/csv-error.ts";
import type { CsvTable } from "../data/csv/csv-reader.ts";
import { type DateOrder, dateOf, dateOrderOf } from "../data/csv/date-text.ts";
import { columnNames } from "../data/csv/header.ts";
import { type Decimal, decimalOf, numberOf } from "../data/csv/numeral.ts";
import { writeInputs, wrongUnit } from "../data/csv/table-schema.ts";
import type { TableRows } from "../data/standardize.ts";
import { isRows, type LabelledRows, type ModelData, type NumberData, numberRows } from "./encode.ts";
import type { ModelColumn, ModelInputs, ModelState, ModelTargets } from "./model-state.ts";
import { keptRows, Table, tableOfRows } from "./table.ts";

/** Rows that a model is asked about; `x` and `images` need no answers beside them. */
export type Questions = ModelData | Pick<NumberData, "x"> | Pick<LabelledRows, "images">;

/** The rows of data as a model takes them: its columns by name, not yet scaled. @throws DataError, CsvError */
export function rowsFor(data: Questions, state: Pick<ModelState, "inputs" | "targets">): ByteRows | TableRows {
  const { inputs } = state;
  const rows =
    data instanceof Table
      ? tableRows(data, state)
      : isTableRows(data)
        ? tableRows(tableOfRows(data, { decimal: inputs.decimal }), state)
        : "images" in data
          ? (data.images as ByteRows | TableRows)
          : numberRows(data.x);
  if (rows.width !== inputs.size || (inputs.kind === "image") !== rows.data instanceof Uint8Array) {
    const what = inputs.kind === "image" ? { en: "bytes", ja: "バイト" } : { en: "numbers", ja: "数" };
    throw new DataError({
      en: `model: rows must have ${inputs.size} ${what.en} as those it learnt from, got ${rows.width}. Give it such rows.`,
      ja: `model: 1行は学習時と同じ ${inputs.size} 個の${what.ja}でなければなりません(${rows.width} 個でした)。`,
    });
  }
  return rows;
}

/**
 * A table's rows that have all their values, where it says that others are left out (`missing: "skip"`); any other data as
 * they are.
 * @param needed whether what is told must be there too
 * @throws CsvError where a column is missing
 */
export function wholeRows<D extends Questions>(
  data: D,
  { inputs, targets }: Pick<ModelState, "inputs" | "targets">,
  needed: "inputs" | "inputs and answers",
): D | Table {
  if (!(data instanceof Table) || data.options.missing !== "skip" || inputs.kind !== "table") {
    return data;
  }
  const { csv, options } = data;
  const headed = isHeaded(inputs, targets);
  const asked = inputs.columns.map(({ name }) => name);
  const told = needed === "inputs" ? [] : namesOf(targets);
  const { places, first } = placesOf(csv, [...asked, ...told], headed);
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
    { ...options, header: headed },
  );
}

const namesOf = (targets: ModelTargets) => (targets.kind === "classes" ? [targets.name] : targets.names);

function isTableRows(data: Questions): data is Extract<Questions, readonly unknown[]> {
  return isRows(data as ModelData);
}

function tableRows(table: Table, state: Pick<ModelState, "inputs" | "targets">): TableRows {
  const { csv, options } = table;
  const { inputs, targets } = state;
  if (inputs.kind !== "table") {
    throw new DataError({
      en: `model: rows must be ${inputs.kind === "image" ? "images" : "numbers in order"} as those it learnt from, got a table. Give ${inputs.kind === "image" ? "{ images }" : "{ x }"}.`,
      ja: `model: 学習時と同じ形のデータ(${inputs.kind === "image" ? "画像" : "数の並び"})が必要ですが、表が渡されました。`,
    });
  }
  const { places, first } = placesOf(
    csv,
    inputs.columns.map(({ name }) => name),
    isHeaded(inputs, targets),
  );
  const decimal = decimalFor(table, state);
  const count = csv.rows - first;
  // What this table was told of itself, or says, stands above what the model's own said.
  const columns = inputs.columns.map(
    (column, k): ModelColumn => ({
      ...column,
      absent: options.absent ?? column.absent,
      ...(column.kind === "date" ? { dateOrder: dateOrderFor(table, column, { place: places[k], first }) } : {}),
    }),
  );
  const data = new Float64Array(count * inputs.size);
  for (let i = 0; i < count; i++) {
    const row = first + i;
    let at = i * inputs.size;
    columns.forEach((column, k) => {
      const cell = csv.cells[row * csv.columns + places[k]];
      const wrong = writeInputs(column, cell, decimal, data, at, column.fill);
      if (wrong !== null) {
        throw new CsvError(csv.name, csv.lines[row], wrong);
      }
      at += column.words?.length ?? 1;
    });
  }
  return { data, count, width: inputs.size };
}

/**
 * How a table writes its numbers: as it was told, else as the cells that the model reads say, else as the model's tables did.
 * @throws CsvError where they can be read both ways, and the likely one is not the model's
 */
function decimalFor({ csv, options }: Table, { inputs, targets }: Pick<ModelState, "inputs" | "targets">): Decimal {
  if (options.decimal !== undefined || inputs.kind !== "table") {
    return options.decimal ?? inputs.decimal;
  }
  const headed = isHeaded(inputs, targets);
  const numbers = new Set([
    ...inputs.columns.flatMap(({ name, kind }) => (kind === "number" ? [name] : [])),
    ...(targets.kind === "numbers" ? targets.names : []),
  ]);
  const isNumber = columnNames(csv, headed).names.map((name) => numbers.has(name));
  const cells = csv.cells.filter((_, i) => isNumber[i % csv.columns] && (!headed || i >= csv.columns));
  const { decimal, sample, sure } = decimalOf(cells, csv.separator);
  if (sample === null || decimal === inputs.decimal || sure) {
    return sample === null ? inputs.decimal : decimal;
  }
  throw new CsvError(csv.name, null, {
    en: `numbers must be written with one decimal mark, got "${shortened(sample)}", which has a ${decimal} here and a ${inputs.decimal} where the model learnt. Say which it is: decimal "point" or "comma".`,
    ja: `"${shortened(sample)}" の小数点がピリオドかコンマか決められません(モデルの学習データとは逆に見えます)。decimal に "point" か "comma" を指定してください。`,
  });
}

/**
 * In which order a table's dates name day and month: as it was told, else as its cells say, else as the model's did.
 * @throws CsvError where none of these tells it and a date needs it
 */
function dateOrderFor(
  { csv, options }: Table,
  { name, dateOrder }: ModelColumn,
  { place, first }: { readonly place: number; readonly first: number },
): DateOrder | undefined {
  const cells = csv.cells.filter((_, i) => i % csv.columns === place && i >= first * csv.columns);
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

/**
 * Whether the first row of a model's tables names the columns. A model of a table without names knows all of its columns by
 * number; one of them alone may have an empty name.
 */
function isHeaded(inputs: ModelInputs, targets: ModelTargets): boolean {
  const names = [...(inputs.kind === "table" ? inputs.columns.map(({ name }) => name) : []), ...namesOf(targets)];
  return names.some((name) => !/^#\d+$/.test(name));
}

/** Where columns of these names stand, and the first row that holds values. @throws CsvError where one is missing */
function placesOf(csv: CsvTable, wanted: readonly string[], headed: boolean): { places: number[]; first: number } {
  const { names } = columnNames(csv, headed);
  const first = headed ? 1 : 0;
  const places = wanted.map((name) => {
    const at = names.indexOf(name);
    if (at < 0) {
      const near = nearest(name, names);
      const shown = names.slice(0, 8).map(shortened);
      throw new CsvError(csv.name, null, {
        en: `it must have the column ${name} that the model learnt from, got ${shown.join(", ")}${names.length > 8 ? ", …" : ""}. ${near === undefined ? "Add it, with the names in the first row." : `Is it ${near}? Rename it.`}`,
        ja: `モデルが学習した ${name} 列がありません(列: ${shown.join("、")}${names.length > 8 ? "、…" : ""})。${near === undefined ? "1行目に列名を書き、その列を加えてください。" : `${near} のことなら、名前を直してください。`}`,
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

/** What rows should give, by a model's own classes and names. @throws DataError on a class it has not learnt */
export function answersFor(
  data: ModelData,
  { inputs, targets }: Pick<ModelState, "inputs" | "targets">,
): Int32Array | Float64Array {
  if (data instanceof Table) {
    return tableAnswers(data, { inputs, targets });
  }
  if (isRows(data)) {
    return tableAnswers(tableOfRows(data, { decimal: inputs.decimal }), { inputs, targets });
  }
  if ("images" in data) {
    if (targets.kind !== "classes") {
      throw new DataError({
        en: "evaluate: rows must come with numbers or answers, got classes. Give { x, y }.",
        ja: "evaluate: 数値か「はい/いいえ」の答えが必要ですが、クラスが付いています。{ x, y } を渡してください。",
      });
    }
    const names = data.classNames;
    return Int32Array.from(data.labels, (label) =>
      classAt(targets.classNames, names?.[label] ?? String(label), (text) => new DataError(text)),
    );
  }
  const entries = Array.from(data.y as ArrayLike<unknown>);
  if (targets.kind === "classes") {
    return Int32Array.from(entries, (entry) => {
      const word = data.names !== undefined && typeof entry === "number" ? data.names[entry] : String(entry);
      return classAt(targets.classNames, word, (text) => new DataError(text));
    });
  }
  return Float64Array.from(
    numberRows(entries.map((entry) => (Array.isArray(entry) ? entry : [entry]).map(Number))).data,
  );
}

function classAt(classNames: readonly string[], word: string, refuse: (text: Told) => Error): number {
  const at = classNames.indexOf(word);
  if (at < 0) {
    const shown = classNames.slice(0, 8).map(shortened);
    throw refuse({
      en: `every class must be one that the model learnt (${shown.join(", ")}${classNames.length > 8 ? ", …" : ""}), got "${shortened(word)}". Correct it, or train anew with such rows.`,
      ja: `クラス "${shortened(word)}" は学習時のデータにありません(学習したクラス: ${shown.join("、")}${classNames.length > 8 ? "、…" : ""})。値を直すか、学習し直してください。`,
    });
  }
  return at;
}

function tableAnswers(table: Table, state: Pick<ModelState, "inputs" | "targets">): Int32Array | Float64Array {
  const { csv } = table;
  const { inputs, targets } = state;
  const decimal = decimalFor(table, state);
  const { places, first } = placesOf(csv, namesOf(targets), isHeaded(inputs, targets));
  const rows = Array.from({ length: csv.rows - first }, (_, i) => first + i);
  const refuse = (row: number) => (text: Told) => new CsvError(csv.name, csv.lines[row], text);
  if (targets.kind === "classes") {
    return Int32Array.from(rows, (row) =>
      classAt(targets.classNames, csv.cells[row * csv.columns + places[0]], refuse(row)),
    );
  }
  return Float64Array.from(
    rows.flatMap((row) =>
      places.map((place, k) => {
        const cell = csv.cells[row * csv.columns + place];
        const unlike =
          targets.kind === "numbers"
            ? wrongUnit({ name: targets.names[k], unit: targets.units?.[k] }, cell, decimal, "may")
            : null;
        if (unlike !== null) {
          throw refuse(row)(unlike);
        }
        const value =
          targets.kind === "numbers" ? numberOf(cell, decimal) : (booleansOf([cell])?.get(cell) ?? Number(cell));
        if (!Number.isFinite(value) || (targets.kind === "labels" && value !== 0 && value !== 1)) {
          throw refuse(row)({
            en: `the column to be told must hold ${targets.kind === "numbers" ? "numbers" : "yes or no"}, got "${shortened(cell)}". Correct the cell.`,
            ja: `予測する列に読めない値 "${shortened(cell)}" があります。値を直してください。`,
          });
        }
        return value;
      }),
    ),
  );
}
