import { checkOptions, oneOf, optionOf, refuse, wholeNumber } from "../../core/checks.ts";
import { type ColumnKind, type CsvOptions, columnKinds, csvOptionNames, optionWords } from "./read-options.ts";

/** Options as a program gives them, several columns to be told and declared columns among them. */
type Given = Omit<CsvOptions, "target"> & {
  readonly target?: string | readonly string[];
  readonly columns?: Readonly<Record<string, ColumnKind | readonly string[]>>;
};

/**
 * Makes sure that what is said of a table can be meant: a word that nothing knows would be taken for none.
 * @param where that says it: `readTable`
 * @throws HyperError naming the option
 */
export function checkReading(where: string, options: Given): void {
  checkOptions(where, options, { ...csvOptionNames, columns: true });
  for (const [name, known] of Object.entries(optionWords)) {
    const value = options[name as keyof typeof optionWords];
    if (value !== undefined) {
      oneOf(where, name, value, known);
    }
  }
  for (const [column, kind] of Object.entries(options.kinds ?? {})) {
    oneOf(where, `kinds.${column}`, kind, columnKinds);
  }
  for (const [column, kind] of Object.entries(options.columns ?? {})) {
    if (typeof kind === "string") {
      oneOf(where, `columns.${column}`, kind, columnKinds);
    } else {
      mustBeWords(where, `columns.${column}`, kind);
    }
  }
  for (const [column, list] of Object.entries(options.words ?? {})) {
    mustBeWords(where, `words.${column}`, list);
  }
  mustBeWords(where, "features", options.features);
  mustBeWords(where, "absent", options.absent);
  if (typeof options.target !== "string") {
    mustBeWords(where, "target", options.target);
  }
  if (typeof (options.header ?? true) !== "boolean") {
    must(where, "header", { en: "true or false", ja: " true か false " }, options.header);
  }
  if (options.mostClasses !== undefined) {
    wholeNumber(where, "mostClasses", options.mostClasses, { min: 2 });
  }
}

function mustBeWords(where: string, name: string, given: unknown): void {
  const fits = given === undefined || (Array.isArray(given) && given.every((word) => typeof word === "string"));
  if (!fits) {
    must(where, name, { en: 'a list of text such as ["a", "b"]', ja: ' ["a", "b"] のような文字列のリスト' }, given);
  }
}

function must(where: string, name: string, range: { en: string; ja: string }, given: unknown): never {
  return refuse(optionOf(where, name), range, given, {
    en: "Correct it, or leave it out.",
    ja: "直すか、省いてください。",
  });
}
