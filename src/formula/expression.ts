import { suggestName } from "../core/errors.ts";
import type { Expression } from "./ast.ts";
import { derivative } from "./derivative.ts";
import { FormulaError } from "./formula-error.ts";
import { parseExpression } from "./parse.ts";
import { Tape } from "./tape.ts";

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

/** Names of the two variables of an expression. */
type Variables = readonly [string, string];

/**
 * Reads f(x, y).
 * @param subject what the text is, for the error's sentence
 * @param variables what x and y are called in the text
 * @throws FormulaError with the column
 */
export function planeExpression(
  text: string,
  subject = "expression",
  variables: Variables = ["x", "y"],
): PlaneExpression {
  try {
    const expression = parseExpression(text);
    checkNames(expression, variables);
    // The derivatives first: they refuse what has no value at a point.
    const [dx, dy] = variables.map((variable) => closure(derivative(expression, variable), variables));
    return { expression, value: closure(expression, variables), dx, dy };
  } catch (error) {
    throw error instanceof FormulaError ? new FormulaError(error, error.problem, subject) : error;
  }
}

function closure(expression: Expression, variables: Variables): PlaneFunction {
  const tape = new Tape([expression], variables);
  const { registers } = tape;
  const [result] = tape.outputs;
  return (x, y) => {
    registers[0] = x;
    registers[1] = y;
    tape.run();
    return registers[result];
  };
}

function checkNames(expression: Expression, variables: Variables): void {
  const [first, second] = variables;
  switch (expression.kind) {
    case "number":
      break;
    case "name":
      if (!variables.some((name) => name === expression.name)) {
        const suggestion = suggestName(expression.name, variables);
        throw new FormulaError(expression.place, {
          en: `only ${first} and ${second} have values here, got ${expression.name}. ${suggestion.en}`,
          ja: `ここで使える名前は ${first} と ${second} だけです(現在は ${expression.name})。${suggestion.ja}`,
        });
      }
      break;
    case "negation":
      checkNames(expression.of, variables);
      break;
    case "operation":
      checkNames(expression.left, variables);
      checkNames(expression.right, variables);
      break;
    case "call":
      for (const arg of expression.args) {
        checkNames(arg, variables);
      }
      break;
  }
}
