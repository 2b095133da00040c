/** Pairs of words that answer yes or no, in lower case. */
const pairs: readonly (readonly [yes: string, no: string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["on", "off"],
  ["はい", "いいえ"],
  ["有", "無"],
  ["有り", "無し"],
  ["あり", "なし"],
  ["真", "偽"],
  ["○", "×"],
];

/** Answers of one pair as 1 and 0; null when the words are of no pair, or of several. */
export function booleansOf(words: Iterable<string>): ReadonlyMap<string, 0 | 1> | null {
  const distinct = [...words];
  const pair = pairs.find((both) => distinct.every((word) => (both as readonly string[]).includes(word.toLowerCase())));
  if (pair === undefined || distinct.length === 0) {
    return null;
  }
  return new Map(distinct.map((word) => [word, word.toLowerCase() === pair[0] ? 1 : 0]));
}
