import { DataError } from "../core/errors.ts";
import type { ByteRows } from "../core/rows.ts";
import type { Told } from "../core/text.ts";
import { CsvError, shortened } from "../data/csv/csv-error.ts";
import { numberOf } from "../data/csv/numeral.ts";
import { writeInputs, wrongUnit } from "../data/csv/table-schema.ts";
import { answerOf, wordPlace } from "../data/csv/word-place.ts";
import type { TableRows } from "../data/standardize.ts";
import { dateOrderFor, decimalFor, namesOf, placesOf } from "./asked-table.ts";
import {
  answerRows,
  checkForm,
  isRows,
  type LabelledRows,
  type ModelData,
  type NumberData,
  numberRows,
  oneForEach,
} from "./encode.ts";
import type { ModelColumn, ModelState } from "./model-state.ts";
import type { Row } from "./row.ts";
import { Table, tableOfRows } from "./table.ts";

/** Rows that a model is asked about; `x` and `images` need no answers beside them. */
export type Questions = ModelData | Pick<NumberData, "x"> | Pick<LabelledRows, "images">;

/** The rows of data as a model takes them: its columns by name, not yet scaled. @throws DataError, CsvError */
export function rowsFor(data: Questions, state: Pick<ModelState, "inputs" | "targets">): ByteRows | TableRows {
  const { inputs } = state;
  checkForm(data, "{ x } or { images }");
  const rows =
    data instanceof Table
      ? tableRows(data, state)
      : isTableRows(data)
        ? tableRows(askedTable(data, state), state)
        : "images" in data
          ? imageRows(data.images)
          : numberRows(data.x);
  const bytes = rows.data instanceof Uint8Array;
  if (rows.width !== inputs.size || (inputs.kind === "image") !== bytes) {
    const [what, came] = [inputs.kind === "image", bytes].map((of) =>
      of ? { en: "bytes", ja: "バイト" } : { en: "numbers", ja: "数" },
    );
    throw new DataError({
      en: `model: rows must have ${inputs.size} ${what.en} as those it learnt from, got ${rows.width} ${came.en}. Give it such rows${what === came ? "" : inputs.kind === "image" ? ": { images: { data, count, width } } with a Uint8Array" : ": { x }"}.`,
      ja: `model: 1行は学習時と同じ ${inputs.size} 個の${what.ja}でなければなりません(${rows.width} 個の${came.ja}でした)。`,
    });
  }
  return rows;
}

/** Images as they are, or rows of numbers. @throws DataError where they are not `count` rows, or a value is not finite */
function imageRows({ data, count, width }: LabelledRows["images"]): ByteRows | TableRows {
  if (!Number.isInteger(count) || !Number.isInteger(width) || count < 1 || width < 1) {
    throw new DataError({
      en: `images: count and width must be whole numbers of 1 or more, got ${count} and ${width}. Give rows, and values a row.`,
      ja: `images: count(行数)と width(1行の値の数)には1以上の整数を指定してください(${count} と ${width} でした)。`,
    });
  }
  if (data?.length !== count * width) {
    throw new DataError({
      en: `images: ${count} rows of ${width} must be ${count * width} values, got ${data?.length}. Give every row its values, or correct count and width.`,
      ja: `images: ${count} 行 × ${width} には ${count * width} 個の値が必要ですが、${data?.length} 個です。値か、count・width を直してください。`,
    });
  }
  return data instanceof Uint8Array ? { data, count, width } : numberRows({ data, width });
}

/** Rows of a program as a table; in columns that the model does not know they may hold anything. */
function askedTable(rows: readonly Row[], { inputs, targets }: Pick<ModelState, "inputs" | "targets">): Table {
  const known = [...inputs.columns.map(({ name }) => name), ...namesOf(targets)];
  return tableOfRows(rows, { decimal: inputs.decimal }, known);
}

function isTableRows(data: Questions): data is Extract<Questions, readonly unknown[]> {
  return isRows(data as ModelData);
}

function tableRows(table: Table, state: Pick<ModelState, "inputs" | "targets">): TableRows {
  const { csv, options } = table;
  const { inputs } = state;
  if (inputs.kind !== "table") {
    throw new DataError({
      en: `model: rows must be ${inputs.kind === "image" ? "images" : "numbers in order"} as those it learnt from, got a table. Give ${inputs.kind === "image" ? "{ images }" : "{ x }"}.`,
      ja: `model: 学習時と同じ形のデータ(${inputs.kind === "image" ? "画像" : "数の並び"})が必要ですが、表が渡されました。`,
    });
  }
  const { places, first } = placesOf(
    csv,
    inputs.columns.map(({ name }) => name),
    state,
  );
  const decimal = decimalFor(table, state);
  const count = csv.rows - first;
  // What this table was told of itself, or says, stands above what the model's own said.
  const { absent } = options;
  const columns = inputs.columns.map((own, k): ModelColumn => {
    const column = absent === undefined ? own : { ...own, absent };
    return own.kind === "date"
      ? { ...column, dateOrder: dateOrderFor(table, own, { place: places[k], first }) }
      : column;
  });
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
 * What rows should give, by a model's own classes and names.
 * @param rows how many there are
 * @throws DataError on a class it has not learnt, or where not every row has its answer
 */
export function answersFor(
  data: ModelData,
  { inputs, targets }: Pick<ModelState, "inputs" | "targets">,
  rows: number,
): Int32Array | Float64Array {
  if (data instanceof Table) {
    return tableAnswers(data, { inputs, targets });
  }
  if (isRows(data)) {
    return tableAnswers(askedTable(data, { inputs, targets }), { inputs, targets });
  }
  if ("images" in data) {
    if (targets.kind !== "classes") {
      throw new DataError({
        en: "evaluate: rows must come with numbers or answers, got classes. Give { x, y }.",
        ja: "evaluate: 数値か「はい/いいえ」の答えが必要ですが、クラスが付いています。{ x, y } を渡してください。",
      });
    }
    oneForEach("labels", data.labels, rows);
    const names = data.classNames;
    return Int32Array.from(data.labels, (label) =>
      classAt(targets.classNames, names?.[label] ?? String(label), (text) => new DataError(text)),
    );
  }
  oneForEach("y", data.y, rows);
  const entries = Array.from(data.y as ArrayLike<unknown>);
  if (targets.kind === "classes") {
    return Int32Array.from(entries, (entry) => {
      const named = typeof entry === "number" ? data.names?.[entry] : undefined;
      const word = named ?? String(entry);
      return classAt(targets.classNames, word, (text) => new DataError(text));
    });
  }
  const answers = answerRows(data.y);
  if (answers.width !== targets.names.length) {
    throw new DataError({
      en: `data: y must tell of each row what the model does (${targets.names.join(", ")}), got ${answers.width} numbers a row. Give ${targets.names.length}.`,
      ja: `data: y には、モデルが予測する ${targets.names.join("、")} を1行に ${targets.names.length} 個指定してください(${answers.width} 個でした)。`,
    });
  }
  return Float64Array.from(answers.data);
}

function classAt(classNames: readonly string[], word: string, refuse: (text: Told) => Error): number {
  const at = wordPlace(classNames, word);
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
  const { targets } = state;
  const decimal = decimalFor(table, state);
  const { places, first } = placesOf(csv, namesOf(targets), state);
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
        const value = targets.kind === "numbers" ? numberOf(cell, decimal) : (answerOf(cell) ?? Number.NaN);
        if (!Number.isFinite(value)) {
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
