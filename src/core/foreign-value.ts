import { shortened } from "./text.ts";
import { trialError } from "./trial-errors.ts";

/**
 * What code of others gives, throws and notes may be anything at all: getters that throw, circles, BigInts. Here it becomes
 * a sentence.
 */

/** Characters of a value or an error that are kept. */
const enough = 2000;

/** Any value in a few words, for a sentence: `"0.5"`, `the BigInt 12`, `a function`. Never throws. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "bigint":
      return `the BigInt ${shortened(String(value), 40)}`;
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "object":
      return describeObject(value);
    case "string":
      return JSON.stringify(shortened(value, 80));
    default:
      return String(value);
  }
}

function describeObject(value: object | null): string {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? "an object" : shortened(text, 120);
  } catch {
    return "an object that cannot be written as JSON";
  }
}

/** Why an objective failed, in a sentence: `RangeError: no such layer`, `The objective threw null.` Never throws. */
export function reasonOf(error: unknown): string {
  try {
    if (error !== null && typeof error === "object" && "message" in error) {
      const { name, message } = error as { name?: unknown; message: unknown };
      if (typeof message === "string") {
        return sentence(typeof name === "string" && name !== "" ? `${name}: ${message}` : message);
      }
    }
    if (typeof error === "string" && error.trim() !== "") {
      return sentence(error);
    }
  } catch {
    return trialError("unreadable");
  }
  return sentence(trialError("threw", describeValue(error)));
}

/** A text as every store keeps it: databases take no NUL and no half of a character, and nobody reads a megabyte. */
function sentence(text: string): string {
  return shortened(text, enough).replaceAll("\u0000", "\\u0000").toWellFormed();
}
