import { DataError, saidBy, TanrenError } from "../core/errors.ts";
import type { Text, Told } from "../core/text.ts";

/** A DataError that a page shows: its sentence in both languages. */
export class ToldError extends DataError {
  constructor(text: Told, options?: ErrorOptions) {
    super(text, options);
  }
}

/** The sentence of any error: in both languages where it has them. */
export function textOf(error: unknown): Text {
  if (error instanceof TanrenError) {
    return error.text;
  }
  return error instanceof Error ? error.message : String(error);
}

/** As {@link textOf}, always in both languages: for messages to another thread. */
export function tellable(error: unknown): Told {
  return saidBy(error);
}
