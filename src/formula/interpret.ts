import type { Dtype, FloatArray } from "../core/tensor.ts";
import { flushed, tiny, tinyBase } from "../core/tiny.ts";
import { given } from "./check.ts";
import type {
  BinaryOperator,
  ElementStage,
  LoopStage,
  Program,
  ReductionStage,
  StageRunner,
  UnaryOperator,
  VectorExpression,
} from "./program.ts";

/**
 * Runs a rule's loops element by element. Each operation is rounded to the dtype and tiny numbers are 0 where they are to
 * the compiled loop, so that the numbers are the same, bit for bit.
 */
export function interpreter(program: Program, dtype: Dtype, vectors: ReadonlyMap<string, FloatArray>): StageRunner {
  const build = new ClosureBuilder(program, dtype, vectors);
  const prepared = new Map<ElementStage, (begin: number, count: number, scalars: Float64Array) => number>();
  for (const stage of program.stages) {
    if (stage.kind === "loop") {
      prepared.set(stage, build.loop(stage));
    } else if (stage.kind === "norm" || stage.kind === "sum") {
      prepared.set(stage, build.reduction(stage));
    }
  }
  return {
    compiled: false,
    run: (stage, begin, count, scalars) => prepared.get(stage)!(begin, count, scalars),
  };
}

/** Value of element i. */
type ElementFunction = (i: number, scalars: Float64Array) => number;

const unary: Readonly<Record<UnaryOperator, (x: number) => number>> = {
  neg: (x) => -x,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
};

const binary: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};

class ClosureBuilder {
  private readonly program: Program;
  private readonly dtype: Dtype;
  private readonly vectors: ReadonlyMap<string, FloatArray>;
  private readonly temporaries = new Map<string, Float64Array>();
  private readonly round: (x: number) => number;
  /** Partial sums that a reduction keeps: as many as the compiled loop has lanes. */
  private readonly lanes: number;

  constructor(program: Program, dtype: Dtype, vectors: ReadonlyMap<string, FloatArray>) {
    this.program = program;
    this.dtype = dtype;
    this.vectors = vectors;
    this.round = dtype === "float32" ? Math.fround : (x) => x;
    this.lanes = dtype === "float32" ? 4 : 2;
  }

  loop({ body }: LoopStage): (begin: number, count: number, scalars: Float64Array) => number {
    const bound = tiny[this.dtype];
    const steps = body.map(({ target, value }) => {
      const compute = this.element(value);
      const stored = this.vectors.get(target);
      if (stored !== undefined) {
        return (i: number, scalars: Float64Array) => {
          stored[i] = flushed(compute(i, scalars), bound);
        };
      }
      const cell = this.temporary(target);
      return (i: number, scalars: Float64Array) => {
        cell[0] = flushed(compute(i, scalars), bound);
      };
    });
    return (begin, count, scalars) => {
      for (let i = begin; i < begin + count; i++) {
        for (const step of steps) {
          step(i, scalars);
        }
      }
      return 0;
    };
  }

  reduction({ kind, of }: ReductionStage): (begin: number, count: number, scalars: Float64Array) => number {
    const compute = this.element(of);
    const term = kind === "norm" ? (x: number) => x * x : (x: number) => x;
    const { lanes } = this;
    const partial = new Float64Array(lanes);
    return (begin, count, scalars) => {
      partial.fill(0);
      const whole = count - (count % lanes);
      for (let i = 0; i < whole; i++) {
        partial[i % lanes] += term(compute(begin + i, scalars));
      }
      // The compiled loop adds its two registers, then the two halves of the sum.
      let sum = lanes === 4 ? partial[0] + partial[2] + (partial[1] + partial[3]) : partial[0] + partial[1];
      for (let i = whole; i < count; i++) {
        sum += term(compute(begin + i, scalars));
      }
      return kind === "norm" ? Math.sqrt(sum) : sum;
    };
  }

  private element(expression: VectorExpression): ElementFunction {
    const { round } = this;
    switch (expression.kind) {
      case "vector": {
        const data = this.vectors.get(expression.name);
        if (data !== undefined) {
          const bound = tiny[this.dtype];
          return expression.name === given.gradients ? (i) => flushed(data[i], bound) : (i) => data[i];
        }
        const cell = this.temporary(expression.name);
        return () => cell[0];
      }
      case "scalar": {
        const index = this.program.scalars.indexOf(expression.name);
        return (_, scalars) => round(scalars[index]);
      }
      case "unary": {
        const of = this.element(expression.of);
        const operation = unary[expression.operator];
        return (i, scalars) => round(operation(of(i, scalars)));
      }
      case "binary": {
        const left = this.element(expression.left);
        const right = this.element(expression.right);
        const operation = binary[expression.operator];
        return (i, scalars) => round(operation(left(i, scalars), right(i, scalars)));
      }
      case "where": {
        const condition = this.element(expression.condition);
        const yes = this.element(expression.yes);
        const no = this.element(expression.no);
        return (i, scalars) => (condition(i, scalars) > 0 ? yes(i, scalars) : no(i, scalars));
      }
      case "power": {
        const of = this.element(expression.of);
        const { exponent } = expression;
        if (exponent === 1) {
          return of;
        }
        const bound = tinyBase(this.dtype, exponent);
        return (i, scalars) => {
          const x = flushed(of(i, scalars), bound);
          let product = x;
          for (let k = 1; k < exponent; k++) {
            product = round(product * x);
          }
          return product;
        };
      }
    }
  }

  private temporary(name: string): Float64Array {
    let cell = this.temporaries.get(name);
    if (cell === undefined) {
      cell = new Float64Array(1);
      this.temporaries.set(name, cell);
    }
    return cell;
  }
}
