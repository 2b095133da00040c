import { CsvError, shortened } from "./csv-error.ts";
import { numberOf } from "./numeral.ts";
import { type CsvLimits, csvLimits } from "./read-options.ts";
import { notes, type ReadingNote } from "./reading-note.ts";

/** A table as its text has it: no types yet, and the first row may be a header. */
export interface CsvTable {
  /** Of the file. */
  readonly name: string;
  readonly encoding: string;
  readonly separator: string;
  readonly columns: number;
  /** The first row included. */
  readonly rows: number;
  /** Row after row, without the blanks around them. */
  readonly cells: readonly string[];
  /** The line on which each row begins, from 1. */
  readonly lines: readonly number[];
  /** What was found by evidence in the text. */
  readonly notes: readonly ReadingNote[];
}

/** What is known of a text before its cells are read. */
export interface TextFacts {
  readonly encoding: string;
  /** One character; a blank stands for any run of blanks and tabs. */
  readonly separator: string;
  /** Number of the first line that is read, where lines before it were taken off. */
  readonly firstLine?: number;
  readonly notes?: readonly ReadingNote[];
}

/**
 * Reads separated values that come in pieces (RFC 4180 with any separator, any line ends). Strict: rows of unequal length,
 * stray quotes and what is too large are refused, with the line. Blank lines are skipped; titles above the table, empty rows
 * at the end, and empty cells at the ends of rows beyond the last column that anything is in, are left out with a note.
 */
export class CsvReader {
  private readonly name: string;
  private readonly facts: TextFacts;
  private readonly limits: CsvLimits;
  private readonly rows: string[][] = [];
  private readonly lines: number[] = [];
  private count = 0;
  private place: "start" | "plain" | "quoted" | "after" = "start";
  private cell = "";
  private row: string[] = [];
  private line: number;
  private rowLine: number;
  private afterReturn = false;

  /** @param name of the file, for errors */
  constructor(name: string, facts: TextFacts, limits: CsvLimits = csvLimits) {
    this.name = name;
    this.facts = facts;
    this.limits = limits;
    this.line = facts.firstLine ?? 1;
    this.rowLine = this.line;
  }

