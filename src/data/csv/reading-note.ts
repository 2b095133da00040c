import { shellWord } from "../../core/command-words.ts";
import type { Text, Told } from "../../core/text.ts";
import { shortened } from "./csv-error.ts";
import type { ColumnKind, CsvOptions } from "./read-options.ts";

/** Something that a reader found by evidence rather than was told, and how it is told otherwise. */
export interface ReadingNote {
  readonly text: Text;
  /** The option of `CsvOptions` that decides it; null for what no option changes. */
  readonly option: keyof CsvOptions | null;
  /** That option's value that tells otherwise; null where a person has to choose one. */
  readonly otherwise: unknown;
  /** The same as a flag of `tanren data read`, to be copied; null as above. */
  readonly flag: string | null;
  /** The column it is about. */
  readonly column?: string;
}

interface Undo {
  readonly option: ReadingNote["option"];
  readonly otherwise?: unknown;
  readonly flag: string | null;
}

const noUndo: Undo = { option: null, flag: null };

function note(text: Told, { option, otherwise = null, flag }: Undo, column?: string): ReadingNote {
  return { text, option, otherwise, flag, ...(column === undefined ? {} : { column }) };
}

function kindOf(column: string, kind: ColumnKind): Undo {
  return { option: "kinds", otherwise: { [column]: kind }, flag: `--column ${shellWord(`${column}=${kind}`)}` };
}

function listed(words: readonly string[], most = 4): string {
  const shown = words.slice(0, most).map((one) => `"${shortened(one)}"`);
  return words.length > most ? `${shown.join(", ")}, …` : shown.join(", ");
}

const separatorNames: Readonly<Record<string, Told>> = {
  ",": { en: "commas", ja: "カンマ" },
  ";": { en: "semicolons", ja: "セミコロン" },
  "\t": { en: "tabs", ja: "タブ" },
  "|": { en: "bars", ja: "縦棒" },
  " ": { en: "blanks", ja: "空白" },
};

const kindNames: Readonly<Record<string, Told>> = {
  number: { en: "numbers", ja: "数値" },
  boolean: { en: "yes or no, as 1 and 0", ja: "はい/いいえ(1 と 0)" },
  date: { en: "dates, in seconds since 1970", ja: "日時(1970 年からの秒数)" },
  category: { en: "words, one input each", ja: "語(語ごとに1つの入力)" },
};

