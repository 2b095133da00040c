import { FormulaError, type Place } from "./formula-error.ts";

/** What to write for signs of print that the language spells otherwise. */
const spellings: Readonly<Record<string, string>> = {
  η: "lr",
  ε: "eps",
  ϵ: "eps",
  α: "momentum",
  ρ: "decay",
  λ: "weightDecay",
  β: "beta1",
  θ: "w",
  "∇": "g",
  "√": "sqrt( )",
  "∥": "norm( )",
  "‖": "norm( )",
  "|": "abs( )",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  "∞": "1e300",
  π: "3.141592653589793",
};
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const subscripts = "₀₁₂₃₄₅₆₇₈₉";

/** @param got the character at which no number, name or sign begins */
export function unreadable(got: string, place: Place): FormulaError {
  const spelling = spellingOf(got);
  if (spelling !== undefined) {
    return new FormulaError(place, {
      en: `"${got}" is no sign of this language. Write ${spelling} instead.`,
      ja: `"${got}" は使えません。代わりに ${spelling} と書いてください。`,
    });
  }
  if (/\p{C}|\p{Z}|\p{M}/u.test(got)) {
    const code = `U+${got.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
    return new FormulaError(place, {
      en: `an invisible character (${code}) stands here. Delete it.`,
      ja: `目に見えない文字(${code})が入っています。削除してください。`,
    });
  }
  return new FormulaError(place, {
    en: `numbers, names, + - * / ^ = ( ) ; and "," are allowed here, got "${got}".`,
    ja: `"${got}" は使えません。使えるのは数、名前、+ - * / ^ = ( ) ; と "," です。`,
  });
}

function spellingOf(got: string): string | undefined {
  if (superscripts.includes(got)) {
    return `^${superscripts.indexOf(got)}`;
  }
  if (subscripts.includes(got)) {
    return String(subscripts.indexOf(got));
  }
  return Object.hasOwn(spellings, got) ? spellings[got] : undefined;
}
