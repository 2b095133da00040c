import { cos, exp, log, sin } from "../core/elementary.ts";
import { type Expression, type FunctionName, isWholeFunction, type Operator, type WholeFunction } from "./ast.ts";

/** Computes a scalar from the scalars before it, in float64. */
export type ScalarFunction = (scalars: Float64Array) => number;

/** What each operator does to two numbers. */
export const operations: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

/** What each function of numbers does; those of fewer arguments ignore the others. */
export const calls: Readonly<
  Record<Exclude<FunctionName, WholeFunction>, (a: number, b: number, c: number) => number>
> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  // Math.min would take the third number into account.
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  exp,
  log,
  cos,
  sin,
  where: (condition, yes, no) => (condition > 0 ? yes : no),
};

/** @param indexOf where a scalar's value lies */
export function scalarFunction(expression: Expression, indexOf: (name: string) => number): ScalarFunction {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "name": {
      const index = indexOf(expression.name);
      return (scalars) => scalars[index];
    }
    case "negation": {
      const of = scalarFunction(expression.of, indexOf);
      return (scalars) => -of(scalars);
    }
    case "operation": {
      const left = scalarFunction(expression.left, indexOf);
      const right = scalarFunction(expression.right, indexOf);
      const operation = operations[expression.operator];
      return (scalars) => operation(left(scalars), right(scalars));
    }
    case "call": {
      if (isWholeFunction(expression.callee)) {
        throw new Error("unreachable: functions of whole vectors are lifted into stages of their own");
      }
      const call = calls[expression.callee];
      const [first, second = first, third = second] = expression.args.map((arg) => scalarFunction(arg, indexOf));
      return (scalars) => call(first(scalars), second(scalars), third(scalars));
    }
  }
}
