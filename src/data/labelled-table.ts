import type { FloatRows } from "../core/float-rows.ts";
import type { CsvTable } from "./csv.ts";
import { CsvError, shortened } from "./csv-error.ts";

/** Rows of numbers with a class each. */
export interface LabelledTable {
  /** Of the file. */
  readonly name: string;
  /** Names of the columns that are learnt from. */
  readonly features: readonly string[];
  /** Name of the column of classes. */
  readonly label: string;
  readonly classNames: readonly string[];
  /** [rows, features], as they stand in the table */
  readonly rows: FloatRows;
  /** [rows], in [0, classes) */
  readonly labels: Uint8Array;
  /** Rows left out because a cell was empty. */
  readonly skipped: number;
}

export interface TableUse {
  /** The first row names the columns. */
  readonly header: boolean;
  /** The column of classes, from 0. */
  readonly label: number;
  /** The columns that are learnt from; all others when absent. */
  readonly features?: readonly number[];
  /** What happens to a row with an empty cell. */
  readonly missing: "refuse" | "skip";
}

/** Classes that can be told apart by colour and in a confusion matrix. */
export const mostClasses = 20;

/** What stands for a value that is not there. */
const absent = /^(?:|na|n\/a|nan|null|none|\?|-)$/i;

/** Whether the first row looks like names: no cell of it is a number. */
export function looksHeaded({ values, columns, rows }: CsvTable): boolean {
  return rows > 1 && values.subarray(0, columns).every((value) => Number.isNaN(value));
}

/** The columns' names: of the header, or by number. */
export function columnNames({ cells, columns }: CsvTable, header: boolean): string[] {
  return Array.from({ length: columns }, (_, j) => (header ? shortened(cells[j]) : "") || `#${j + 1}`);
}

/** The column that is most likely the classes': the last one with words in it, else the last. */
export function likelyLabel({ values, columns, rows }: CsvTable, header: boolean): number {
  const first = header ? 1 : 0;
  for (let j = columns - 1; j >= 0 && first < rows; j--) {
    if (Number.isNaN(values[first * columns + j])) {
      return j;
    }
  }
  return columns - 1;
}

/** Takes a table apart into numbers and classes. @throws CsvError with the line of what cannot be used */
export function labelledTable(table: CsvTable, { header, label, features: chosen, missing }: TableUse): LabelledTable {
  const { name, cells, values, columns, lines } = table;
  const names = columnNames(table, header);
  const features = (chosen ?? names.map((_, j) => j)).filter((j) => j !== label);
  const first = header ? 1 : 0;
  const refuse = (line: number | null, en: string, ja: string): never => {
    throw new CsvError(name, line, { en, ja });
  };
  if (table.rows <= first) {
    refuse(
      null,
      "must hold rows of values below the header, got none. Choose another file.",
      "見出し行のほかにデータがありません。別のファイルを選んでください。",
    );
  }
  if (label < 0 || label >= columns) {
    refuse(
      null,
      `the column of classes must be one of ${columns}, got ${label + 1}. Choose another.`,
      `クラスの列は 1〜${columns} 列目から選んでください(${label + 1} 列目はありません)。`,
    );
  }
  if (features.length === 0) {
    refuse(
      null,
      "at least 1 column beside the classes must hold numbers, got none. Choose a file with more columns.",
      "クラスの列のほかに、数値の列が少なくとも1つ必要です。列の多いファイルを選んでください。",
    );
  }
  const kept: number[] = [];
  for (let row = first; row < table.rows; row++) {
    const empty = [label, ...features].find((j) => absent.test(cells[row * columns + j]));
    if (empty === undefined) {
      kept.push(row);
    } else if (missing === "refuse") {
      refuse(
        lines[row],
        `column ${names[empty]} must have a value, got none. Fill it in, or leave out rows with empty cells.`,
        `${names[empty]} 列の値がありません。値を補うか、空のセルのある行を除いてください。`,
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
  const data = new Float32Array(kept.length * features.length);
  kept.forEach((row, i) => {
    features.forEach((j, k) => {
      const value = values[row * columns + j];
      const single = Math.fround(value);
      if (!Number.isFinite(single)) {
        const shown = shortened(cells[row * columns + j]);
        const advice = Number.isNaN(value)
          ? "Make it the column of classes, leave it out, or correct the cell."
          : "Scale the column.";
        refuse(
          lines[row],
          `column ${names[j]} must hold numbers${Number.isNaN(value) ? "" : " below 3.4e38"}, got "${shown}". ${advice}`,
          `${names[j]} 列に数値として${Number.isNaN(value) ? "読めない" : "大きすぎる"}値 "${shown}" があります。クラスの列にするか、列を外すか、値を直してください。`,
        );
      }
      data[i * features.length + k] = single;
    });
  });
  const { classNames, labels } = classesOf(table, { label, kept, labelName: names[label] });
  return {
    name: shortened(name),
    features: features.map((j) => names[j]),
    label: names[label],
    classNames,
    rows: { data, count: kept.length, width: features.length },
    labels,
    skipped: table.rows - first - kept.length,
  };
}

function classesOf(
  { name, cells, columns }: CsvTable,
  { label, kept, labelName }: { label: number; kept: readonly number[]; labelName: string },
): { classNames: string[]; labels: Uint8Array } {
  const words = kept.map((row) => cells[row * columns + label]);
  const distinct = [...new Set(words)];
  if (distinct.length > mostClasses) {
    throw new CsvError(name, null, {
      en: `the column of classes must have 2 to ${mostClasses} different values, got ${distinct.length} in ${labelName}. Choose another column.`,
      ja: `クラスの列の値は 2〜${mostClasses} 種類です(${labelName} 列は ${distinct.length} 種類)。別の列を選んでください。`,
    });
  }
  if (distinct.length < 2) {
    throw new CsvError(name, null, {
      en: `the column of classes must have at least 2 different values, got only "${shortened(distinct[0] ?? "")}" in ${labelName}. Choose another column.`,
      ja: `クラスが1種類しかありません(${labelName} 列はすべて "${shortened(distinct[0] ?? "")}")。別の列を選んでください。`,
    });
  }
  const numeric = distinct.every((word) => Number.isFinite(Number(word)));
  distinct.sort(numeric ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b, "en"));
  const places = new Map(distinct.map((word, i) => [word, i]));
  return { classNames: distinct.map(shortened), labels: Uint8Array.from(words, (word) => places.get(word)!) };
}
