import { HyperError } from "../../core/errors.ts";
import type { Text } from "../../core/text.ts";
import { FormulaError } from "../../formula/formula-error.ts";
import { lineStarts, linesOf } from "../../formula/plain-text.ts";
import { optimizerOfRule, usualHyper } from "../../optim/from-text.ts";
import type { Optimizer } from "../../optim/optimizer.ts";

/** What is wrong with a rule's text, and where: offsets into it. */
export interface RuleProblem {
  readonly from: number;
  readonly to: number;
  readonly sentence: Text;
}

/** null when the text is an update rule. */
export function problemOf(rule: string): RuleProblem | null {
  try {
    optimizerOfRule("custom", rule);
    return null;
  } catch (error) {
    if (error instanceof FormulaError) {
      const before = lineStarts(rule)[error.line - 1];
      const lineLength = linesOf(rule)[error.line - 1].length;
      // At a line's end the last character is underlined: there must be something to see.
      const from = before + Math.min(error.column - 1, Math.max(0, lineLength - 1));
      const to = Math.min(before + lineLength, Math.max(from + error.length, from + 1));
      return { from, to: Math.max(from, to), sentence: placed(error) };
    }
    if (error instanceof HyperError) {
      return { from: 0, to: rule.length, sentence: error.text };
    }
    throw error;
  }
}

function placed({ line, column, problem }: FormulaError): Text {
  const [en, ja] = typeof problem === "string" ? [problem, problem] : [problem.en, problem.ja];
  return { en: `Line ${line}, column ${column}: ${en}`, ja: `${line}行${column}文字目: ${ja}` };
}

/**
 * A rule as one may go on writing it: without the indentation it has in its file, and with the numbers that only it has in
 * lines of their own.
 */
export function tidyRule({ rule, hyper }: Pick<Optimizer, "rule" | "hyper">): string {
  const own = Object.entries(hyper).filter(([name]) => !Object.hasOwn(usualHyper, name));
  return [...own.map(([name, { default: value }]) => `${name} = ${value}`), ...rule.trim().split("\n")]
    .map((line) => line.trim())
    .join("\n");
}
