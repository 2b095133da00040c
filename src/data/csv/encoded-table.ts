import type { Told } from "../../core/text.ts";
import type { TableRows } from "../standardize.ts";
import { type ColumnFacts, columnFacts, isAbsent } from "./column-facts.ts";
import { columnPlace } from "./column-place.ts";
import { CsvError, shortened } from "./csv-error.ts";
import type { CsvTable } from "./csv-reader.ts";
import { type Fill, filledRows, fillsOf, type MissingCells } from "./fill.ts";
import { columnNames, looksHeaded } from "./header.ts";
import { type Decimal, decimalOf, isLoss, numberOf, unitOf } from "./numeral.ts";
import type { ColumnKind, TableOptions } from "./read-options.ts";
import { notes, type ReadingNote } from "./reading-note.ts";
import { namesRows } from "./row-names.ts";
import { type InputColumn, inputNames, writeInputs, wrongUnit } from "./table-schema.ts";
import { isMeasured, likelyTarget } from "./target.ts";
import {
  classTargets,
  type EncodedTargets,
  lookAlike,
  type TargetKind,
  targetWords,
  valueTargets,
} from "./target-columns.ts";

/** Different words of a column that become inputs unasked. */
const mostCategories = 50;
/** Inputs of all rows together: 400 MB. */
const mostValues = 50_000_000;

/** One column as it was found. */
export interface FoundColumn {
  readonly name: string;
  readonly kind: ColumnKind | "empty";
  readonly use: "input" | "target" | "left out";
  /** Different values. */
  readonly values: number;
}

/** A table as numbers, with what is to be told of each row. */
export interface EncodedTable {
  /** Of the file. */
  readonly name: string;
  /** How each column that is learnt from becomes inputs. */
  readonly inputs: readonly InputColumn[];
  /** What a missing value of each of them becomes; null where it is refused. */
  readonly fills: readonly Fill[];
  /** The cells that had no value: they are filled by all rows, and anew by those that are learnt from. */
  readonly missing: readonly MissingCells[];
  /** [rows, inputs], exact as they stand in the table; to be scaled before they become float32 */
  readonly rows: TableRows;
  /** How much each row counts, [rows]; null where all count alike. */
  readonly weights: Float64Array | null;
  readonly targets: EncodedTargets;
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
}

/**
 * Takes a table apart into numbers and what is to be told. What the options leave open is found by evidence and said in
 * `notes`; columns of numbers and answers are named in `targets`.
 * @param telling.kind `found`: one column, of classes or of numbers by its values
 * @throws CsvError with the line of what cannot be used, and what to do
 */
