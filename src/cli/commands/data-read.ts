import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { DataError, HyperError, suggest, suggestName } from "../../core/errors.ts";
import type { Text } from "../../core/text.ts";
import type { CsvTable } from "../../data/csv/csv-reader.ts";
import { type LabelledTable, labelledTable } from "../../data/csv/labelled-table.ts";
import { csvTable } from "../../data/csv/read-csv.ts";
import { type ColumnKind, type CsvOptions, programLimits } from "../../data/csv/read-options.ts";
import type { CliContext } from "../context.ts";
import { collect } from "../options.ts";
import { tableLines } from "../table.ts";

interface ReadFlags {
  readonly encoding?: string;
  readonly separator?: string;
  readonly decimal?: string;
  readonly header?: boolean;
  readonly target?: string;
  readonly features?: string;
  readonly missing?: string;
  readonly absent?: string;
  readonly column: string[];
  readonly dateOrder?: string;
  readonly json?: boolean;
}

const kinds: readonly ColumnKind[] = ["number", "boolean", "date", "category"];

export function addDataReadCommand(data: Command, contextOf: () => CliContext): void {
  data
    .command("read")
    .description("what a CSV file is read as, each guess with its undo / CSV の読み取り結果と、推測の変え方")
    .argument("<file.csv>")
    .option("--encoding <name>", "utf-8, shift_jis, euc-jp, windows-1252, utf-16le … (default: by evidence)")
    .option(
      "--separator <character>",
      'what parts cells: , ; | tab or blank (default: by evidence, or the line "sep=")',
    )
    .option("--decimal <sign>", "point or comma")
    .option("--header", "the first row names the columns")
    .option("--no-header", "the first row is data")
    .option("--target <column>", "the column of classes, by name or as #3")
    .option("--features <columns>", "the columns that are learnt from, parted by commas")
    .option("--missing <how>", "refuse or skip rows with a cell that has no value (default: refuse)")
    .option("--absent <words>", "words that stand for no value, parted by commas; '' for none")
    .option("--column <name=kind>", "number, boolean, date or category; may be repeated", collect, [])
    .option("--date-order <order>", "dmy or mdy")
    .option("--json", "print JSON, nothing else")
    .action((file: string, flags: ReadFlags) => readData(file, flags, contextOf()));
}

function oneOf<T extends string>(flag: string, given: string | undefined, known: readonly T[]): T | undefined {
  if (given !== undefined && !known.includes(given as T)) {
    throw new HyperError({
      en: `${flag}: must be one of ${known.join(", ")}, got "${given}". ${suggest(given, known)}`,
      ja: `${flag}: ${known.join("、")} のいずれかを指定してください(指定された値: "${given}")。${suggestName(given, known).ja}`,
    });
  }
  return given as T | undefined;
}

function listOf(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : text === "" ? [] : text.split(",");
}

/** The reader's options of the flags. @throws HyperError */
function optionsOf(flags: ReadFlags): CsvOptions {
  const separators: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", blank: " ", space: " " };
  const ofColumns = flags.column.map((text) => {
    const at = text.lastIndexOf("=");
    if (at < 1) {
      throw new HyperError({
        en: `--column: must be NAME=KIND, got "${text}". Write one such as --column zip=category.`,
        ja: `--column: NAME=KIND の形で指定してください(指定された値: "${text}")。例: --column zip=category`,
      });
    }
    return [text.slice(0, at), oneOf("--column", text.slice(at + 1), kinds) as ColumnKind] as const;
  });
  return {
    encoding: flags.encoding,
    separator: flags.separator === undefined ? undefined : (separators[flags.separator] ?? flags.separator),
    decimal: oneOf("--decimal", flags.decimal, ["point", "comma"]),
    header: flags.header,
    target: flags.target,
    features: listOf(flags.features),
    missing: oneOf("--missing", flags.missing, ["refuse", "skip"]),
    absent: listOf(flags.absent),
    kinds: ofColumns.length === 0 ? undefined : Object.fromEntries(ofColumns),
    dateOrder: oneOf("--date-order", flags.dateOrder, ["dmy", "mdy"]),
  };
}

