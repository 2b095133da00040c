import { shortened } from "./text.ts";
import { trialError } from "./trial-errors.ts";

/**
 * What code of others gives, throws and notes may be anything at all: getters that throw, circles, BigInts. Here it becomes
 * a sentence.
 */

/** Characters of a value or an error that are kept. */
const enough = 2000;

/** Elements of an array that are written out, to be shortened. */
const writtenOut = 1000;

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
    // Written out, these alone could take minutes and gigabytes.
    if (ArrayBuffer.isView(value)) {
      return `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
    }
    if (Array.isArray(value) && value.length > writtenOut) {
      return `an array of ${value.length}`;
    }
    const text = JSON.stringify(value);
    return text === undefined ? "an object" : shortened(text, 120);
  } catch {
    return "an object that cannot be written as JSON";
  }
}

/** Whether what was thrown is of a class; a proxy that answers no question is of none. Never throws. */
export function isA<T>(thrown: unknown, kind: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof kind;
  } catch {
    return false;
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
