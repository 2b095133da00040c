import { CsvError, lineOf } from "./csv-error.ts";

/** Forms of data that are text and no table, and what to do with each. */
const otherForms: readonly { readonly like: (text: string) => boolean; readonly en: string; readonly ja: string }[] = [
  {
    like: (text) => /^\s*(?:<!doctype html|<html|<\?xml)/i.test(text),
    en: "a web page or XML. Download the file itself",
    ja: "Web ページか XML です。ファイルそのものをダウンロードしてください",
  },
  {
    like: (text) => /^\s*[[{]\s*[[{"]/.test(text),
    en: "JSON. Write it as CSV",
    ja: "JSON です。CSV に変換してください",
  },
  {
    like: (text) => /^@relation\s/i.test(firstLines(text).find((line) => !line.startsWith("%")) ?? ""),
    en: "Weka's ARFF. Keep what is below @data, and name the columns in a first line",
    ja: "Weka の ARFF です。@data より下を残し、先頭行に列名を書いてください",
  },
  {
    like: isLibsvm,
    en: "LIBSVM's sparse form. Write it as CSV, with a column for each of its numbers",
    ja: "LIBSVM の疎形式です。番号ごとに1列にして CSV に変換してください",
  },
];

/** The first lines that hold anything, whole. */
function firstLines(text: string): string[] {
  const most = 5000;
  const lines = text.slice(0, most).split(/\r\n|\n|\r/);
  return (text.length > most ? lines.slice(0, -1) : lines).map((line) => line.trim()).filter((line) => line !== "");
}

/** A label and `place:value` in ascending order in each line; a table of times has two digits behind each colon. */
function isLibsvm(text: string): boolean {
  const lines = firstLines(text);
  const pairs = lines.map((line) =>
    /^[+-]?[\d.]+(?:\s+\d+:[^\s:,]+)+$/.test(line) ? [...line.matchAll(/(\d+):(\S+)/g)] : [],
  );
  return (
    pairs.length > 1 &&
    pairs.every((of) => of.length > 0 && of.every(([, place], i) => i === 0 || Number(place) > Number(of[i - 1][1]))) &&
    pairs.flat().some(([, , value]) => !/^\d\d$/.test(value))
  );
}

/** Makes sure that a text is one of separated values, as far as that shows. @throws CsvError with what it is, and what to do */
export function checkForm(name: string, text: string): void {
  const control = firstControl(text);
  if (control >= 0) {
    const code = text.charCodeAt(control);
    const shown = code === 0 ? "NUL" : `U+${code.toString(16).padStart(4, "0").toUpperCase()}`;
    throw new CsvError(name, lineOf(text, control), {
      en: `a table must hold text, got the control character ${shown}. It is a binary file or damaged: save it as CSV.`,
      ja: `制御文字 ${shown} があります。バイナリファイルか破損したファイルです。CSV 形式で保存してください。`,
    });
  }
  const form = otherForms.find(({ like }) => like(text));
  if (form !== undefined) {
    throw new CsvError(name, 1, {
      en: `must be a table, got ${form.en}.`,
      ja: `表ではなく ${form.ja}。`,
    });
  }
}

/** Where a character stands that is neither printed nor a line end or tab; −1 when there is none. */
function firstControl(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 && (code < 9 || code > 13)) {
      return i;
    }
  }
  return -1;
}
