import { suggestName } from "../core/errors.ts";
import {
  type Assignment,
  type Call,
  type Expression,
  type Name,
  type Operation,
  type Operator,
  sameExpression,
} from "./ast.ts";
import { FormulaError } from "./formula-error.ts";
import {
  type BinaryOperator,
  type Program,
  type ReductionStage,
  type Stage,
  type UnaryOperator,
  type VectorExpression,
  visitNames,
} from "./program.ts";

/** What a rule may name beside its own temporaries. */
export interface Names {
  /** vectors kept from step to step, zero at the start */
  readonly slots: readonly string[];
  /** hyper-parameters */
  readonly hyper: readonly string[];
  /** scalars kept from step to step; none when absent */
  readonly state?: readonly string[];
}

/**
 * Given to every rule: the parameters, their gradients, the number of the step (from 1), and the shape of the parameter
 * tensor (1 and all elements where a rule is not told the tensors).
 */
export const given = { parameters: "w", gradients: "g", step: "t", rows: "rows", cols: "cols" } as const;

/** Powers of vectors become products. */
const largestPower = 8;

const operators: Readonly<Record<Exclude<Operator, "^">, BinaryOperator>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
};

/**
 * Sorts a rule into scalars, fused loops and norms, and refuses what has no meaning.
 * @throws FormulaError with line and column
 */
export function check(assignments: readonly Assignment[], names: Names): Program {
  return new Checker(names).program(assignments);
}

class Checker {
  private readonly names: Names;
  private readonly scalars: Set<string>;
  private readonly vectors: Set<string>;
  private readonly temporaries: string[] = [];
  private readonly stages: Stage[] = [];
  private pendingScalars: { target: string; value: Expression }[] = [];
  private pendingLoop: { target: string; value: VectorExpression }[] = [];
  private lifted = 0;
  private perTensor = false;
  private overall = false;
  private matrices = false;
  private readonly state: readonly string[];

  constructor(names: Names) {
    this.names = names;
    this.state = names.state ?? [];
    this.scalars = new Set([...names.hyper, given.step, given.rows, given.cols, ...this.state]);
    this.vectors = new Set([given.parameters, given.gradients, ...names.slots]);
  }

  program(assignments: readonly Assignment[]): Program {
    for (const assignment of assignments) {
      this.assign(assignment);
    }
    if (!assignments.some(({ target }) => target.name === given.parameters)) {
      const last = assignments.at(-1)?.target.place ?? { line: 1, column: 1, length: 1 };
      throw new FormulaError(last, {
        en: "a rule must assign w somewhere, such as w = w - lr * g.",
        ja: "w = w - lr * g のように、どこかで w に代入してください。",
      });
    }
    this.flush();
    const scratch = this.temporaries.filter((name) => stagesNaming(this.stages, name).length > 1);
    return {
      stages: this.stages,
      vectors: [given.parameters, given.gradients, ...this.names.slots, ...scratch],
      scratch,
      scalars: [...this.scalars],
      state: this.state,
      perTensor: this.perTensor,
      overall: this.overall,
      matrices: this.matrices,
    };
  }

  private assign({ target, value }: Assignment): void {
    this.mayAssign(target);
    const stored = this.vectors.has(target.name);
    const kept = this.state.includes(target.name);
    if (kept && this.isVector(value)) {
      throw new FormulaError(target.place, {
        en: `${target.name} is one number kept from step to step and cannot take a vector. Make it a slot, or use norm or sum.`,
        ja: `${target.name} はステップ間で引き継ぐ1つの数なので、ベクトルは代入できません。状態(ベクトル)にするか、norm や sum を使ってください。`,
      });
    }
    if (!stored && !this.isVector(value)) {
      // Before the push: a norm inside flushes what is pending, and this line belongs behind it.
      const scalar = this.scalar(value);
      if (kept && this.pendingLoop.length > 0) {
        // The lines above read what it was.
        this.flush();
      }
      this.pendingScalars.push({ target: target.name, value: scalar });
      this.scalars.add(target.name);
      return;
    }
    const vector = this.vector(value);
    this.pendingLoop.push({ target: target.name, value: vector });
    if (!stored) {
      this.temporaries.push(target.name);
      this.vectors.add(target.name);
    }
  }

