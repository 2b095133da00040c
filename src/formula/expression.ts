import type { Expression } from "./ast.ts";
import { derivative } from "./derivative.ts";
import { scalarFunction } from "./evaluate-scalar.ts";
import { FormulaError, suggestName } from "./formula-error.ts";
import { parseExpression } from "./parse.ts";

/** z = f(x, y). */
export type PlaneFunction = (x: number, y: number) => number;

/** An expression of x and y that a person typed, with its gradient; all of it closures, nothing is evaluated as code. */
export interface PlaneExpression {
  readonly expression: Expression;
  readonly value: PlaneFunction;
  /** ∂f/∂x and ∂f/∂y. */
  readonly dx: PlaneFunction;
  readonly dy: PlaneFunction;
}

const variables = ["x", "y"] as const;

/** Longest text of an expression: a derivative's length grows as its square. */
export const longestExpression = 300;

/**
 * Reads f(x, y).
 * @param subject what the text is, for the error's sentence
 * @throws FormulaError with the column
 */
export function planeExpression(text: string, subject = "expression"): PlaneExpression {
  try {
    if (text.length > longestExpression) {
      throw new FormulaError(
        { line: 1, column: longestExpression + 1, length: text.length - longestExpression },
        {
          en: `at most ${longestExpression} characters are allowed, got ${text.length}. Shorten it.`,
          ja: `${longestExpression}文字までです(現在${text.length}文字)。短くしてください。`,
        },
      );
    }
    const expression = parseExpression(text);
    checkNames(expression);
    // The derivatives first: they refuse what has no value at a point.
    const [dx, dy] = variables.map((variable) => closure(derivative(expression, variable)));
    return { expression, value: closure(expression), dx, dy };
  } catch (error) {
    throw error instanceof FormulaError ? new FormulaError(error, error.problem, subject) : error;
  }
}

function closure(expression: Expression): PlaneFunction {
  const cells = new Float64Array(variables.length);
  const compute = scalarFunction(expression, (name) => variables.indexOf(name as "x" | "y"));
  return (x, y) => {
    cells[0] = x;
    cells[1] = y;
    return compute(cells);
  };
}

function checkNames(expression: Expression): void {
  switch (expression.kind) {
    case "number":
      break;
    case "name":
      if (!variables.some((name) => name === expression.name)) {
        const suggestion = suggestName(expression.name, variables);
        throw new FormulaError(expression.place, {
          en: `only x and y have values here, got ${expression.name}. ${suggestion.en}`,
          ja: `ここで使える名前は x と y だけです(現在は ${expression.name})。${suggestion.ja}`,
        });
      }
      break;
    case "negation":
      checkNames(expression.of);
      break;
    case "operation":
      checkNames(expression.left);
      checkNames(expression.right);
      break;
    case "call":
      expression.args.forEach(checkNames);
      break;
  }
}
