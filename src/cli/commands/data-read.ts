import type { Command } from "commander";
import type { Text } from "../../core/text.ts";
import type { CsvTable } from "../../data/csv/csv-reader.ts";
import { type LabelledTable, labelledTable } from "../../data/csv/labelled-table.ts";
import { csvTable } from "../../data/csv/read-csv.ts";
import { programLimits } from "../../data/csv/read-options.ts";
import { fileName } from "../../node/file-path.ts";
import { bytesOf } from "../../node/model-files.ts";
import type { CliContext } from "../context.ts";
import { addReadFlags, type ReadFlags, readOptions } from "../read-flags.ts";
import { printTable } from "../table.ts";

interface DataReadFlags extends ReadFlags {
  readonly target?: string;
  readonly json?: boolean;
}

export function addDataReadCommand(data: Command, contextOf: () => CliContext): void {
  addReadFlags(
    data
      .command("read")
      .description("what a CSV file is read as, each guess with its undo / CSV の読み取り結果と、推測の変え方")
      .argument("<file.csv>"),
  )
    .option("--target <column>", "the column of classes, by name or as #3")
    .option("--json", "print JSON, nothing else")
    .action((file: string, flags: DataReadFlags) => readData(file, flags, contextOf()));
}

export function readData(path: string, flags: DataReadFlags, context: CliContext): void {
  const options = { ...readOptions(flags), target: flags.target };
  const raw = csvTable(
    bytesOf(path, programLimits.bytes, { en: "Give a CSV file", ja: "CSV ファイルを指定してください" }),
    fileName(path),
    options,
  );
  const table = labelledTable(raw, options);
  if (flags.json) {
    context.print(JSON.stringify(jsonOf(raw, table)));
    return;
  }
  printReading(raw, table, context);
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

function printReading(raw: CsvTable, table: LabelledTable, context: CliContext): void {
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
  printTable({ columns, rows: shown }, context);
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
