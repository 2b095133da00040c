import type { Call, Expression, Operation, Operator } from "./ast.ts";
import { FormulaError, type Place } from "./formula-error.ts";

/**
 * The derivative of a scalar expression, as an expression again: the rules of the textbook, with 0 and 1 left out where
 * they do nothing. Its parts are shared: what occurs in several places is one object, and there are at most a few for each
 * part of `of`. Written out they would double at every `max` (and at every product of a product), so that whoever computes
 * or prints it must go by objects, as {@link Tape} does.
 *
 * At a corner (abs and sign at 0, min and max of equals) it is the mean of both sides; `where` has that of the branch it takes.
 * @throws FormulaError where norm, sum or orthogonal is used: they have no value at a point
 */
export function derivative(of: Expression, variable: string): Expression {
  const known = new Map<Expression, Expression>();
  const derive = (part: Expression): Expression => {
    let found = known.get(part);
    if (found === undefined) {
      found = derivativeOf(part, variable, derive);
      known.set(part, found);
    }
    return found;
  };
  return derive(of);
}

function derivativeOf(of: Expression, variable: string, derive: (part: Expression) => Expression): Expression {
  switch (of.kind) {
    case "number":
      return number(0, of.place);
    case "name":
      return number(of.name === variable ? 1 : 0, of.place);
    case "negation":
      return negative(derive(of.of));
    case "operation":
      return ofOperation(of, derive(of.left), derive(of.right));
    case "call":
      return ofCall(of, of.args.map(derive));
  }
}

/** @param da, db the derivatives of the operation's two sides */
function ofOperation({ operator, left: a, right: b, place }: Operation, da: Expression, db: Expression): Expression {
  switch (operator) {
    case "+":
      return sum(da, db);
    case "-":
      return difference(da, db);
    case "*":
      return sum(product(da, b), product(a, db));
    case "/":
      // With a constant divisor x²/20 becomes 2x/20, whose bits are those of x/10.
      return isNumber(db, 0) ? quotient(da, b) : quotient(difference(product(da, b), product(a, db)), power(b, 2));
    case "^":
      if (b.kind === "number") {
        return product(b.value === 2 ? product(b, a) : product(b, power(a, b.value - 1)), da);
      }
      // a^b · (b′·log a + b·a′/a)
      return product(operation("^", a, b), sum(product(db, call("log", a, place)), quotient(product(b, da), a)));
  }
}

function ofCall({ callee, args: [a, b], place }: Call, [da, db, dc]: readonly Expression[]): Expression {
  switch (callee) {
    case "sqrt":
      return quotient(da, product(number(2, place), call("sqrt", a, place)));
    case "abs":
      return product(call("sign", a, place), da);
    case "sign":
      return number(0, place);
    case "exp":
      return product(call("exp", a, place), da);
    case "log":
      return quotient(da, a);
    case "sin":
      return product(call("cos", a, place), da);
    case "cos":
      return negative(product(call("sin", a, place), da));
    case "max":
    case "min": {
      // max(a, b) = (a + b + |a − b|) / 2
      const corner = product(call("sign", difference(a, b), place), difference(da, db));
      const both = callee === "max" ? sum(sum(da, db), corner) : difference(sum(da, db), corner);
      return quotient(both, number(2, place));
    }
    case "where":
      // The jump between the two, if there is one, is not felt.
      return { kind: "call", callee, args: [a, db, dc], place };
    case "norm":
    case "sum":
    case "orthogonal":
      throw new FormulaError(place, {
        en: `${callee} takes a vector of parameters; here are only numbers. Use abs, sqrt or +.`,
        ja: `${callee} はパラメータのベクトルに使うものです。ここでは abs、sqrt、+ を使ってください。`,
      });
  }
}

function number(value: number, place: Place): Expression {
  return value < 0 ? { kind: "negation", of: number(-value, place), place } : { kind: "number", value, place };
}

function isNumber(expression: Expression, value: number): boolean {
  return expression.kind === "number" && expression.value === value;
}

function operation(operator: Operator, left: Expression, right: Expression): Expression {
  return { kind: "operation", operator, left, right, place: left.place };
}

function call(callee: Call["callee"], arg: Expression, place: Place): Expression {
  return { kind: "call", callee, args: [arg], place };
}

function sum(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0)) {
    return b;
  }
  return isNumber(b, 0) ? a : operation("+", a, b);
}

function difference(a: Expression, b: Expression): Expression {
  if (isNumber(b, 0)) {
    return a;
  }
  return isNumber(a, 0) ? negative(b) : operation("-", a, b);
}

function product(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0) || isNumber(b, 1)) {
    return a;
  }
  return isNumber(b, 0) || isNumber(a, 1) ? b : operation("*", a, b);
}

function quotient(a: Expression, b: Expression): Expression {
  return isNumber(a, 0) || isNumber(b, 1) ? a : operation("/", a, b);
}

function power(base: Expression, exponent: number): Expression {
  if (exponent === 0) {
    return number(1, base.place);
  }
  return exponent === 1 ? base : operation("^", base, number(exponent, base.place));
}

function negative(a: Expression): Expression {
  if (isNumber(a, 0)) {
    return a;
  }
  return a.kind === "negation" ? a.of : { kind: "negation", of: a, place: a.place };
}
