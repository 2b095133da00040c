import { isNumeral } from "../../core/csv.ts";
import type { Told } from "../../core/text.ts";
import { type Labels, labelArray } from "../dataset.ts";
import type { TableRows } from "../standardize.ts";
import { booleansOf } from "./boolean-text.ts";
import type { ColumnFacts } from "./column-facts.ts";
import { CsvError, shortened } from "./csv-error.ts";
import { numberOf } from "./numeral.ts";
import type { TableOptions } from "./read-options.ts";
import { notes, type ReadingNote } from "./reading-note.ts";
import { wrongUnit } from "./table-schema.ts";

const classesOfProgram = 1000;

/** What is to be told of a row: one of several classes, numbers, or some yes or no. */
export type TargetKind = "classes" | "numbers" | "answers";

export type EncodedTargets =
  | {
      readonly kind: "classes";
      readonly name: string;
      /** As they stand in the table. */
      readonly classNames: readonly string[];
      /** [rows], in [0, classes) */
      readonly labels: Labels;
    }
  | {
      readonly kind: "numbers" | "answers";
      readonly names: readonly string[];
      /** What numbers count, a sign a column as in the table; "" for plain ones. */
      readonly units?: readonly string[];
      /** [rows, names], exact; 1 and 0 of answers */
      readonly values: TableRows;
    };

/** What a column that is told is called in sentences. */
export const targetWords: Readonly<Record<TargetKind, Told>> = {
  classes: { en: "the column of classes", ja: "クラスの列" },
  numbers: { en: "the column to be told", ja: "予測する列" },
  answers: { en: "a column of yes or no", ja: "はい/いいえの列" },
};

/** What is known of a table whose columns are to be told. */
export interface Telling {
  readonly name: string;
  readonly names: readonly string[];
  readonly targets: readonly number[];
  readonly ofTargets: readonly ColumnFacts[];
  readonly said: ReadingNote[];
  readonly decimal: "point" | "comma";
  readonly options: TableOptions;
}

/** @throws CsvError when they are too few or too many, or one is not among the words declared */
export function classTargets(
  { name, names, targets, ofTargets, said, options }: Telling,
  words: readonly string[],
  lineOf: (row: number) => number,
) {
  const [target] = targets;
  const [classes] = ofTargets;
  const { words: declared = {} } = options;
  const known = Object.hasOwn(declared, names[target]) ? declared[names[target]] : undefined;
  const classNames = known ?? classesOf(name, names[target], words, options.mostClasses ?? classesOfProgram);
  if (options.target === undefined) {
    said.push(notes.target(names[target], classNames));
  }
  if (known === undefined) {
    said.push(...lookAlike(classNames).map((alike) => notes.lookAlike(names[target], alike)));
  }
  if (classes.lookAbsent.length > 0) {
    said.push(notes.classWord(names[target], classes.lookAbsent));
  }
  if (classes.absentRows > 0 && options.absent === undefined) {
    said.push(notes.missingWords(names[target], classes.absent, classes.absentRows));
  }
  const places = new Map(classNames.map((word, i) => [word, i]));
  const labels = labelArray(words.length, classNames.length);
  words.forEach((word, i) => {
    const place = places.get(word);
    if (place === undefined) {
      const shown = classNames.slice(0, 8).map(shortened).join(", ");
      throw new CsvError(name, lineOf(i), {
        en: `column ${names[target]} must hold one of the words declared (${shown}), got "${shortened(word)}". Correct the cell, or declare it.`,
        ja: `${names[target]} 列の "${shortened(word)}" は、宣言された語(${shown})にありません。値を直すか、宣言に加えてください。`,
      });
    }
    labels[i] = place;
  });
  return { kind: "classes", name: names[target], classNames, labels } as const;
}

/** @throws CsvError on the first cell that is no number, or no answer, or counts something else than the others */
export function valueTargets(
  { name, names, targets, ofTargets, said, decimal }: Telling,
  kind: "numbers" | "answers",
  columns: readonly (readonly string[])[],
  lineOf: (row: number) => number,
) {
  const width = targets.length;
  const count = columns[0].length;
  const data = new Float64Array(count * width);
  columns.forEach((cells, k) => {
    const answers = kind === "answers" ? booleansOf(new Set(cells.filter((cell) => !/^[01]$/.test(cell)))) : null;
    const column = names[targets[k]];
    const { unit } = ofTargets[k];
    cells.forEach((cell, i) => {
      const unlike = kind === "numbers" ? wrongUnit({ name: column, unit }, cell, decimal, "may not") : null;
      if (unlike !== null) {
        throw new CsvError(name, lineOf(i), unlike);
      }
      const value =
        kind === "numbers" ? numberOf(cell, decimal) : /^[01]$/.test(cell) ? Number(cell) : answers?.get(cell);
      if (value === undefined || !Number.isFinite(value)) {
        const must = kind === "numbers" ? { en: "numbers", ja: "数値" } : { en: "yes or no", ja: "はい/いいえ" };
        throw new CsvError(name, lineOf(i), {
          en: `column ${column} must hold ${must.en} to be told, got "${shortened(cell)}". Correct the cell, or take it as classes.`,
          ja: `予測する ${column} 列に${must.ja}として読めない値 "${shortened(cell)}" があります。値を直すか、クラスとして扱ってください。`,
        });
      }
      data[i * width + k] = value;
    });
    if (kind === "numbers" && unit !== "") {
      said.push(notes.unit(column, cells[0], data[k]));
    }
  });
  return {
    kind,
    names: targets.map((j) => names[j]),
    units:
      kind === "numbers" && ofTargets.some(({ unit }) => unit !== "") ? ofTargets.map(({ unit }) => unit) : undefined,
    values: { data, count, width },
  } as const;
}

/** The classes in order: of numbers by size, of words by alphabet. @throws CsvError when they are too few or too many */
function classesOf(name: string, column: string, words: readonly string[], most: number): string[] {
  const distinct = [...new Set(words)];
  if (distinct.length > most) {
    throw new CsvError(name, null, {
      en: `the column of classes must have 2 to ${most} different values, got ${distinct.length} in ${column}. Choose another column.`,
      ja: `クラスの列の値は 2〜${most} 種類です(${column} 列は ${distinct.length} 種類)。別の列を選んでください。`,
    });
  }
  if (distinct.length < 2) {
    throw new CsvError(name, null, {
      en: `the column of classes must have at least 2 different values, got only "${shortened(distinct[0] ?? "")}" in ${column}. Choose another column.`,
      ja: `クラスが1種類しかありません(${column} 列はすべて "${shortened(distinct[0] ?? "")}")。別の列を選んでください。`,
    });
  }
  const numeric = distinct.every((word) => Number.isFinite(Number(word)));
  return distinct.sort(numeric ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b, "en"));
}

/**
 * Words that differ in capitals and small letters, or in full and half width, and in nothing else; among numbers those of one
 * value, as 1 and 1.0 are.
 * @returns each group of two and more, in the order of the words
 */
export function lookAlike(words: readonly string[]): string[][] {
  const sound = words.every(isNumeral) ? Number : (word: string) => word.normalize("NFKC").toLowerCase();
  const groups = Map.groupBy<string | number, string>(new Set(words), sound);
  return [...groups.values()].filter(({ length }) => length > 1);
}