  private mayAssign({ name, place }: Name): void {
    const kept = name === given.parameters || this.names.slots.includes(name) || this.state.includes(name);
    if (kept) {
      return;
    }
    if (Object.values<string>(given).includes(name) || this.names.hyper.includes(name)) {
      throw new FormulaError(place, {
        en: `${name} is given and cannot be assigned. Use another name.`,
        ja: `${name} は与えられる値なので代入できません。別の名前にしてください。`,
      });
    }
    if (this.scalars.has(name) || this.vectors.has(name)) {
      throw new FormulaError(place, {
        en: `${name} is already defined above; only w and slots change. Use another name, or make ${name} a slot.`,
        ja: `${name} は上で定義済みです。変更できるのは w と状態だけです。別の名前にするか、${name} を状態にしてください。`,
      });
    }
  }

  /** Whether an expression has a value for each element. @throws FormulaError on an unknown name */
  private isVector(expression: Expression): boolean {
    switch (expression.kind) {
      case "number":
        return false;
      case "name":
        if (this.vectors.has(expression.name)) {
          return true;
        }
        if (this.scalars.has(expression.name)) {
          this.perTensor ||= expression.name === given.rows || expression.name === given.cols;
          return false;
        }
        throw this.unknown(expression);
      case "negation":
        return this.isVector(expression.of);
      case "operation": {
        const left = this.isVector(expression.left);
        return this.isVector(expression.right) || left;
      }
      case "call": {
        const vectors = expression.args.filter((arg) => this.isVector(arg));
        return expression.callee !== "norm" && expression.callee !== "sum" && vectors.length > 0;
      }
    }
  }

  private unknown({ name, place }: Name): FormulaError {
    const suggestion = suggestName(name, [...this.vectors].filter(spelt).concat(this.named()));
    return new FormulaError(place, {
      en: `nothing is called ${name} here. ${suggestion.en}`,
      ja: `${name} という名前はここにはありません。${suggestion.ja}`,
    });
  }

  /** Replaces each norm in a scalar expression by the name of a scalar that a stage of its own computes. */
  private scalar(expression: Expression): Expression {
    switch (expression.kind) {
      case "number":
      case "name":
        return expression;
      case "negation":
        return { ...expression, of: this.scalar(expression.of) };
      case "operation":
        return { ...expression, left: this.scalar(expression.left), right: this.scalar(expression.right) };
      case "call":
        if (expression.callee === "norm" || expression.callee === "sum") {
          return { kind: "name", name: this.reduction(expression.callee, expression), place: expression.place };
        }
        if (expression.callee === "orthogonal") {
          throw notVector(expression, "orthogonal(g)", "");
        }
        return { ...expression, args: expression.args.map((arg) => this.scalar(arg)) };
    }
  }

  private reduction(kind: ReductionStage["kind"], call: Call): string {
    const [of] = call.args;
    if (!this.isVector(of)) {
      throw kind === "norm" ? notVector(call, "norm(w)", "abs") : notVector(call, "sum(g * v)", "+");
    }
    const value = this.vector(of);
    this.flush();
    const target = this.fresh();
    this.stages.push({ kind, target, of: value });
    if (kind === "norm") {
      this.perTensor = true;
    } else {
      this.overall = true;
    }
    return target;
  }

  /** The argument goes into a vector of its own, the matrix into another. */
  private orthogonal({ args: [argument] }: Call): VectorExpression {
    const value = this.vector(argument);
    const of = this.freshVector();
    this.pendingLoop.push({ target: of, value });
    this.flush();
    const target = this.freshVector();
    this.stages.push({ kind: "orthogonal", target, of });
    this.perTensor = true;
    this.matrices = true;
    return { kind: "vector", name: target };
  }

  private vector(expression: Expression): VectorExpression {
    if (!this.isVector(expression)) {
      return { kind: "scalar", name: this.lift(expression) };
    }
    switch (expression.kind) {
      case "name":
        return { kind: "vector", name: expression.name };
      case "negation":
        return { kind: "unary", operator: "neg", of: this.vector(expression.of) };
      case "operation":
        return expression.operator === "^" ? this.power(expression) : this.operation(expression.operator, expression);
      case "call":
        return this.call(expression);
      case "number":
        throw new Error("unreachable: a number is a scalar");
    }
  }

