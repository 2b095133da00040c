import type { Place } from "./formula-error.ts";

/**
 * What a rule's text means: assignments, each ended by a line's end or a `;`; `#` begins a comment.
 *
 *     assignment = name ("=" | "+=" | "-=" | "*=" | "/=") sum
 *     sum    = term (("+" | "-") term)*
 *     term   = factor (("*" | "/") factor)*
 *     factor = "-" factor | power
 *     power  = atom ("^" factor)?
 *     atom   = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
 *
 * Signs of other keyboards and of print (full-width, `−`, `×`, `**`, `:=`) are read as these: `plain-text.ts`.
 */
export type Expression = NumberLiteral | Name | Negation | Operation | Call;

export interface NumberLiteral {
  readonly kind: "number";
  readonly value: number;
  readonly place: Place;
}

export interface Name {
  readonly kind: "name";
  readonly name: string;
  readonly place: Place;
}

export interface Negation {
  readonly kind: "negation";
  readonly of: Expression;
  readonly place: Place;
}

export type Operator = "+" | "-" | "*" | "/" | "^";

export interface Operation {
  readonly kind: "operation";
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
  readonly place: Place;
}

export interface Call {
  readonly kind: "call";
  readonly callee: FunctionName;
  readonly args: readonly Expression[];
  readonly place: Place;
}

export interface Assignment {
  readonly target: Name;
  readonly value: Expression;
}

/** The functions of the language: how many arguments each takes, and whether it may be applied to vectors. */
export const functions = {
  sqrt: { arity: 1, vectors: true },
  abs: { arity: 1, vectors: true },
  sign: { arity: 1, vectors: true },
  min: { arity: 2, vectors: true },
  max: { arity: 2, vectors: true },
  exp: { arity: 1, vectors: false },
  log: { arity: 1, vectors: false },
  cos: { arity: 1, vectors: false },
  sin: { arity: 1, vectors: false },
  /** where(c, a, b) is a where c > 0, else b (where c is no number, too) */
  where: { arity: 3, vectors: true },
  /** √Σx² over one parameter tensor: a vector in, a scalar out */
  norm: { arity: 1, vectors: true },
  /** Σx over all parameters: a vector in, a scalar out */
  sum: { arity: 1, vectors: true },
  /** The matrix with orthonormal rows or columns next to one parameter tensor, by five Newton–Schulz steps */
  orthogonal: { arity: 1, vectors: true },
} as const;
export type FunctionName = keyof typeof functions;

/** Functions of a whole vector: they have no value at one of its elements. */
const wholeFunctions = ["norm", "sum", "orthogonal"] as const;
export type WholeFunction = (typeof wholeFunctions)[number];

export function isWholeFunction(name: FunctionName): name is WholeFunction {
  return (wholeFunctions as readonly FunctionName[]).includes(name);
}

/**
 * Bounds on what a typed text may ask for: they bound the work of reading, deriving, drawing and compiling it, and that of
 * one step of it. All of these grow in proportion to the text.
 */
export const limits = {
  /** of a rule */
  characters: 4000,
  /** of a single expression, such as a surface */
  expression: 300,
  /** numbers, names and signs of a rule */
  tokens: 1500,
  assignments: 64,
  /** brackets, signs and powers in each other */
  depth: 100,
  /** Vectors that a rule keeps from step to step: each is as large as the network. */
  slots: 16,
} as const;

/** Whether two expressions are written alike, wherever they stand. */
export function sameExpression(a: Expression, b: Expression): boolean {
  switch (a.kind) {
    case "number":
      return b.kind === "number" && a.value === b.value;
    case "name":
      return b.kind === "name" && a.name === b.name;
    case "negation":
      return b.kind === "negation" && sameExpression(a.of, b.of);
    case "operation":
      return (
        b.kind === "operation" &&
        a.operator === b.operator &&
        sameExpression(a.left, b.left) &&
        sameExpression(a.right, b.right)
      );
    case "call":
      return (
        b.kind === "call" && a.callee === b.callee && a.args.every((argument, i) => sameExpression(argument, b.args[i]))
      );
  }
}
