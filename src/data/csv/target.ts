import type { ColumnFacts } from "./column-facts.ts";
import { type Decimal, numberOf } from "./numeral.ts";
import { isCountingName } from "./row-names.ts";

/** What people call the column that is to be told. */
const named =
  /^(?:class|classes|label|labels|target|targets|y|output|outcome|result|category|type|kind|species|variety|diagnosis|disorder|disease|survived|survive|churn|churned|fraud|spam|default|grade|quality|quality_label|sentiment|answer|response|クラス|分類|種類|種別|品種|ラベル|正解|正解ラベル|目的変数|教師|結果|判定|合否|評価|診断)$/i;

/** Classes that can be told apart by colour and in a confusion matrix. */
export const mostClasses = 20;

/** Whole numbers of so few values, each so often on average, are classes. */
const [mostNumberedClasses, fewestOfEach] = [20, 4];

/** Whether a column that is told holds numbers that were measured, rather than classes. */
export function isMeasured(
  { kind, words, count }: Pick<ColumnFacts, "kind" | "words" | "count">,
  decimal: Decimal,
): boolean {
  if (kind !== "number") {
    return false;
  }
  const values = new Set(words.map((word) => numberOf(word, decimal)));
  const classes = values.size <= mostNumberedClasses && count >= fewestOfEach * values.size;
  return !classes || ![...values].every(Number.isInteger);
}

/**
 * The column that is most likely the classes': one of few different values, by its name, by words rather than numbers, and
 * by its place at an end.
 */
export function likelyTarget(facts: readonly ColumnFacts[], names: readonly string[]): number {
  let best = { column: names.length - 1, score: Number.NEGATIVE_INFINITY };
  for (const [j, { kind, words, count }] of facts.entries()) {
    const repeated = count >= 2 * words.length;
    // Numbers that hardly ever come again are measured, not classes.
    const told = repeated || kind === "category";
    const few = words.length >= 2 && words.length <= mostClasses && told && kind !== "date" && kind !== "empty";
    const whole = words.every((word) => /^[+-]?\d+$/.test(word));
    const score =
      (few ? 4 : -6) +
      (named.test(names[j]) ? 4 : 0) +
      (isCountingName(names[j]) ? -6 : 0) +
      (j === names.length - 1 ? 2 : j === 0 ? 1 : 0) +
      (kind === "category"
        ? 2
        : kind === "boolean"
          ? 1.5
          : kind === "date" || kind === "empty"
            ? -5
            : whole
              ? 0.5
              : -3) +
      (repeated ? 0.5 : -1);
    if (score >= best.score) {
      best = { column: j, score };
    }
  }
  return best.column;
}
