import { CsvError, shortened } from "./csv-error.ts";

/** Bounds of a table that is dropped on a page. */
export const csvLimits = { cells: 500_000, columns: 1000, characters: 1000, bytes: 32_000_000 } as const;

/** A table as its text has it: no types yet, and the first row may be a header. */
export interface CsvTable {
  /** Of the file. */
  readonly name: string;
  readonly columns: number;
  /** The first row included. */
  readonly rows: number;
  /** Row after row. */
  readonly cells: readonly string[];
  /** The cells' numbers; NaN where a cell is none. */
  readonly values: Float64Array;
  /** The line on which each row begins, from 1. */
  readonly lines: readonly number[];
}

const separators = [",", ";", "\t"] as const;
const numeral = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number a cell holds, or NaN: decimal numerals only. */
export function numberOf(cell: string): number {
  return numeral.test(cell) ? Number(cell) : Number.NaN;
}

/**
 * Reads comma-separated values that come in pieces (RFC 4180, with `;` or tab too, any line ends, a byte order mark).
 * Strict: rows of unequal length, stray quotes and what is too large are refused, with the line. Blank lines are skipped.
 */
export class CsvReader {
  private readonly name: string;
  private readonly cells: string[] = [];
  private readonly lines: number[] = [];
  private values = new Float64Array(1024);
  private columns = 0;
  private separator: string | null = null;
  /** Text before the separator is known: the first line. */
  private head = "";
  private place: "start" | "plain" | "quoted" | "after" = "start";
  private cell = "";
  private row: string[] = [];
  private line = 1;
  private rowLine = 1;
  private afterReturn = false;
  private begun = false;

  /** @param name of the file, for errors */
  constructor(name: string) {
    this.name = name;
  }

  /** Takes the next piece of text. @throws CsvError as soon as it cannot be right */
  push(piece: string): void {
    let text = piece;
    if (!this.begun && text.length > 0) {
      this.begun = true;
      text = text.replace(/^\ufeff/, "");
    }
    if (this.separator === null) {
      this.head += text;
      const end = endOfFirstLine(this.head);
      if (end < 0 && this.head.length <= csvLimits.columns * csvLimits.characters) {
        return;
      }
      text = this.begin();
    }
    this.read(text);
  }

  /** The whole table. @throws CsvError when it ended within quotes or holds nothing */
  end(): CsvTable {
    if (this.separator === null) {
      this.read(this.begin());
    }
    if (this.place === "quoted") {
      throw this.broken(this.rowLine, {
        en: 'a cell in quotes must end with ", got the end of the file. Add the missing quote.',
        ja: '引用符で始まるセルが閉じられないままファイルが終わっています。" を補ってください。',
      });
    }
    if (this.cell !== "" || this.row.length > 0 || this.place === "after") {
      this.endRow();
    }
    if (this.lines.length === 0) {
      throw new CsvError(this.name, null, {
        en: "must hold rows of values, got an empty file. Choose another file.",
        ja: "ファイルが空です。別のファイルを選んでください。",
      });
    }
    return {
      name: this.name,
      columns: this.columns,
      rows: this.lines.length,
      cells: this.cells,
      values: this.values.subarray(0, this.cells.length),
      lines: this.lines,
    };
  }

  private begin(): string {
    const text = this.head;
    const end = endOfFirstLine(text);
    const first = (end < 0 ? text : text.slice(0, end)).replaceAll(/"[^"]*"/g, "");
    const count = (separator: string) => first.split(separator).length;
    this.separator = separators.reduce<string>((best, next) => (count(next) > count(best) ? next : best), ",");
    this.head = "";
    return text;
  }

  private read(text: string): void {
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
      } else if (c === this.separator) {
        this.endCell();
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

  private grow(c: string): void {
    this.cell += c;
    if (this.cell.length > csvLimits.characters) {
      throw this.broken(this.rowLine, {
        en: `a cell may have at most ${csvLimits.characters} characters, got more. It is no table of numbers, or a quote is missing.`,
        ja: `セルは ${csvLimits.characters} 文字までです。数値の表ではないか、引用符が閉じられていません。`,
      });
    }
  }

  private endCell(): void {
    this.row.push(this.cell.trim());
    this.cell = "";
    this.place = "start";
    if (this.row.length > csvLimits.columns) {
      throw this.broken(this.rowLine, {
        en: `a table may have at most ${csvLimits.columns} columns, got more. Keep fewer.`,
        ja: `列は ${csvLimits.columns} 個までです。減らしてください。`,
      });
    }
  }

  private endRow(): void {
    this.endCell();
    const row = this.row;
    this.row = [];
    if (row.length === 1 && row[0] === "") {
      return;
    }
    if (this.lines.length === 0) {
      this.columns = row.length;
    } else if (row.length !== this.columns) {
      throw this.broken(this.rowLine, {
        en: `every row must have ${this.columns} cells as the first has, got ${row.length}. Correct the row.`,
        ja: `セルの数が先頭行(${this.columns} 個)と違い、${row.length} 個です。この行を直してください。`,
      });
    }
    const at = this.cells.length;
    if (at + row.length > csvLimits.cells) {
      throw this.broken(this.rowLine, {
        en: `a table may have at most ${csvLimits.cells} cells, got more. Keep fewer rows or columns.`,
        ja: `セルは全体で ${csvLimits.cells} 個までです。行か列を減らしてください。`,
      });
    }
    if (at + row.length > this.values.length) {
      const grown = new Float64Array(2 * this.values.length + row.length);
      grown.set(this.values);
      this.values = grown;
    }
    row.forEach((cell, j) => {
      this.values[at + j] = numberOf(cell);
      this.cells.push(cell);
    });
    this.lines.push(this.rowLine);
  }

  private broken(line: number, text: { readonly en: string; readonly ja: string }): CsvError {
    return new CsvError(this.name, line, text);
  }
}

/** Where the first line that holds anything ends, line breaks within quotes not counted; −1 when it is not all there. */
function endOfFirstLine(text: string): number {
  let quoted = false;
  let begun = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      quoted = !quoted;
      begun = true;
    } else if ((c === "\n" || c === "\r") && !quoted) {
      if (begun) {
        return i;
      }
    } else if (c !== " ") {
      begun = true;
    }
  }
  return -1;
}

/** Reads a whole text at once. @throws CsvError */
export function parseCsv(name: string, text: string): CsvTable {
  const reader = new CsvReader(name);
  reader.push(text);
  return reader.end();
}
