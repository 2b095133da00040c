import { DataError } from "../../core/errors.ts";
import { shortened as firstOf, type Text } from "../../core/text.ts";

/** A table's text cannot be used; one sentence in both languages, with the line where there is one. */
export class CsvError extends DataError {
  override name = "DataError";
  /** From 1; null where the whole file is meant. */
  readonly line: number | null;

  /** @param file the file's name, as text only */
  constructor(file: string, line: number | null, text: { readonly en: string; readonly ja: string }) {
    const shown = shortened(file);
    const told: Text = {
      en: `${shown}${line === null ? "" : `, line ${line}`}: ${text.en}`,
      ja: `${shown}${line === null ? "" : `、${line} 行目`}: ${text.ja}`,
    };
    super(told);
    this.line = line;
  }
}

/** Someone else's text, short enough to stand in a sentence and on one line. */
export function shortened(text: string): string {
  return firstOf(text.replaceAll(/\s+/g, " "), 40);
}

/** The line, from 1, on which the character at `at` stands. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, Math.max(0, at)).split(/\r\n|\n|\r/).length;
}