export function encodedTable(
  table: CsvTable,
  given: TableOptions,
  telling: { readonly kind: TargetKind | "found"; readonly targets?: readonly string[] } = { kind: "classes" },
): EncodedTable {
  const { name, cells, columns, lines } = table;
  const said: ReadingNote[] = [...table.notes];
  const refuse = (line: number | null, en: string, ja: string): never => {
    throw new CsvError(name, line, { en, ja });
  };
  const { found, decimal, header, names, top, renamed } = headOf(table, given);
  if (
    given.decimal === undefined &&
    found.sample !== null &&
    !(found.sure && found.decimal === "point" && !found.sample.includes(","))
  ) {
    said.push(notes.decimal(decimal, found.sample, found.sure));
  }
  if (given.header === undefined) {
    said.push(notes.header(header, cells.slice(0, columns)));
  }
  if (renamed.length > 0) {
    said.push(notes.renamed(renamed));
  }
  const first = header ? 1 : 0;
  if (table.rows <= first) {
    refuse(
      null,
      "must hold rows of values below the header, got none. Choose another file.",
      "見出し行のほかにデータがありません。別のファイルを選んでください。",
    );
  }
  const place = (wanted: string, what: Told) => columnPlace({ file: name, names, top }, wanted, what);
  // By the columns' own names from here on.
  const options: TableOptions = {
    ...given,
    words: Object.fromEntries(
      Object.entries(given.words ?? {}).map(([column, words]) => [
        names[place(column, { en: "a column whose words are given", ja: "語を指定した列" })],
        words,
      ]),
    ),
  };
  const once = (places: readonly number[], what: Told) => {
    const twice = places.find((j, k) => places.indexOf(j) !== k);
    if (twice !== undefined) {
      refuse(
        null,
        `${what.en} may stand once, got ${names[twice]} twice. Leave one out.`,
        `${what.ja}に ${names[twice]} が2回あります。片方を外してください。`,
      );
    }
  };
  const kinds = new Map(
    Object.entries(options.kinds ?? {}).map(([column, kind]) => [
      place(column, { en: "a column whose kind is given", ja: "種類を指定した列" }),
      kind,
    ]),
  );
  const factOptions = { first, decimal, absent: options.absent, dateOrder: options.dateOrder };
  const facts = names.map((_, j) => columnFacts(table, j, { ...factOptions, kind: kinds.get(j) }));
  const what = targetWords[telling.kind === "found" ? "classes" : telling.kind];
  const targets =
    telling.targets?.map((one) => place(one, what)) ??
    (options.target === undefined ? [likelyTarget(facts, names)] : [place(options.target, targetWords.classes)]);
  once(targets, what);
  const factsAs = (kind: TargetKind) =>
    targets.map((j) =>
      columnFacts(
        table,
        j,
        kind === "classes"
          ? { ...factOptions, asClasses: true }
          : { ...factOptions, kind: kind === "numbers" ? "number" : undefined },
      ),
    );
  const asked = factsAs(telling.kind === "found" ? "classes" : telling.kind);
  const measured = telling.kind === "found" && isMeasured(asked[0], decimal);
  const toldKind = telling.kind !== "found" ? telling.kind : measured ? "numbers" : "classes";
  const ofTargets = measured ? factsAs("numbers") : asked;
  const learnt = { en: "a column to learn from", ja: "学習に使う列" };
  const chosen = options.features?.map((one) => place(one, learnt));
  once(chosen ?? [], learnt);
  const weighing =
    options.weights === undefined ? null : place(options.weights, { en: "the column of weights", ja: "重みの列" });
  const beside = weighing === null ? targets : [...targets, weighing];
  const inputs = usedColumns(facts, { names, beside, chosen, kinds, decimal, said });
  if (inputs.length === 0) {
    refuse(
      null,
      "at least 1 column beside the classes must hold numbers, dates, answers or a few different words, got none. Choose a file with more columns, or name the separator.",
      "クラスの列のほかに、学習に使える列(数値・日時・はい/いいえ・種類の少ない語)が必要です。列の多いファイルを選ぶか、区切り文字を指定してください。",
    );
  }

  const coded = inputs.map((j) => inputColumn(names[j], facts[j], options.words));
  const kept: number[] = [];
  for (let row = first; row < table.rows; row++) {
    const told = targets.findIndex((j, k) => isAbsent(cells[row * columns + j], ofTargets[k].absent));
    const empty =
      told >= 0
        ? targets[told]
        : options.missing === "fill"
          ? undefined
          : inputs.find((j, k) => isAbsent(cells[row * columns + j], coded[k].absent));
    if (empty === undefined) {
      kept.push(row);
    } else if (options.missing !== "skip") {
      const cell = cells[row * columns + empty];
      const got = cell === "" ? "none" : `"${shortened(cell)}"`;
      refuse(
        lines[row],
        `column ${names[empty]} must have a value, got ${got}. Fill it in, or leave out rows with empty cells (missing "skip"; "fill" puts a value there).`,
        `${names[empty]} 列の値がありません。値を補うか、空のセルのある行を除いてください(missing に "skip"。"fill" なら自動で補います)。`,
      );
    }
  }
  if (kept.length < 4) {
    refuse(
      null,
      `at least 4 rows with values are needed, got ${kept.length}. Choose a larger file.`,
      `値の揃った行が少なくとも4行必要です(${kept.length} 行しかありません)。もっと大きなファイルを選んでください。`,
    );
  }
  const width = coded.flatMap(inputNames).length;
  if (kept.length * width > mostValues) {
    refuse(
      null,
      `rows and inputs must make at most ${mostValues} values, got ${kept.length} × ${width}. Leave out columns of many words.`,
      `行数×入力数は ${mostValues} までです(${kept.length} × ${width})。語の多い列を除いてください。`,
    );
  }
  const filling = options.missing === "fill";
  const absent = coded.map((): number[] => []);
  const data = new Float64Array(kept.length * width);
  kept.forEach((row, i) => {
    let at = i * width;
    coded.forEach((column, k) => {
      const cell = cells[row * columns + inputs[k]];
      if (filling && isAbsent(cell, column.absent)) {
        absent[k].push(i);
      } else {
        const wrong =
          (column.unit === undefined ? null : wrongUnit(column, cell, decimal, "may not")) ??
          writeInputs(column, cell, decimal, data, at, null);
        if (wrong !== null) {
          refuse(lines[row], wrong.en, wrong.ja);
        }
      }
      at += column.words?.length ?? 1;
    });
  });
  const missing = absent.flatMap((of, column) => (of.length === 0 ? [] : [{ column, rows: Int32Array.from(of) }]));
  const written = { data, count: kept.length, width };
  const fills = filling
    ? fillsOf(
        coded,
        written,
        missing,
        Int32Array.from(kept, (_, i) => i),
      )
    : coded.map(() => null);
  const rows = filledRows(coded, written, missing, fills);
  const told = { name, names, targets, ofTargets, said, decimal, options };
  const cellsOf = (j: number) => kept.map((row) => cells[row * columns + j]);
  const encodedTargets =
    toldKind === "classes"
      ? classTargets(told, cellsOf(targets[0]), (i) => lines[kept[i]])
      : valueTargets(told, toldKind, targets.map(cellsOf), (i) => lines[kept[i]]);
  tellColumns({ names, facts, inputs, kinds, options, decimal, said });
  const filled = missing.reduce((sum, { rows: of }) => sum + of.length, 0);
  if (filled > 0) {
    said.push(notes.filled(filled));
  }
  const skipped = table.rows - first - kept.length;
  if (skipped > 0) {
    said.push(notes.skipped(skipped));
  }
  return {
    name,
    inputs: coded,
    fills,
    missing,
    rows,
    weights:
      weighing === null
        ? null
        : Float64Array.from(kept, (row) => {
            const cell = cells[row * columns + weighing];
            const weight = cell === "" ? Number.NaN : numberOf(cell, decimal);
            return weight >= 0 && Number.isFinite(weight)
              ? weight
              : refuse(
                  lines[row],
                  `column ${names[weighing]} must hold weights of 0 or more, got "${shortened(cell)}". Correct the cell.`,
                  `重みの ${names[weighing]} 列には0以上の数が必要です("${shortened(cell)}" でした)。値を直してください。`,
                );
          }),
    targets: encodedTargets,
    lines: kept.map((row) => lines[row]),
    skipped,
    columns: names.map((column, j) => ({
      name: column,
      kind: targets.includes(j) ? ofTargets[targets.indexOf(j)].kind : facts[j].kind,
      use: targets.includes(j) ? "target" : inputs.includes(j) ? "input" : "left out",
      values: facts[j].words.length,
    })),
    header,
    decimal,
    notes: said,
  };
}

