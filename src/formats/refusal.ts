import { DataError } from "../core/errors.ts";

/** Characters of a file's own words that a sentence shows. */
const shown = 60;

/** What a reader says of a file that it does not take: `<name>: must …, got …. <what to do>`. */
export function refusal(name: string, en: string, ja: string): DataError {
  return new DataError({ en: `${name}: ${en}`, ja: `${name}: ${ja}` });
}

/** A word from a file, in quotes and short enough for a sentence. */
export function quoted(word: unknown): string {
  const text = JSON.stringify(word) ?? String(word);
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
