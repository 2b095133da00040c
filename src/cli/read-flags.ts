import type { Command } from "commander";
import { flagOf } from "../core/command-words.ts";
import { HyperError, suggest, suggestName } from "../core/errors.ts";
import { eachOnce } from "../core/hyper.ts";
import { type CsvOptions, columnKinds, optionWords } from "../data/csv/read-options.ts";
import { collect } from "./options.ts";

/** How a table is read, as flags: of every command that reads one. */
export interface ReadFlags {
  readonly encoding?: string;
  readonly separator?: string;
  readonly decimal?: string;
  readonly header?: boolean;
  readonly features?: string;
  readonly missing?: string;
  readonly absent?: string;
  readonly column?: string[];
  readonly dateOrder?: string;
}

/** Their names. */
export const readFlagNames = [
  "encoding",
  "separator",
  "decimal",
  "header",
  "features",
  "missing",
  "absent",
  "column",
  "dateOrder",
] as const satisfies readonly (keyof ReadFlags)[];

/** Adds the flags that say how a table is written, of a command that asks a model: it knows what its columns are. */
export function addTableFlags(command: Command): Command {
  return command
    .option("--encoding <name>", "utf-8, shift_jis, euc-jp, windows-1252, utf-16le … (default: by evidence)")
    .option(
      "--separator <character>",
      'what parts cells: , ; | tab or blank (default: by evidence, or the line "sep=")',
    )
    .option("--decimal <sign>", "point or comma")
    .option("--missing <how>", "refuse or skip rows with a cell that has no value, or fill the cell (default: refuse)")
    .option("--absent <words>", "words that stand for no value, parted by commas; '' for none")
    .option("--date-order <order>", "dmy or mdy");
}

/** Adds the flags that say how a table is read where nothing is known of it yet. */
export function addReadFlags(command: Command): Command {
  return addTableFlags(command)
    .option("--header", "the first row names the columns")
    .option("--no-header", "the first row is data")
    .option("--features <columns>", "the columns that are learnt from, parted by commas")
    .option("--column <name=kind>", "number, boolean, date or category; may be repeated", collect, []);
}

/**
 * A command's flags where its table may stand alone or after `--data`.
 * @param given what `--data` names, if it was given  @throws HyperError where both name one
 */
export function withTable<F extends { readonly data?: string }>(
  command: string,
  file: string | undefined,
  flags: F,
  given: string | undefined,
): F {
  if (file !== undefined && given !== undefined) {
    throw new HyperError({
      en: `${command}: there must be one table, got ${file} and --data ${given}. Leave one away.`,
      ja: `${command}: 表は1つだけ指定できます(${file} と --data ${given} がありました)。どちらかを外してください。`,
    });
  }
  return file === undefined ? flags : { ...flags, data: file };
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

/** Separators that a shell cannot well be given. */
const separators: ReadonlyMap<string, string> = new Map([
  ["tab", "\t"],
  ["\\t", "\t"],
  ["blank", " "],
  ["space", " "],
]);

/** The reader's options of the flags. @throws HyperError */
export function readOptions(flags: ReadFlags): CsvOptions {
  const ofColumns = (flags.column ?? []).map((text) => {
    const at = text.lastIndexOf("=");
    if (at < 1) {
      throw new HyperError({
        en: `--column: must be NAME=KIND, got "${text}". Write one such as --column zip=category.`,
        ja: `--column: NAME=KIND の形で指定してください(指定された値: "${text}")。例: --column zip=category`,
      });
    }
    return [text.slice(0, at), oneOf("--column", text.slice(at + 1), columnKinds)!] as const;
  });
  return {
    encoding: flags.encoding,
    separator: flags.separator === undefined ? undefined : (separators.get(flags.separator) ?? flags.separator),
    decimal: oneOf("--decimal", flags.decimal, optionWords.decimal),
    header: flags.header,
    features: listOf(flags.features),
    missing: oneOf("--missing", flags.missing, optionWords.missing),
    absent: listOf(flags.absent),
    kinds: ofColumns.length === 0 ? undefined : eachOnce("--column", ofColumns),
    dateOrder: oneOf("--date-order", flags.dateOrder, optionWords.dateOrder),
  };
}

/** Those that were given: what is beneath them stays. @throws HyperError */
export function givenOptions(flags: ReadFlags): CsvOptions {
  return Object.fromEntries(Object.entries(readOptions(flags)).filter(([, value]) => value !== undefined));
}

/** Options of a table as flags again, each a word. */
export function readArguments({ header, features, absent, kinds, ...others }: CsvOptions): string[] {
  const { encoding, separator, decimal, missing, dateOrder } = others;
  const plain = { encoding, separator: separator === "\t" ? "tab" : separator, decimal, missing, dateOrder };
  return [
    ...Object.entries(plain).flatMap(([name, value]) => (value === undefined ? [] : [flagOf(name), value])),
    ...(header === undefined ? [] : [header ? "--header" : "--no-header"]),
    ...(features === undefined ? [] : ["--features", features.join(",")]),
    ...(absent === undefined ? [] : ["--absent", absent.join(",")]),
    ...Object.entries(kinds ?? {}).flatMap(([name, kind]) => ["--column", `${name}=${kind}`]),
  ];
}
