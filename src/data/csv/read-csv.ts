import { optionOf, refuse } from "../../core/checks.ts";
import { type FileBytes, fileBytes } from "../../core/file-bytes.ts";
import { checkReading } from "./check-reading.ts";
import { CsvError } from "./csv-error.ts";
import { CsvReader, type CsvTable } from "./csv-reader.ts";
import { decodeText } from "./decode-text.ts";
import { type LabelledTable, labelledTable } from "./labelled-table.ts";
import { checkForm } from "./other-forms.ts";
import { type CsvOptions, programLimits, type TextOptions } from "./read-options.ts";
import { notes } from "./reading-note.ts";
import { separatorOf } from "./separator.ts";

/**
 * The cells of a table of text, read strictly: encoding and separator are found by evidence where they are not given, and
 * said in `notes`.
 * @param source the file's bytes, or its text
 * @param name of the file, for sentences
 * @throws CsvError with the line of what is not right, and what to do
 */
export function csvTable(source: FileBytes | string, name: string, options: TextOptions = {}): CsvTable {
  const { reader, text } = openCsv(source, name, options);
  reader.push(text);
  return reader.end();
}

/** A reader and the text to give it, in pieces where a page must stay free. @throws CsvError */
export function openCsv(
  source: FileBytes | string,
  name: string,
  options: TextOptions,
): { readonly reader: CsvReader; readonly text: string } {
  const { limits = programLimits } = options;
  // Plain JavaScript may have given the options in its place.
  if (typeof name !== "string") {
    const range = { en: "that of a file", ja: "ファイル名" };
    refuse(optionOf("table", "name"), range, name, {
      en: "Give it before the options.",
      ja: "オプションの前に書きます。",
    });
  }
  const given = typeof source === "string" ? source : fileBytes(source, name);
  if (given.length > limits.bytes) {
    const [most, got] = [limits.bytes / 1e6, Math.ceil(given.length / 1e6)];
    throw new CsvError(name, null, {
      en: `a table may have at most ${most} MB, got ${got} MB. Keep fewer rows.`,
      ja: `ファイルは ${most} MB までです(${got} MB あります)。行を減らしてください。`,
    });
  }
  const decoded =
    typeof given === "string"
      ? { text: given.replace(/^\ufeff/, ""), encoding: "utf-8", notes: [] }
      : decodeText(name, given, options.encoding);
  checkForm(name, decoded.text);
  const { separator, text, firstLine, told } = separatorOf(name, decoded.text, options.separator);
  const said = options.separator === undefined ? [...decoded.notes, notes.separator(separator, told)] : decoded.notes;
  const facts = { encoding: decoded.encoding, separator, firstLine, notes: said };
  return { reader: new CsvReader(name, facts, limits), text };
}

/**
 * Reads a table of text into numbers and classes: numbers, dates (as seconds), yes and no (as 1 and 0) and words (one
 * input each) beside one column of classes. Everything that was found by evidence rather than given in the options stands
 * in `notes` with the option that tells otherwise.
 * @param source the file's bytes, or its text
 * @param name of the file, for sentences
 * @throws CsvError with the line of what is not right, and what to do
 */
export function readLabelledTable(source: FileBytes | string, name: string, options: CsvOptions = {}): LabelledTable {
  checkReading("readLabelledTable", options);
  return labelledTable(csvTable(source, name, options), options);
}
