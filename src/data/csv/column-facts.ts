import { booleansOf } from "./boolean-text.ts";
import type { CsvTable } from "./csv-reader.ts";
import { type DateOrder, dateOf, dateOrderOf } from "./date-text.ts";
import { type Decimal, isLoss, numberOf, unitOf } from "./numeral.ts";
import type { ColumnKind } from "./read-options.ts";

/** What stands for a value that is not there, beside an empty cell. */
const absentWord = /^(?:na|n\/a|#n\/a|nan|null|none|nil|\\n|\?|-|--|\.)$/i;

/** Different words of a column that are kept; more of them are only counted as more. */
const mostWords = 100_000;

/** What a column's cells say of it. */
export interface ColumnFacts {
  readonly kind: ColumnKind | "empty";
  /** Different cells that have a value, in the order in which they come. */
  readonly words: readonly string[];
  /** Cells that have a value. */
  readonly count: number;
  /** Words that stand for no value here. */
  readonly absent: readonly string[];
  /** Rows with such a word. */
  readonly absentRows: number;
  /** Words that could stand for no value, and do not here. */
  readonly lookAbsent: readonly string[];
  readonly dateOrder: DateOrder;
  /** Whether some dates need it. */
  readonly ordered: boolean;
  /** Whether the cells themselves tell the order, or none of them needs it. */
  readonly orderSure: boolean;
  /** Whether some times have no zone. */
  readonly zoneless: boolean;
  /** What most numbers count, by the sign beside them; "" for plain ones. */
  readonly unit: string;
}

export interface FactOptions {
  /** Number of the first row below the header. */
  readonly first: number;
  readonly decimal: Decimal;
  readonly absent?: readonly string[];
  readonly kind?: ColumnKind;
  readonly dateOrder?: DateOrder;
  /** As a column of classes: words that look absent are classes, unless the others are numbers. */
  readonly asClasses?: boolean;
}

/** Whether a cell has no value in a column of these words. */
export function isAbsent(cell: string, absent: readonly string[]): boolean {
  return cell === "" || absent.includes(cell);
}

/** Whether a word could stand for no value: one of those that were told, else of the usual ones. */
export function looksAbsent(word: string, told: readonly string[] | undefined): boolean {
  return told?.includes(word) ?? absentWord.test(word);
}

/** Looks through one column. Numbers, dates and booleans are what at least half of the cells are; the others are refused later. */
export function columnFacts({ cells, columns, rows }: CsvTable, j: number, options: FactOptions): ColumnFacts {
  const { first, decimal, asClasses = false } = options;
  const counts = new Map<string, number>();
  for (let row = first; row < rows; row++) {
    const cell = cells[row * columns + j];
    // One that may stand for no value is known however late it comes.
    if (cell !== "" && (counts.has(cell) || counts.size < mostWords || looksAbsent(cell, options.absent))) {
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
  }
  const all = [...counts.keys()];
  const looks = all.filter((word) => looksAbsent(word, options.absent));
  const words = all.filter((word) => !looks.includes(word));
  const total = (of: readonly string[]) => of.reduce((sum, word) => sum + (counts.get(word) as number), 0);
  const present = total(words);
  // One beyond float64 is a number too: to be refused, not to be taken for a word.
  const looked = words.filter((word) => !Number.isNaN(numberOf(word, decimal)));
  // "(1)", "(2)", "(3)" throughout count something; among plain numbers they are losses.
  const numerals = looked.some((word) => !isLoss(word, decimal)) ? looked : [];
  const numbers = total(numerals);
  const byUnit = Map.groupBy(numerals, (word) => unitOf(word, decimal));
  const told = dateOrderOf(words);
  const dateOrder = options.dateOrder ?? told ?? "mdy";
  const dates = words.map((word) => dateOf(word, dateOrder));
  const ordered = dates.some((date) => date?.byOrder);
  const dated = total(words.filter((_, i) => dates[i] !== null));
  const answers = booleansOf(words);

  const evident = (): ColumnFacts["kind"] => {
    if (all.length === 0 || (words.length === 0 && options.absent !== undefined)) {
      return "empty";
    }
    if (words.length === 0) {
      return "category";
    }
    if (answers !== null) {
      return "boolean";
    }
    if (2 * numbers >= present) {
      return "number";
    }
    return 2 * dated >= present ? "date" : "category";
  };
  const kind = options.kind ?? evident();
  // Told words are absent everywhere; others only where what remains is no word itself.
  const dropped = options.absent !== undefined || (asClasses ? numbers === present : kind !== "category") ? looks : [];
  return {
    kind,
    words: dropped.length > 0 || looks.length === 0 ? words : all,
    count: present + (dropped.length > 0 ? 0 : total(looks)),
    absent: present === 0 && options.absent === undefined ? [] : dropped,
    absentRows: total(dropped),
    lookAbsent: dropped.length > 0 ? [] : looks,
    dateOrder,
    ordered,
    orderSure: options.dateOrder !== undefined || told !== null || !ordered,
    zoneless: dates.some((date) => date?.zoneless),
    unit: [...byUnit].reduce((most, one) => (total(one[1]) > total(most[1]) ? one : most), ["", []])[0],
  };
}
