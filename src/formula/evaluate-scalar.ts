import { cos, exp, log, sin } from "../core/elementary.ts";
import type { Expression, FunctionName, Operator } from "./ast.ts";

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

/** What each function of numbers does; those of one argument ignore the second. */
export const calls: Readonly<Record<Exclude<FunctionName, "norm">, (a: number, b: number) => number>> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  min: Math.min,
  max: Math.max,
  exp,
  log,
  cos,
  sin,
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
      if (expression.callee === "norm") {
        throw new Error("unreachable: norms are lifted into stages of their own");
      }
      const first = scalarFunction(expression.args[0], indexOf);
      const second = expression.args.length > 1 ? scalarFunction(expression.args[1], indexOf) : first;
      const call = calls[expression.callee];
      return (scalars) => call(first(scalars), second(scalars));
    }
  }
}
