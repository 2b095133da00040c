import { type Expression, isWholeFunction } from "./ast.ts";
import { calls, operations } from "./evaluate-scalar.ts";

/** What a step of the tape does to three registers; functions of fewer numbers ignore the others. */
type Step = (a: number, b: number, c: number) => number;

const negate: Step = (a) => -a;

/**
 * Scalar expressions as one list of steps, float64: what occurs twice, in one or in several of them, is computed once.
 * An expression of shared parts, such as a derivative, takes as many steps as it has different parts.
 */
export class Tape {
  /** Where each expression's value stands after {@link run}. */
  readonly outputs: readonly number[];
  /** The variables' values first, in their order; then numbers and what the steps compute. */
  readonly registers: Float64Array;
  private readonly steps: readonly Step[];
  /** The registers that step k reads, and the one it writes. */
  private readonly first: Uint32Array;
  private readonly second: Uint32Array;
  private readonly third: Uint32Array;
  private readonly target: Uint32Array;

  /** @throws Error on a name that is no variable, and on functions of whole vectors, which have no value at a point */
  constructor(expressions: readonly Expression[], variables: readonly string[]) {
    const builder = new TapeBuilder(variables);
    this.outputs = expressions.map((expression) => builder.register(expression));
    this.steps = builder.steps.map(({ step }) => step);
    this.first = Uint32Array.from(builder.steps, ({ first }) => first);
    this.second = Uint32Array.from(builder.steps, ({ second }) => second);
    this.third = Uint32Array.from(builder.steps, ({ third }) => third);
    this.target = Uint32Array.from(builder.steps, ({ target }) => target);
    this.registers = Float64Array.from(builder.values);
  }

  /** How many operations one {@link run} computes. */
  get length(): number {
    return this.steps.length;
  }

  /** Computes all expressions from the variables' values in the first registers. */
  run(): void {
    const { steps, first, second, third, target, registers } = this;
    for (let k = 0; k < steps.length; k++) {
      registers[target[k]] = steps[k](registers[first[k]], registers[second[k]], registers[third[k]]);
    }
  }
}

class TapeBuilder {
  readonly steps: {
    readonly step: Step;
    readonly first: number;
    readonly second: number;
    readonly third: number;
    readonly target: number;
  }[] = [];
  /** Each register's value before the first step. */
  readonly values: number[];
  private readonly variables: readonly string[];
  /** Of parts seen before: by object, and by what they compute. */
  private readonly objects = new Map<Expression, number>();
  private readonly meanings = new Map<string, number>();

  constructor(variables: readonly string[]) {
    this.variables = variables;
    this.values = variables.map(() => 0);
  }

  register(expression: Expression): number {
    let found = this.objects.get(expression);
    if (found === undefined) {
      found = this.place(expression);
      this.objects.set(expression, found);
    }
    return found;
  }

  private place(expression: Expression): number {
    switch (expression.kind) {
      case "number":
        return this.meaning(`${expression.value}`, () => this.fresh(expression.value));
      case "name": {
        const index = this.variables.indexOf(expression.name);
        if (index < 0) {
          throw new Error(`unreachable: ${expression.name} is no variable`);
        }
        return index;
      }
      case "negation": {
        const of = this.register(expression.of);
        return this.step("neg", negate, of, of);
      }
      case "operation": {
        const { operator, left, right } = expression;
        return this.step(operator, operations[operator], this.register(left), this.register(right));
      }
      case "call": {
        const { callee, args } = expression;
        if (isWholeFunction(callee)) {
          throw new Error(`unreachable: ${callee} has no value at a point`);
        }
        const [first, second = first, third = second] = args.map((arg) => this.register(arg));
        return this.step(callee, calls[callee], first, second, third);
      }
    }
  }

  private step(name: string, step: Step, first: number, second: number, third = second): number {
    return this.meaning(`${name} ${first} ${second} ${third}`, () => {
      const target = this.fresh(0);
      this.steps.push({ step, first, second, third, target });
      return target;
    });
  }

  private meaning(key: string, make: () => number): number {
    let found = this.meanings.get(key);
    if (found === undefined) {
      found = make();
      this.meanings.set(key, found);
    }
    return found;
  }

  private fresh(value: number): number {
    this.values.push(value);
    return this.values.length - 1;
  }
}
