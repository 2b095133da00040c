import { isNumeral } from "../../core/csv.ts";
import { booleansOf } from "./boolean-text.ts";

/** 1 of a yes and 0 of a no, as another program writes it too: `True`, `TRUE`, `1`, `1.0`; null of what is neither. */
export function answerOf(word: string): 0 | 1 | null {
  const number = isNumeral(word) ? Number(word) : null;
  return number === 0 || number === 1 ? number : (booleansOf([word])?.get(word) ?? null);
}

/**
 * Where a word stands among those that were learnt: itself, else the only one that says the same as another program writes it,
 * `1.0` for 1 (a column of pandas with a gap), `TRUE` for True, `1` for yes; −1 where there is none.
 */
export function wordPlace(words: readonly string[], word: string): number {
  const exact = words.indexOf(word);
  if (exact >= 0) {
    return exact;
  }
  const like = words.every(isNumeral) && isNumeral(word) ? Number : likeAnswers(words, word);
  const value = like?.(word) ?? null;
  const places = value === null ? [] : words.flatMap((one, i) => (like?.(one) === value ? [i] : []));
  return places.length === 1 ? places[0] : -1;
}

/** How words are read that answer yes or no in one way or as 1 and 0; null where they are others. */
function likeAnswers(words: readonly string[], word: string): typeof answerOf | null {
  const inWords = [...words, word].filter((one) => !isNumeral(one));
  const answer = words.length === 2 && words.every((one) => answerOf(one) !== null) && booleansOf(inWords) !== null;
  return answer ? answerOf : null;
}