/** Every sentence about what was found, in one place. */
export const notes = {
  encoding: (name: string, sample: string, others: readonly string[]) => {
    const other = others[0] ?? (name === "windows-1252" ? "shift_jis" : "windows-1252");
    const shown = sample === "" ? "" : ` ("${sample}")`;
    return note(
      others.length === 0
        ? { en: `encoding: ${name}${shown}`, ja: `文字コード: ${name}${shown}` }
        : {
            en: `encoding: ${name}${shown}; the bytes fit ${others.join(" and ")} too`,
            ja: `文字コード: ${name}${shown}。${others.join("・")} としても読めます`,
          },
      { option: "encoding", otherwise: other, flag: `--encoding ${other}` },
    );
  },
  separator: (separator: string, line: boolean) => {
    const name = separatorNames[separator] ?? { en: `"${separator}"`, ja: `"${separator}"` };
    const other = separator === "," ? "';'" : "','";
    return note(
      line
        ? { en: `cells are parted by ${name.en}, as the line sep= says`, ja: `区切り: ${name.ja}(sep= の行による)` }
        : { en: `cells are parted by ${name.en}`, ja: `区切り: ${name.ja}` },
      { option: "separator", otherwise: separator === "," ? ";" : ",", flag: `--separator ${other}` },
    );
  },
  decimal: (decimal: "point" | "comma", sample: string, sure: boolean) =>
    note(
      decimal === "comma"
        ? {
            en: `"${sample}" is a number with a decimal comma${sure ? "" : "; it could be thousands"}`,
            ja: `"${sample}" は小数点がカンマの数値として読みます${sure ? "" : "(桁区切りの可能性もあります)"}`,
          }
        : {
            en: `"${sample}" is a number with ${sample.includes(",") ? "thousands grouped by commas" : "a decimal point"}${sure ? "" : "; it could be the other way"}`,
            ja: `"${sample}" は${sample.includes(",") ? "カンマが桁区切り" : "小数点がピリオド"}の数値として読みます${sure ? "" : "(逆の可能性もあります)"}`,
          },
      {
        option: "decimal",
        otherwise: decimal === "comma" ? "point" : "comma",
        flag: `--decimal ${decimal === "comma" ? "point" : "comma"}`,
      },
    ),
  header: (header: boolean, first: readonly string[]) =>
    note(
      header
        ? { en: `the first row names the columns: ${listed(first)}`, ja: `先頭行は列名: ${listed(first)}` }
        : { en: `the first row is data: ${listed(first)}`, ja: `先頭行もデータ: ${listed(first)}` },
      { option: "header", otherwise: !header, flag: header ? "--no-header" : "--header" },
    ),
  renamed: (renames: readonly string[]) =>
    note(
      {
        en: `columns without a name of their own are called ${listed(renames)}`,
        ja: `名前がない列・重複した列の名前: ${listed(renames)}`,
      },
      noUndo,
    ),
  trailing: () =>
    note(
      {
        en: "an empty last column without a name is left out: rows end with a separator",
        ja: "行末の区切りによる空の列を除きました",
      },
      noUndo,
    ),
  titles: (lines: number, first: string) =>
    note(
      {
        en: `lines above the table are left out (${lines}): "${shortened(first)}"${lines > 1 ? ", …" : ""}`,
        ja: `表より上の行を除きました(${lines} 行): "${shortened(first)}"${lines > 1 ? "、…" : ""}`,
      },
      noUndo,
    ),
  emptyRows: (rows: number) =>
    note(
      {
        en: `empty rows at the end are left out (${rows})`,
        ja: `末尾の空行を除きました(${rows} 行)`,
      },
      noUndo,
    ),
  rowNames: () =>
    note(
      {
        en: "the first row has one cell less than all others: it names all columns but the first, as R writes tables",
        ja: "先頭行のセルが他の行より1つ少ないので、1列目は列名のない行名の列とみなします(R の出力形式)",
      },
      noUndo,
    ),
  target: (column: string, classes: readonly string[]) =>
    note(
      {
        en: `column ${shortened(column)} holds the classes: ${listed(classes)}`,
        ja: `クラスの列: ${shortened(column)}(${listed(classes)})`,
      },
      { option: "target", flag: "--target COLUMN" },
      column,
    ),
  classWord: (column: string, words: readonly string[]) =>
    note(
      {
        en: `${listed(words)} in ${shortened(column)} is a class like the others, not a missing value`,
        ja: `${shortened(column)} 列の ${listed(words)} は欠損値ではなくクラスとして扱います`,
      },
      { option: "absent", otherwise: words, flag: `--absent ${shellWord(words.join(","))}` },
      column,
    ),
  wordNotMissing: (column: string, words: readonly string[]) =>
    note(
      {
        en: `${listed(words)} in ${shortened(column)} is a word like the others, not a missing value`,
        ja: `${shortened(column)} 列の ${listed(words)} は欠損値ではなく語として扱います`,
      },
      { option: "absent", otherwise: words, flag: `--absent ${shellWord(words.join(","))}` },
      column,
    ),
  lookAlike: (column: string, words: readonly string[]) =>
    note(
      {
        en: `${listed(words)} in ${shortened(column)} are ${words.length} different words; where they mean the same, write them alike`,
        ja: `${shortened(column)} 列の ${listed(words)} は別々の語として扱います(同じ意味なら表記をそろえてください)`,
      },
      noUndo,
      column,
    ),
  missingWords: (column: string, words: readonly string[], rows: number) =>
    note(
      {
        en: `${listed(words)} in ${shortened(column)} stands for no value (${rows} rows)`,
        ja: `${shortened(column)} 列の ${listed(words)} は欠損値として扱います(${rows} 行)`,
      },
      { option: "absent", otherwise: [], flag: "--absent ''" },
      column,
    ),
  skipped: (rows: number) =>
    note(
      { en: `${rows} rows without a value are left out`, ja: `値の欠けた ${rows} 行を除きました` },
      { option: "missing", otherwise: "refuse", flag: "--missing refuse" },
    ),
  filled: (cells: number) =>
    note(
      {
        en: `${cells} cells without a value are filled in: by the mean of their column, or its most frequent word`,
        ja: `値のない ${cells} 個のセルを、列の平均または最も多い語で補いました`,
      },
      { option: "missing", otherwise: "refuse", flag: "--missing refuse" },
    ),
  kind: (column: string, kind: ColumnKind, detail: string) =>
    note(
      {
        en: `column ${shortened(column)} holds ${kindNames[kind].en}${detail === "" ? "" : `: ${detail}`}`,
        ja: `${shortened(column)} 列: ${kindNames[kind].ja}${detail === "" ? "" : ` ${detail}`}`,
      },
      kind === "category" ? { option: "features", flag: null } : kindOf(column, "category"),
      column,
    ),
  unit: (column: string, sample: string, value: number) =>
    note(
      {
        en: `"${shortened(sample)}" in ${shortened(column)} is read as the number ${value}, without its unit`,
        ja: `${shortened(column)} 列の "${shortened(sample)}" は単位を除いた数値 ${value} として読みます`,
      },
      kindOf(column, "category"),
      column,
    ),
  negative: (column: string, sample: string, value: number) =>
    note(
      {
        en: `"${shortened(sample)}" in ${shortened(column)} is read as the negative number ${value}`,
        ja: `${shortened(column)} 列の "${shortened(sample)}" は負の数 ${value} として読みます`,
      },
      kindOf(column, "category"),
      column,
    ),
  codes: (column: string, sample: string) =>
    note(
      {
        en: `"${shortened(sample)}" in ${shortened(column)} is read as a number; codes are words`,
        ja: `${shortened(column)} 列の "${shortened(sample)}" は数値として読みます(コードなら語にしてください)`,
      },
      kindOf(column, "category"),
      column,
    ),
  dateOrder: (column: string, order: "dmy" | "mdy", sure: boolean) =>
    note(
      {
        en: `dates in ${shortened(column)} begin with the ${order === "dmy" ? "day" : "month"}${sure ? "" : ", by habit only: nothing in them tells"}`,
        ja: `${shortened(column)} 列の日付は${order === "dmy" ? "日/月/年" : "月/日/年"}の順${sure ? "" : "とみなしました(どちらとも読めます)"}`,
      },
      {
        option: "dateOrder",
        otherwise: order === "dmy" ? "mdy" : "dmy",
        flag: `--date-order ${order === "dmy" ? "mdy" : "dmy"}`,
      },
      column,
    ),
  zone: (column: string) =>
    note(
      {
        en: `times in ${shortened(column)} without a zone are taken as UTC`,
        ja: `${shortened(column)} 列のタイムゾーンのない時刻は UTC とみなします`,
      },
      noUndo,
      column,
    ),
  tooManyWords: (column: string, count: number) =>
    note(
      {
        en: `column ${shortened(column)} is left out: ${count} different words`,
        ja: `${shortened(column)} 列を除きました(異なる語が ${count} 種類)`,
      },
      kindOf(column, "category"),
      column,
    ),
  namesRows: (column: string, words: readonly string[]) =>
    note(
      {
        en: `column ${shortened(column)} is left out: its numbers name the rows and measure nothing (${words.slice(0, 3).join(", ")}, …)`,
        ja: `${shortened(column)} 列を除きました(行の番号で、学習に使う値ではありません: ${words.slice(0, 3).join("、")}、…)`,
      },
      kindOf(column, "number"),
      column,
    ),
  empty: (column: string) =>
    note(
      {
        en: `column ${shortened(column)} is left out: it is empty`,
        ja: `${shortened(column)} 列を除きました(すべて空)`,
      },
      { option: "features", flag: null },
      column,
    ),
  constant: (column: string, value: string) =>
    note(
      {
        en: `column ${shortened(column)} is always "${shortened(value)}" and tells nothing: its input is 0`,
        ja: `${shortened(column)} 列はすべて "${shortened(value)}" で情報がないため、入力は 0 になります`,
      },
      { option: "features", flag: null },
      column,
    ),
} as const;