/** How a table writes its numbers, and its columns' names. */
export function headOf(table: CsvTable, options: Pick<TableOptions, "decimal" | "header">) {
  const found = decimalOf(table.cells, table.separator);
  const decimal = options.decimal ?? found.decimal;
  const header = options.header ?? looksHeaded(table, decimal);
  const top = header ? [] : table.cells.slice(0, table.columns);
  return { found, decimal, header, top, ...columnNames(table, header) };
}

interface Choice {
  readonly names: readonly string[];
  /** Columns that are told or weigh rows. */
  readonly beside: readonly number[];
  readonly chosen?: readonly number[];
  readonly kinds: ReadonlyMap<number, ColumnKind>;
  readonly decimal: Decimal;
  readonly said: ReadingNote[];
}

/** The columns that are learnt from: those chosen, or all that can be and measure something. */
function usedColumns(facts: readonly ColumnFacts[], { names, beside, chosen, kinds, decimal, said }: Choice): number[] {
  const all = chosen ?? names.map((_, j) => j);
  const usable = all.filter((j) => {
    if (beside.includes(j)) {
      return false;
    }
    const { kind, words } = facts[j];
    if (kind === "empty") {
      said.push(notes.empty(names[j]));
      return false;
    }
    if (kind === "category" && words.length > mostCategories && !kinds.has(j) && chosen === undefined) {
      said.push(notes.tooManyWords(names[j], words.length));
      return false;
    }
    return true;
  });
  if (chosen !== undefined) {
    return usable;
  }
  const ofRows = new Set(usable.filter((j) => !kinds.has(j) && namesRows(facts[j], names[j], decimal)));
  if (ofRows.size === usable.length) {
    return usable;
  }
  for (const j of ofRows) {
    said.push(notes.namesRows(names[j], facts[j].words));
  }
  return usable.filter((j) => !ofRows.has(j));
}

