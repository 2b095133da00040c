import { DataError } from "../core/errors.ts";
import type { Text } from "../core/text.ts";

/** A sentence in both languages. */
export type Told = Exclude<Text, string>;

/** A DataError that a page shows: its sentence in both languages. `message` is the English one. */
export class ToldError extends DataError {
  readonly text: Text;

  constructor(text: Told, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

/** The sentence of any error: in both languages where it has them. */
export function textOf(error: unknown): Text {
  if (isTold(error)) {
    return error.text;
  }
  return error instanceof Error ? error.message : String(error);
}

/** A ToldError, or an error of a room below that has its sentence in both languages too. */
function isTold(error: unknown): error is ToldError {
  const { text } = (error ?? {}) as Partial<ToldError>;
  return error instanceof Error && typeof text === "object" && "en" in text && "ja" in text;
}

/** As {@link textOf}, always in both languages: for messages to another thread. */
export function tellable(error: unknown): Told {
  const text = textOf(error);
  return typeof text === "string" ? { en: text, ja: text } : text;
}