  private call({ callee, args, place }: Call): VectorExpression {
    switch (callee) {
      case "sqrt":
      case "abs":
      case "sign":
        return { kind: "unary", operator: callee satisfies UnaryOperator, of: this.vector(args[0]) };
      case "min":
      case "max":
        return { kind: "binary", operator: callee, left: this.vector(args[0]), right: this.vector(args[1]) };
      case "where": {
        const [condition, yes, no] = args.map((arg) => this.vector(arg));
        return { kind: "where", condition, yes, no };
      }
      case "orthogonal":
        return this.orthogonal({ kind: "call", callee, args, place });
      default:
        throw new FormulaError(place, {
          en: `${callee} works on scalars only; sqrt, abs, sign, min, max, where and whole powers work on vectors.`,
          ja: `${callee} はスカラーにしか使えません。ベクトルに使えるのは sqrt、abs、sign、min、max、where と整数乗です。`,
        });
    }
  }

  private operation(operator: keyof typeof operators, { left, right }: Operation): VectorExpression {
    // g·g is g²: the loops see to squares of tiny numbers.
    return operator === "*" && sameExpression(left, right)
      ? { kind: "power", of: this.vector(left), exponent: 2 }
      : { kind: "binary", operator: operators[operator], left: this.vector(left), right: this.vector(right) };
  }

  private power({ left, right, place }: Operation): VectorExpression {
    const exponent = right.kind === "number" ? right.value : Number.NaN;
    if (!Number.isInteger(exponent) || exponent < 1 || exponent > largestPower) {
      throw new FormulaError(place, {
        en: `a vector may be raised to a whole number from 1 to ${largestPower}, such as g^2. For a root use sqrt.`,
        ja: `ベクトルのべき乗は g^2 のように1から${largestPower}までの整数に限ります。平方根には sqrt を使ってください。`,
      });
    }
    return { kind: "power", of: this.vector(left), exponent };
  }

  private lift(expression: Expression): string {
    if (expression.kind === "name") {
      return expression.name;
    }
    const value = this.scalar(expression);
    if (value.kind === "name") {
      return value.name;
    }
    const target = this.fresh();
    this.pendingScalars.push({ target, value });
    return target;
  }

  /** A name no rule can spell. */
  private fresh(): string {
    this.lifted++;
    const name = `$${this.lifted}`;
    this.scalars.add(name);
    return name;
  }

  private freshVector(): string {
    this.lifted++;
    const name = `$${this.lifted}`;
    this.vectors.add(name);
    this.temporaries.push(name);
    return name;
  }

  private named(): string[] {
    return [...this.scalars].filter(spelt);
  }

  /** Scalars never depend on a pending loop, so they may run before it. */
  private flush(): void {
    if (this.pendingScalars.length > 0) {
      this.stages.push({ kind: "scalars", body: this.pendingScalars });
      this.pendingScalars = [];
    }
    if (this.pendingLoop.length > 0) {
      this.stages.push({ kind: "loop", body: this.pendingLoop });
      this.pendingLoop = [];
    }
  }
}

/** Names of the checker's own begin with `$`. */
function spelt(name: string): boolean {
  return !name.startsWith("$");
}

function notVector({ callee, place }: Call, example: string, instead: string): FormulaError {
  return new FormulaError(place, {
    en: `${callee} takes a vector, such as ${example}.${instead === "" ? "" : ` For a scalar use ${instead}.`}`,
    ja: `${callee} は ${example} のようにベクトルに使います。${instead === "" ? "" : `スカラーには ${instead} を使ってください。`}`,
  });
}

function stagesNaming(stages: readonly Stage[], vector: string): Stage[] {
  return stages.filter((stage) => {
    let found = false;
    const look = (expression: VectorExpression) =>
      visitNames(expression, (kind, name) => {
        found ||= kind === "vector" && name === vector;
      });
    if (stage.kind === "loop") {
      for (const { target, value } of stage.body) {
        found ||= target === vector;
        look(value);
      }
    } else if (stage.kind === "orthogonal") {
      found = stage.target === vector || stage.of === vector;
    } else if (stage.kind !== "scalars") {
      look(stage.of);
    }
    return found;
  });
}