function bytesOf(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) {
      throw new DataError({
        en: `data read: ${path} must be a file, got something else. Give a CSV file.`,
        ja: `data read: ${path} はファイルではありません。CSV ファイルを指定してください。`,
      });
    }
    // A file that is too large is not taken into memory, but refused by its size.
    return stat.size > programLimits.bytes ? ({ length: stat.size } as Uint8Array) : readFileSync(path);
  } catch (error) {
    if (error instanceof DataError) {
      throw error;
    }
    const { message } = error as Error;
    throw new DataError(
      {
        en: `data read: ${path} must be readable, got "${message}". Check the path and its permissions.`,
        ja: `data read: ${path} を読めません(${message})。パスと権限を確認してください。`,
      },
      { cause: error },
    );
  }
}

function readData(path: string, flags: ReadFlags, context: CliContext): void {
  const options = optionsOf(flags);
  const raw = csvTable(bytesOf(path), basename(path), options);
  const table = labelledTable(raw, options);
  if (flags.json) {
    context.print(JSON.stringify(jsonOf(raw, table)));
    return;
  }
  printTable(raw, table, context);
}

function countsOf({ labels, classNames }: LabelledTable): number[] {
  const counts = classNames.map(() => 0);
  for (const label of labels) {
    counts[label]++;
  }
  return counts;
}

function jsonOf(raw: CsvTable, table: LabelledTable) {
  const counts = countsOf(table);
  return {
    name: table.name,
    encoding: raw.encoding,
    separator: raw.separator,
    decimal: table.decimal,
    header: table.header,
    rows: table.rows.count,
    skipped: table.skipped,
    columns: table.columns,
    inputs: table.features,
    target: table.label,
    classes: table.classNames.map((name, i) => ({ name, rows: counts[i] })),
    notes: table.notes.map(({ text, option, flag, column }) => ({ text, option, flag, column })),
  };
}

const kindWords: Readonly<Record<string, Text>> = {
  number: { en: "numbers", ja: "数値" },
  boolean: { en: "yes or no", ja: "はい/いいえ" },
  date: { en: "dates", ja: "日時" },
  category: { en: "words", ja: "語" },
  empty: { en: "empty", ja: "空" },
};

const useWords: Readonly<Record<string, Text>> = {
  input: { en: "input", ja: "入力" },
  target: { en: "classes", ja: "クラス" },
  "left out": { en: "left out", ja: "除外" },
};

function printTable(raw: CsvTable, table: LabelledTable, context: CliContext): void {
  const { rows, features, classNames, skipped } = table;
  const left = { en: skipped === 0 ? "" : `, ${skipped} left out`, ja: skipped === 0 ? "" : `(${skipped} 行を除外)` };
  context.print({
    en: `${table.name}: ${rows.count} rows${left.en}, ${features.length} inputs, ${classNames.length} classes (${raw.encoding})`,
    ja: `${table.name}: ${rows.count} 行${left.ja}、入力 ${features.length}、クラス ${classNames.length}(${raw.encoding})`,
  });
  const columns = [
    { en: "column", ja: "列" },
    { en: "holds", ja: "内容" },
    { en: "different", ja: "種類" },
    { en: "used as", ja: "用途" },
  ];
  const shown = table.columns
    .slice(0, 40)
    .map(({ name, kind, values, use }) => [name, context.text(kindWords[kind]), values, context.text(useWords[use])]);
  for (const line of tableLines({ columns, rows: shown }, context)) {
    context.print(line);
  }
  if (table.columns.length > shown.length) {
    const more = table.columns.length - shown.length;
    context.print({ en: `  … and ${more} columns more`, ja: `  … ほか ${more} 列` });
  }
  const counts = countsOf(table);
  const classes = classNames.slice(0, 20).map((name, i) => `${name} (${counts[i]})`);
  context.print({
    en: `  classes: ${classes.join(", ")}${classNames.length > 20 ? ", …" : ""}`,
    ja: `  クラス: ${classes.join("、")}${classNames.length > 20 ? "、…" : ""}`,
  });
  context.print({ en: "  found by evidence, and how to say otherwise:", ja: "  推測した点と、その変え方:" });
  for (const { text, flag } of table.notes) {
    context.print(`  - ${context.text(text)}${flag === null ? "" : `  [${flag}]`}`);
  }
}
