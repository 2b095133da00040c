import { DataError } from "./errors.ts";

/** A number as JSON can hold it: JSON has no NaN and no infinities, so that these three are words. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

const words: readonly string[] = ["NaN", "Infinity", "-Infinity"];

/** A number for JSON, CSV or a database column of text: `Infinity` becomes `"Infinity"`, never null or nothing. */
export function toJsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

/** The number that {@link toJsonNumber} was given. @throws DataError where `value` is neither a number nor one of the words */
export function fromJsonNumber(value: unknown, name: string): number {
  if (typeof value === "number" || (typeof value === "string" && words.includes(value))) {
    return Number(value);
  }
  const shown = JSON.stringify(value) ?? String(value);
  throw new DataError({
    en: `${name}: must be a number or one of ${words.join(", ")}, got ${shown}. Write it as one of these.`,
    ja: `${name}: 数または ${words.join("、")} のいずれかを指定してください(指定された値: ${shown})。`,
  });
}