  /** Takes the next piece of text. @throws CsvError as soon as it cannot be right */
  push(text: string): void {
    const { separator } = this.facts;
    const blanks = separator === " ";
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (this.afterReturn) {
        this.afterReturn = false;
        if (c === "\n") {
          continue;
        }
      }
      if (this.place === "quoted") {
        if (c === '"') {
          this.place = "after";
        } else {
          this.line += c === "\n" ? 1 : 0;
          this.grow(c);
        }
      } else if (c === separator || (blanks && c === "\t")) {
        if (!blanks || this.place !== "start") {
          this.endCell();
        }
      } else if (c === "\n" || c === "\r") {
        this.afterReturn = c === "\r";
        this.endRow();
        this.line++;
        this.rowLine = this.line;
      } else if (c === '"' && this.place === "after") {
        this.place = "quoted";
        this.grow(c);
      } else if (c === '"' && this.place === "start") {
        this.place = "quoted";
        this.cell = "";
      } else if (this.place === "after") {
        if (c !== " ") {
          throw this.broken(this.line, {
            en: `a quoted cell must be followed by a separator, got "${shortened(c)}". Write a quote within quotes twice.`,
            ja: `引用符で囲んだセルの直後に "${shortened(c)}" があります。セル内の引用符は2つ重ねて書いてください。`,
          });
        }
      } else {
        if (c !== " ") {
          this.place = "plain";
        }
        this.grow(c);
      }
    }
  }

  /** The whole table. @throws CsvError when it ended within quotes, holds nothing, or its rows are of unequal length */
  end(): CsvTable {
    if (this.place === "quoted") {
      throw this.broken(this.rowLine, {
        en: 'a cell in quotes must end with ", got the end of the file. Add the missing quote.',
        ja: '引用符で始まるセルが閉じられないままファイルが終わっています。" を補ってください。',
      });
    }
    if (this.cell !== "" || this.row.length > 0 || this.place === "after") {
      this.endRow();
    }
    const told = [...(this.facts.notes ?? [])];
    const empty = this.rows.length - 1 - this.rows.findLastIndex((row) => row.some((cell) => cell !== ""));
    if (empty > 0) {
      this.rows.length -= empty;
      this.lines.length -= empty;
      told.push(notes.emptyRows(empty));
    }
    if (this.lines.length === 0) {
      throw new CsvError(this.name, null, {
        en: "must hold rows of values, got an empty file. Choose another file.",
        ja: "ファイルが空です。別のファイルを選んでください。",
      });
    }
    const titles = this.titleLines();
    if (titles > 0) {
      told.push(notes.titles(titles, this.rows[0][0]));
      this.rows.splice(0, titles);
      this.lines.splice(0, titles);
    }
    if (this.lacksOneName()) {
      this.rows[0].unshift("");
      told.push(notes.rowNames());
    }
    const columns = this.width();
    const { encoding, separator } = this.facts;
    if (this.rows.some(({ length }) => length > columns)) {
      told.push(notes.trailing());
    }
    return {
      name: this.name,
      encoding,
      separator,
      columns,
      rows: this.rows.length,
      cells: this.rows.flatMap((row) => (row.length > columns ? row.slice(0, columns) : row)),
      lines: this.lines,
      notes: told,
    };
  }

  /** How many lines above the table are none of its rows: a word or sentence in the first cell, and nothing else. */
  private titleLines(): number {
    const isTitle = ([first, ...others]: readonly string[]) =>
      first !== "" && isWord(first) && others.every((cell) => cell === "");
    const above = this.rows.findIndex((row) => !isTitle(row));
    if (above < 1 || this.rows.length - above < fewestRows) {
      return 0;
    }
    const { length } = this.rows[above];
    // A row as long as the others may be a header of which one cell has a name; a short one, a header that lacks some.
    const isSure = (row: readonly string[]) => (row.length < length ? looksLikeTitle(row[0]) : length > 2);
    return this.rows.slice(0, above).every(isSure) ? above : 0;
  }

  /** Whether the first row names all columns but the first, as R does where that one holds names of rows. */
  private lacksOneName(): boolean {
    const [first, second] = this.rows;
    if (second?.length !== first.length + 1) {
      return false;
    }
    const below = this.rows.slice(1);
    return (
      below.every((row) => row.length === first.length + 1 && row[first.length] !== "") &&
      first.every((cell) => cell !== "" && isWord(cell)) &&
      areRowNames(below.map(([cell]) => cell))
    );
  }

  /** How many columns there are; of all rows alike, but for empty cells at their ends. @throws CsvError */
  private width(): number {
    const [first] = this.rows;
    const named = first.findLastIndex((cell) => cell !== "") + 1;
    const bare = this.rows.every((row) => row.length >= named && row.every((cell, j) => j < named || cell === ""));
    if (bare && named > 0) {
      return named;
    }
    const odd = this.rows.findIndex(({ length }) => length !== first.length);
    if (odd >= 0) {
      const got = this.rows[odd].length;
      throw this.broken(this.lines[odd], {
        en: `every row must have ${first.length} cells as the first has, got ${got}. Correct the row, take off lines above the table, or name the separator.`,
        ja: `セルの数が先頭行(${first.length} 個)と違い、${got} 個です。この行を直すか、表より上の行を除くか、区切り文字を指定してください。`,
      });
    }
    return first.length;
  }

  private grow(c: string): void {
    this.cell += c;
    if (this.cell.length > this.limits.characters) {
      throw this.broken(this.rowLine, {
        en: `a cell may have at most ${this.limits.characters} characters, got more. It is no table of numbers, or a quote is missing.`,
        ja: `セルは ${this.limits.characters} 文字までです。数値の表ではないか、引用符が閉じられていません。`,
      });
    }
  }

  private endCell(): void {
    this.row.push(this.cell.trim());
    this.cell = "";
    this.place = "start";
    if (this.row.length > this.limits.columns) {
      throw this.broken(this.rowLine, {
        en: `a table may have at most ${this.limits.columns} columns, got more. Keep fewer.`,
        ja: `列は ${this.limits.columns} 個までです。減らしてください。`,
      });
    }
  }

  private endRow(): void {
    // Blanks at a line's end begin no cell.
    if (this.facts.separator !== " " || this.place !== "start") {
      this.endCell();
    }
    const row = this.row;
    this.row = [];
    this.place = "start";
    if (row.length === 0 || (row.length === 1 && row[0] === "")) {
      return;
    }
    this.count += row.length;
    if (this.count > this.limits.cells) {
      throw this.broken(this.rowLine, {
        en: `a table may have at most ${this.limits.cells} cells, got more. Keep fewer rows or columns.`,
        ja: `セルは全体で ${this.limits.cells} 個までです。行か列を減らしてください。`,
      });
    }
    this.rows.push(row);
    this.lines.push(this.rowLine);
  }

  private broken(line: number, text: { readonly en: string; readonly ja: string }): CsvError {
    return new CsvError(this.name, line, text);
  }
}

/** Rows that a table has at least, before its first lines are taken for something else. */
const fewestRows = 4;

/** Whether a cell is no number, however numbers are written. */
function isWord(cell: string): boolean {
  return Number.isNaN(numberOf(cell)) && Number.isNaN(numberOf(cell, "comma"));
}

/** Whether a cell by itself is more than one plain word, which would be a name. */
function looksLikeTitle(cell: string): boolean {
  return /[\s#|]|[^ -~]/.test(cell);
}

/** Whether the first cells of rows are names of rows: each once, words or whole numbers. */
function areRowNames(cells: readonly string[]): boolean {
  const numbers = cells.map((cell) => numberOf(cell)).filter((value) => !Number.isNaN(value));
  return cells.length >= fewestRows && new Set(cells).size === cells.length && numbers.every(Number.isSafeInteger);
}
