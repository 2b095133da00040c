/** Whether a text is a number as programs write it: a point, no grouping, no blanks; the same number in every table. */
export function isNumeral(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}
