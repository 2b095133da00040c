import { DataError } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import { columnFacts } from "../data/csv/column-facts.ts";
import { columnPlace, columnsIn } from "../data/csv/column-place.ts";
import { headOf } from "../data/csv/encoded-table.ts";
import { numberOf } from "../data/csv/numeral.ts";
import { isMeasured } from "../data/csv/target.ts";
import type { ModelTask } from "./model-state.ts";
import type { Table } from "./table.ts";

/** What a table's columns ask for, and by what evidence. */
export interface FoundTask {
  readonly task: ModelTask;
  readonly why: Told;
}

/**
 * The columns that a text names: one, whatever signs its name has, or several parted by commas.
 * @throws CsvError on one that is not there
 */
export function targetColumns({ csv, options }: Table, text: string): string[] {
  return columnsIn(text, headOf(csv, options).names);
}

/**
 * Finds by their values what columns ask for. One column: words, yes or no, and numbers that come again and again are
 * classes, other numbers are numbers to be told. Several: numbers, or yes or no each.
 * @throws CsvError on a column that is not there, DataError where several columns are neither
 */
export function taskOfTargets({ csv, options }: Table, targets: readonly string[]): FoundTask {
  const { names, decimal, header, top } = headOf(csv, options);
  const facts = targets.map((target) => {
    const at = columnPlace({ file: csv.name, names, top }, target, { en: "the column to be told", ja: "予測する列" });
    return columnFacts(csv, at, { first: header ? 1 : 0, decimal, absent: options.absent, asClasses: true });
  });
  const numbers = facts.map(({ kind, words }) =>
    kind === "number" ? words.map((word) => numberOf(word, decimal)) : null,
  );
  if (targets.length === 1) {
    const [values] = numbers;
    if (values === null) {
      return { task: "classification", why: { en: "words", ja: "語です" } };
    }
    const different = new Set(values).size;
    return isMeasured(facts[0], decimal)
      ? { task: "regression", why: { en: `numbers, ${different} different`, ja: `数値(${different} 種類)です` } }
      : {
          task: "classification",
          why: { en: `${different} whole numbers, each many times`, ja: `${different} 種類の整数が繰り返し現れます` },
        };
  }
  const answers = facts.every(
    ({ kind }, k) => kind === "boolean" || numbers[k]?.every((value) => value === 0 || value === 1) === true,
  );
  if (answers) {
    return { task: "multilabel", why: { en: "yes or no each", ja: "それぞれ「はい/いいえ」です" } };
  }
  const words = numbers.indexOf(null);
  if (words >= 0) {
    throw new DataError({
      en: `${csv.name}: several columns to be told must all hold numbers, or all yes or no, got ${facts[words].kind === "boolean" ? "both" : "words"} in ${targets[words]}. Name one column of classes, or others.`,
      ja: `${csv.name}: 予測する列が複数のときは、すべて数値か、すべて「はい/いいえ」でなければなりません(${targets[words]} 列は${facts[words].kind === "boolean" ? "「はい/いいえ」" : "語"}です)。クラスの列を1つだけ指定するか、ほかの列を指定してください。`,
    });
  }
  return { task: "regression", why: { en: "numbers", ja: "数値です" } };
}
