/** The languages every message, label and page is written in. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

/** A text a person reads, in both languages; a bare string is the same in each. */
export type Text = string | { readonly en: string; readonly ja: string };

/** A sentence a person reads, which is never the same in two languages. */
export type Told = Exclude<Text, string>;

export function inLanguage(text: Text, language: Language): string {
  return typeof text === "string" ? text : text[language];
}

/** The first `most` characters of a text of others, so that it stands in a sentence. */
export function shortened(text: string, most: number): string {
  // No half of a character is left at the end.
  return text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

/**
 * A value of others as JSON, text in quotes, and short enough for a sentence; numbers that JSON has not by their names, BigInts
 * as they are written. Never throws.
 */
export function quoted(value: unknown): string {
  try {
    const json = typeof value === "string" || typeof value === "object" ? JSON.stringify(value) : undefined;
    const plain = typeof value === "function" ? "a function" : String(value);
    return shortened(json ?? (typeof value === "bigint" ? `${plain}n` : plain), 60);
  } catch {
    // A circle or a BigInt in it, or a getter that throws.
    return "an object";
  }
}
