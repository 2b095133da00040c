import { nearest } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { CsvError, shortened } from "./csv-error.ts";

/** The columns of a table, for who names one of them. */
export interface NamedColumns {
  readonly file: string;
  readonly names: readonly string[];
  /** The first row, where it was taken for data. */
  readonly top: readonly string[];
}

/** The columns that a text names: one, whatever signs its name has, or several parted by commas. */
export function columnsIn(text: string, names: readonly string[]): string[] {
  return names.includes(text) || !text.includes(",")
    ? [text]
    : text
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "");
}

/** The number of the column of that name, or of `#3` (from 1). @param what the column is, for the sentence @throws CsvError */
export function columnPlace({ file, names, top }: NamedColumns, wanted: string, what: Told): number {
  const named = names.indexOf(wanted);
  const number = /^#(\d+)$/.exec(wanted);
  const at = named >= 0 ? named : number === null ? -1 : Number(number[1]) - 1;
  if (at < 0 || at >= names.length) {
    if (top.includes(wanted)) {
      throw new CsvError(file, null, {
        en: `${what.en} must be named by a header, got "${shortened(wanted)}" in a first row that was taken for data. Say that it names the columns (--header).`,
        ja: `${what.ja} "${shortened(wanted)}" がある1行目は、データとして扱われています。見出し行なら --header を指定してください。`,
      });
    }
    const near = nearest(wanted, names);
    const advice =
      near === undefined
        ? `It has ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}.`
        : `Did you mean ${near}?`;
    throw new CsvError(file, null, {
      en: `${what.en} must be one of its ${names.length} columns, got "${shortened(wanted)}". ${advice}`,
      ja: `${what.ja} "${shortened(wanted)}" という列はありません。列名: ${names.slice(0, 8).join("、")}`,
    });
  }
  return at;
}
