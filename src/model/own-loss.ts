import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { planeExpression } from "../formula/expression.ts";
import { type ElementLoss, elementwiseLoss } from "../nn/elementwise-loss.ts";
import type { Loss } from "../nn/loss.ts";

/**
 * A loss of one's own for outputs y with targets t, as a formula (`abs(y - t) + (y - t)^2`, from which the slope is derived)
 * or as a function with its slope ∂/∂y. A row's loss is its mean over the outputs.
 * @param name for files and errors; a function is no part of a file, so that such a model needs it given again
 * @throws FormulaError with the column when the formula has no meaning, HyperError on what is neither
 */
export function ownLoss(name: string, given: string | ElementLoss): Loss {
  const element = typeof given === "string" ? ofFormula(given) : given;
  if (typeof element?.value !== "function" || typeof element.slope !== "function") {
    throw new HyperError({
      en: `ownLoss: a loss must be a formula, or { value, slope } of two functions, got ${describeValue(given)}. Write ownLoss("mine", "(y - t)^2").`,
      ja: `ownLoss: 損失には式か、2つの関数 { value, slope } を指定してください(指定された値: ${describeValue(given)})。例: ownLoss("mine", "(y - t)^2")`,
    });
  }
  return {
    name,
    about: { en: "A loss of one's own.", ja: "自分で決めた損失です。" },
    tex: typeof given === "string" ? given : "f(y, t)",
    targets: "values",
    hyper: {},
    values: {},
    ...(typeof given === "string" ? { formula: given } : {}),
    open: (memory) => elementwiseLoss(element, memory),
  };
}

function ofFormula(text: string): ElementLoss {
  const { value, dx } = planeExpression(text, "loss", ["y", "t"]);
  return { value, slope: dx };
}
