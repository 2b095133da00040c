/**
 * Words that differ in capitals and small letters, or in full and half width, and in nothing else.
 * @returns each group of two and more, in the order of the words
 */
export function lookAlike(words: readonly string[]): string[][] {
  const groups = Map.groupBy(new Set(words), (word) => word.normalize("NFKC").toLowerCase());
  return [...groups.values()].filter(({ length }) => length > 1);
}
