import { quoted } from "../core/text.ts";
import { refusal } from "./refusal.ts";

/** What JSON of others may hold at most. */
export interface JsonLimits {
  /** Objects and lists within one another. */
  readonly depth: number;
}

/**
 * Reads JSON that others wrote: as `JSON.parse`, but a name that stands twice in one object is refused (readers differ in
 * which of the two they take), and so is what is nested deeper than `depth`, before anything recursive meets it.
 * @param name of what holds it, for errors
 * @throws DataError
 */
export function strictJson(text: string, name: string, { depth }: JsonLimits): unknown {
  const twice = lookOver(text, name, depth);
  try {
    if (twice === null) {
      return JSON.parse(text);
    }
  } catch {
    throw refusal(
      name,
      "must hold well-formed JSON, got something else. It is damaged: get it again.",
      "JSON として読めません。破損しているので、入手し直してください。",
    );
  }
  throw refusal(
    name,
    `every name must stand once in an object, got ${quoted(twice)} twice. Have it written anew.`,
    `同じ名前 ${quoted(twice)} が2回現れます。書き出し直してください。`,
  );
}

/** Finds a name that stands twice in one object, or null; what is no JSON at all is left to `JSON.parse`. */
function lookOver(text: string, name: string, depth: number): string | null {
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      const begin = i;
      i = endOfString(text, i);
      const names = open.at(-1);
      if (names !== undefined && names !== null && followedByColon(text, i + 1)) {
        const word = wordOf(text.slice(begin, i + 1));
        if (names.has(word)) {
          return word;
        }
        names.add(word);
      }
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      if (open.length > depth) {
        throw refusal(
          name,
          `must nest at most ${depth} objects and lists, got more. It is not a file of this kind.`,
          `入れ子は ${depth} 段までです。この種類のファイルではありません。`,
        );
      }
    } else if (character === "}" || character === "]") {
      open.pop();
    }
  }
  return null;
}

function endOfString(text: string, begin: number): number {
  let i = begin + 1;
  while (i < text.length && text[i] !== '"') {
    i += text[i] === "\\" ? 2 : 1;
  }
  return i;
}

function followedByColon(text: string, begin: number): boolean {
  let i = begin;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") {
    i++;
  }
  return text[i] === ":";
}

/** `"\u0061"` and `"a"` are one name. */
function wordOf(literal: string): string {
  try {
    return JSON.parse(literal);
  } catch {
    return literal;
  }
}
