import type { OptionNames } from "../../core/checks.ts";

/** How the text of a table is taken apart. What is left out is found by evidence, and said ({@link ReadingNote}). */
export interface TextOptions {
  /** A label of the Encoding Standard: `utf-8`, `shift_jis`, `euc-jp`, `windows-1252`, `utf-16le`, `gb18030` … */
  readonly encoding?: string;
  /** One character; a blank stands for any run of blanks and tabs. */
  readonly separator?: string;
  readonly limits?: CsvLimits;
}

/** What becomes of a column that is learnt from. */
export type ColumnKind = "number" | "boolean" | "date" | "category";

/** How a table is used. Columns are named as in the header, or by number from 1: `#2`. */
export interface TableOptions {
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** What parts whole numbers from fractions; the other of `.` and `,` then groups thousands. */
  readonly decimal?: "point" | "comma";
  /** The column of classes. */
  readonly target?: string;
  /** The columns that are learnt from; all others when absent, but for those whose words are too many. */
  readonly features?: readonly string[];
  /**
   * What happens to a row with a cell that has no value: `refuse` (when absent), `skip` it, or `fill` the cell with its
   * column's mean, or most frequent word or answer. A target is never filled.
   */
  readonly missing?: "refuse" | "skip" | "fill";
  /**
   * The words that stand for no value, in every column; an empty cell always does. When absent: NA, NaN, null, None, ? and
   * their like in columns of numbers, booleans and dates, while among words and classes they are words like others.
   */
  readonly absent?: readonly string[];
  /** Kinds of columns whose evidence would be taken otherwise. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  /** All words that a column of words or classes may hold, in order; another is refused. Those found when absent. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Whether 3/4/2024 is in April or in March. */
  readonly dateOrder?: "dmy" | "mdy";
  /** The column that says how much each row counts in training; it is not learnt from. */
  readonly weights?: string;
  /** More classes than these are refused; 1,000 when absent. */
  readonly mostClasses?: number;
}

export type CsvOptions = TextOptions & TableOptions;

export const columnKinds = ["number", "boolean", "date", "category"] as const satisfies readonly ColumnKind[];

/** The words that such an option may be. */
export const optionWords = {
  decimal: ["point", "comma"],
  missing: ["refuse", "skip", "fill"],
  dateOrder: ["dmy", "mdy"],
} as const satisfies { readonly [Name in keyof TableOptions]: readonly TableOptions[Name][] };

export const csvOptionNames: OptionNames<CsvOptions> = {
  encoding: true,
  separator: true,
  limits: true,
  header: true,
  decimal: true,
  target: true,
  features: true,
  missing: true,
  absent: true,
  kinds: true,
  words: true,
  dateOrder: true,
  weights: true,
  mostClasses: true,
};

export interface CsvLimits {
  readonly cells: number;
  readonly columns: number;
  /** Of one cell. */
  readonly characters: number;
  readonly bytes: number;
}

/** Bounds of a table that is dropped on a page. */
export const csvLimits: CsvLimits = { cells: 500_000, columns: 1000, characters: 1000, bytes: 32_000_000 };

/** Bounds of a table that a program reads: some gigabytes of memory. */
export const programLimits: CsvLimits = {
  cells: 20_000_000,
  columns: 100_000,
  characters: 10_000,
  bytes: 500_000_000,
};
