import { DataError } from "../core/errors.ts";
import type { Text } from "../core/text.ts";

/** A DataError that a page shows: its sentence in both languages. `message` is the English one. */
export class ToldError extends DataError {
  readonly text: Text;

  constructor(text: { readonly en: string; readonly ja: string }, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

/** The sentence of any error: in both languages where it has them. */
export function textOf(error: unknown): Text {
  if (error instanceof ToldError) {
    return error.text;
  }
  return error instanceof Error ? error.message : String(error);
}
