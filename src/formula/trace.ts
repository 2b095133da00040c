import { flushed, tiny, tinyBase } from "../core/tiny.ts";
import { type Assignment, type Call, type Expression, isWholeFunction, sameExpression } from "./ast.ts";
import { given } from "./check.ts";
import { calls, operations } from "./evaluate-scalar.ts";
import { orthogonalRow } from "./orthogonal.ts";

/** A number, or a vector's elements. */
export type TracedValue = number | readonly number[];

/** One line of a rule while it runs. */
export interface TracedLine {
  /** What each name on the right stood for. */
  readonly reads: Readonly<Record<string, TracedValue>>;
  readonly target: string;
  /** What the line gave it. */
  readonly value: TracedValue;
}

export interface TraceInput {
  /** The step, from 1. */
  readonly t: number;
  /** Scalars kept from step to step, before the step, stand among them. */
  readonly hyper: Readonly<Record<string, number>>;
  /** `w`, `g` and the slots before the step, each as long. */
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

/**
 * Runs one step of a rule line by line in float64 and keeps what every name stood for: the numbers under a formula's
 * symbols. The last value of each vector is that of the interpreter, bit for bit.
 */
export function trace(assignments: readonly Assignment[], { t, hyper, vectors }: TraceInput): TracedLine[] {
  const names = new Map<string, TracedValue>([
    [given.step, t],
    [given.rows, 1],
    [given.cols, vectors.w.length],
    ...Object.entries(hyper),
    ...Object.entries(vectors),
  ]);
  names.set(given.gradients, withoutTiny(vectors[given.gradients]));
  return assignments.map(({ target, value }) => {
    const reads: Record<string, TracedValue> = {};
    const result = evaluate(value, (name) => {
      const found = names.get(name) ?? Number.NaN;
      reads[name] = found;
      return found;
    });
    // A scalar assigned to a vector is every element's value.
    const kept = withoutTiny(
      Object.hasOwn(vectors, target.name) && typeof result === "number" ? vectors.w.map(() => result) : result,
    );
    names.set(target.name, kept);
    return { reads, target: target.name, value: kept };
  });
}

function evaluate(expression: Expression, read: (name: string) => TracedValue): TracedValue {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "name":
      return read(expression.name);
    case "negation":
      return each((a) => -a, evaluate(expression.of, read));
    case "operation": {
      const left = evaluate(expression.left, read);
      const { operator, right } = expression;
      if (operator === "^" && typeof left !== "number" && right.kind === "number") {
        return left.map((x) => wholePower(x, right.value));
      }
      if (operator === "*" && typeof left !== "number" && sameExpression(expression.left, right)) {
        return left.map((x) => wholePower(x, 2));
      }
      return each(operations[operator], left, evaluate(right, read));
    }
    case "call":
      return evaluateCall(expression, read);
  }
}

function evaluateCall({ callee, args }: Call, read: (name: string) => TracedValue): TracedValue {
  const values = args.map((arg) => evaluate(arg, read));
  const [of] = values;
  if (isWholeFunction(callee)) {
    const vector = typeof of === "number" ? [of] : of;
    switch (callee) {
      case "norm":
        return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      case "sum":
        return vector.reduce((sum, x) => sum + x, 0);
      case "orthogonal":
        return orthogonalRow(vector);
    }
  }
  if (callee === "where") {
    return where(values[0], values[1], values[2]);
  }
  const call = calls[callee];
  return each((a, b) => call(a, b, 0), of, values[1] ?? 0);
}

function where(condition: TracedValue, yes: TracedValue, no: TracedValue): TracedValue {
  const vectors = [condition, yes, no].filter((value) => typeof value !== "number");
  const at = (value: TracedValue, i: number) => (typeof value === "number" ? value : value[i]);
  const pick = (i: number) => (at(condition, i) > 0 ? at(yes, i) : at(no, i));
  return vectors.length === 0 ? pick(0) : vectors[0].map((_, i) => pick(i));
}

/** Multiplied from the left, as the loops do. */
function wholePower(x: number, exponent: number): number {
  const base = exponent === 1 ? x : flushed(x, tinyBase("float64", exponent));
  let product = base;
  for (let k = 1; k < exponent; k++) {
    product *= base;
  }
  return product;
}

function withoutTiny(value: TracedValue): TracedValue {
  return typeof value === "number" ? value : value.map((x) => flushed(x, tiny.float64));
}

function each(of: (a: number, b: number) => number, a: TracedValue, b: TracedValue = 0): TracedValue {
  if (typeof a === "number") {
    return typeof b === "number" ? of(a, b) : b.map((y) => of(a, y));
  }
  return a.map((x, i) => of(x, typeof b === "number" ? b : b[i]));
}
