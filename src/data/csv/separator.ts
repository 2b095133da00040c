import { quoted } from "../../core/text.ts";
import { CsvError } from "./csv-error.ts";
import { dateOf } from "./date-text.ts";
import { numberOf } from "./numeral.ts";

/** In order of preference where the evidence is alike. */
const candidates = ["\t", ";", "|", ",", " "] as const;
/** Characters and rows that are looked at. */
const looked = 100_000;
const lookedRows = 300;

export interface SeparatorFound {
  readonly separator: string;
  /** The text without a line `sep=`. */
  readonly text: string;
  /** Number of its first line. */
  readonly firstLine: number;
  /** Whether the file itself says so in a line `sep=;`. */
  readonly told: boolean;
}

/**
 * What parts the cells of a text: what its line `sep=` says, else the candidate that gives rows of one length with the most
 * numbers and the fewest other separators in its cells.
 * @throws CsvError when the one wanted is not one character
 */
export function separatorOf(name: string, text: string, wanted?: string): SeparatorFound {
  const line = /^\s*"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)/i.exec(text);
  const rest = line === null ? text : text.slice(line[0].length);
  const firstLine = line === null ? 1 : line[0].split(/\r\n|\n|\r/).length;
  if (wanted !== undefined) {
    if ([...wanted].length !== 1 || /["\r\n]/.test(wanted)) {
      throw new CsvError(name, null, {
        en: `the separator must be one character, got ${quoted(wanted)}. Give one such as , ; | or a tab.`,
        ja: `区切り文字は1文字で指定してください(${quoted(wanted)} でした)。`,
      });
    }
    return { separator: wanted, text: rest, firstLine, told: false };
  }
  if (line !== null) {
    return { separator: line[1], text: rest, firstLine, told: true };
  }
  const head = headOf(rest);
  let best: { separator: string; score: number } = { separator: ",", score: 0 };
  for (const separator of candidates) {
    const score = scoreOf(head, separator);
    if (score > best.score + 1e-9) {
      best = { separator, score };
    }
  }
  return { separator: best.separator, text: rest, firstLine, told: false };
}

/** The first rows, cut at a line's end. */
function headOf(text: string): string {
  if (text.length <= looked) {
    return text;
  }
  const cut = text.lastIndexOf("\n", looked);
  return text.slice(0, cut < 0 ? looked : cut);
}

function scoreOf(head: string, separator: string): number {
  const rows = rowsOf(head, separator);
  const lengths = new Map<number, number>();
  for (const { length } of rows) {
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  const [columns = 0, agreeing = 0] = [...lengths].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  if (columns < 2) {
    return 0;
  }
  let typed = 0;
  let mixed = 0;
  let cells = 0;
  for (const row of rows) {
    for (const cell of row) {
      cells++;
      if (Number.isFinite(numberOf(cell, "point")) || Number.isFinite(numberOf(cell, "comma")) || dateOf(cell, "dmy")) {
        typed++;
      } else if (holdsAnother(cell, separator)) {
        mixed++;
      }
    }
  }
  // One row alone says little; that lengths agree says most.
  return 2 * (agreeing / rows.length) + typed / cells - 2 * (mixed / cells) + (separator === " " ? -0.1 : 0);
}

/** Whether a cell looks as if it should have been parted. */
function holdsAnother(cell: string, separator: string): boolean {
  if (candidates.some((other) => other !== " " && other !== separator && cell.includes(other))) {
    return true;
  }
  const words = cell.trim().split(/\s+/);
  const isNumber = (word: string) => Number.isFinite(numberOf(word)) || Number.isFinite(numberOf(word, "comma"));
  return /\S\s{2,}\S/.test(cell) || (words.length > 2 && words.some(isNumber));
}

/** Rows of a separator, with what is no proper CSV taken as it stands. */
function rowsOf(head: string, separator: string): string[][] {
  const rows: string[][] = [];
  const inQuotes = /"(?:[^"]|"")*"/g;
  // Separators within quotes part nothing.
  const masked = head.replace(inQuotes, (cell) => cell.replaceAll(/[\r\n\t;,| ]/g, "_"));
  for (const line of masked.split(/\r\n|\n|\r/)) {
    if (rows.length >= lookedRows) {
      break;
    }
    if (line.trim() !== "") {
      rows.push(
        separator === " "
          ? line.trim().split(/[ \t]+/)
          : line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")),
      );
    }
  }
  return rows;
}
