import { HyperError } from "./errors.ts";
import { describeValue, reasonOf } from "./foreign-value.ts";
import { toJsonNumber } from "./json-number.ts";

/** The number as every place can keep it: JSON and SQLite have no −0, so it is 0. */
export function plainNumber(value: number): number {
  return value + 0;
}

/** Text of plain JSON, in which numbers that JSON has not are words: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "number" ? toJsonNumber(inner) : inner));
}

/** The same with the keys of objects in order: equal text is equal values. */
export function canonicalText(value: unknown): string {
  const inOrder = (object: object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "number"
      ? toJsonNumber(inner)
      : typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? inOrder(inner)
        : inner,
  );
}

/**
 * A copy of `value` as it is after it was written as JSON and read again, so that what is kept in memory and what is kept
 * in a file are the same; numbers that JSON has not become words.
 * @param where names it in the error
 * @throws HyperError when it is no plain JSON: a function, a BigInt, something that holds itself
 */
export function plainJson(value: unknown, where: string): unknown {
  let text: string | undefined;
  let reason = "";
  try {
    text = jsonText(value);
  } catch (error) {
    reason = ` (${reasonOf(error).split("\n")[0]})`;
  }
  if (text === undefined) {
    throw new HyperError({
      en: `${where}: must be plain JSON, got ${describeValue(value)}${reason}. Convert it first.`,
      ja: `${where}: そのまま JSON にできる値にしてください(渡されたもの: ${describeValue(value)}${reason})。先に変換してください。`,
    });
  }
  return JSON.parse(text);
}
