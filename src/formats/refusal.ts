import { DataError } from "../core/errors.ts";

/** What a reader says of a file that it does not take: `<name>: must …, got …. <what to do>`. */
export function refusal(name: string, en: string, ja: string): DataError {
  return new DataError({ en: `${name}: ${en}`, ja: `${name}: ${ja}` });
}