function inputColumn(
  name: string,
  { kind, words, absent, dateOrder, ordered, unit }: ColumnFacts,
  known: TableOptions["words"] = {},
): InputColumn {
  const common = { name, kind: kind as ColumnKind, absent };
  if (kind === "category") {
    // By code units: the same order on every machine.
    return { ...common, words: Object.hasOwn(known, name) ? known[name] : [...words].sort() };
  }
  return {
    ...common,
    ...(kind === "date" && ordered ? { dateOrder } : {}),
    ...(kind === "number" && unit !== "" ? { unit } : {}),
  };
}

interface ColumnTelling {
  readonly names: readonly string[];
  readonly facts: readonly ColumnFacts[];
  readonly inputs: readonly number[];
  readonly kinds: ReadonlyMap<number, ColumnKind>;
  readonly options: TableOptions;
  readonly decimal: Decimal;
  readonly said: ReadingNote[];
}

/** Says of each input's column what is not plain numbers. */
function tellColumns({ names, facts, inputs, kinds, options, decimal, said }: ColumnTelling): void {
  for (const j of inputs) {
    const { kind, words, absent, absentRows, lookAbsent, dateOrder, orderSure, zoneless, unit } = facts[j];
    const name = names[j];
    if (kind !== "number" && kind !== "empty" && !kinds.has(j)) {
      const shown =
        kind === "category"
          ? `${words.slice(0, 4).map(shortened).join(", ")}${words.length > 4 ? ", …" : ""}`
          : shortened(words[0] ?? "");
      said.push(notes.kind(name, kind, shown));
    }
    if (kind === "category" && !Object.hasOwn(options.words ?? {}, name)) {
      said.push(...lookAlike(words).map((alike) => notes.lookAlike(name, alike)));
    }
    const sample = kind === "number" && unit !== "" ? words.find((word) => unitOf(word, decimal) === unit) : undefined;
    if (sample !== undefined) {
      said.push(notes.unit(name, sample, numberOf(sample, decimal)));
    }
    const loss = kind === "number" ? words.find((word) => isLoss(word, decimal)) : undefined;
    if (loss !== undefined) {
      said.push(notes.negative(name, loss, numberOf(loss, decimal)));
    }
    const code = kind === "number" && !kinds.has(j) ? words.find((word) => /^0\d+$/.test(word)) : undefined;
    if (code !== undefined) {
      said.push(notes.codes(name, code));
    }
    if (
      kind === "date" &&
      options.dateOrder === undefined &&
      (!orderSure || words.some((word) => /^\d{1,2}[-/]\d{1,2}[-/]\d{4}/.test(word)))
    ) {
      said.push(notes.dateOrder(name, dateOrder, orderSure));
    }
    if (kind === "date" && zoneless) {
      said.push(notes.zone(name));
    }
    if (absentRows > 0 && options.absent === undefined) {
      said.push(notes.missingWords(name, absent, absentRows));
    }
    if (lookAbsent.length > 0) {
      said.push(notes.wordNotMissing(name, lookAbsent));
    }
    if (words.length === 1) {
      said.push(notes.constant(name, words[0]));
    }
  }
}
