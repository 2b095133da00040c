import type { Expression } from "./ast.ts";

/**
 * A checked rule, ready to be interpreted or compiled. What touches no vector has been lifted out: the loops see scalars
 * only as names, whose values are computed once a step in float64.
 */
export interface Program {
  readonly stages: readonly Stage[];
  /** Vectors the rule reads or writes, in a fixed order: `w`, `g`, its slots, then its scratch vectors. */
  readonly vectors: readonly string[];
  /** Temporary vectors that one stage writes and a later one reads: they need memory, but keep nothing between steps. */
  readonly scratch: readonly string[];
  /** Names of all scalars, given and computed, in a fixed order. */
  readonly scalars: readonly string[];
  /** Scalars kept from step to step. */
  readonly state: readonly string[];
  /** The rule uses norm() or orthogonal(): it runs once for each parameter tensor instead of once for all. */
  readonly perTensor: boolean;
  /** The rule uses sum(): no tensor can go on before all have come so far. */
  readonly overall: boolean;
  /** The rule uses orthogonal(): it needs matrix products, and room for them. */
  readonly matrices: boolean;
}

export type Stage = ScalarStage | LoopStage | ReductionStage | MatrixStage;
/** What a {@link StageRunner} runs: all but scalars and matrix products. */
export type ElementStage = LoopStage | ReductionStage;

/** Assigns scalars in order. */
export interface ScalarStage {
  readonly kind: "scalars";
  readonly body: readonly { readonly target: string; readonly value: Expression }[];
}

/** One fused pass over the vectors: the whole body for element 0, then for element 1, … */
export interface LoopStage {
  readonly kind: "loop";
  readonly body: readonly { readonly target: string; readonly value: VectorExpression }[];
}

/** target = √Σ of² (norm, of one tensor) or Σ of (sum, of all), added up in float64 */
export interface ReductionStage {
  readonly kind: "norm" | "sum";
  readonly target: string;
  readonly of: VectorExpression;
}

/** target = the orthogonal matrix next to `of`; both are vectors in memory */
export interface MatrixStage {
  readonly kind: "orthogonal";
  readonly target: string;
  readonly of: string;
}

export type UnaryOperator = "neg" | "sqrt" | "abs" | "sign";
export type BinaryOperator = "add" | "sub" | "mul" | "div" | "min" | "max";

/** The value of one element. */
export type VectorExpression =
  | { readonly kind: "vector"; readonly name: string }
  | { readonly kind: "scalar"; readonly name: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly of: VectorExpression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: VectorExpression;
      readonly right: VectorExpression;
    }
  /** `yes` where condition > 0, else `no` */
  | {
      readonly kind: "where";
      readonly condition: VectorExpression;
      readonly yes: VectorExpression;
      readonly no: VectorExpression;
    }
  /** of · of · … , multiplied from the left */
  | { readonly kind: "power"; readonly of: VectorExpression; readonly exponent: number };

/** Calls `visit` for every vector or scalar named in `expression`. */
export function visitNames(
  expression: VectorExpression,
  visit: (kind: "vector" | "scalar", name: string) => void,
): void {
  switch (expression.kind) {
    case "vector":
    case "scalar":
      visit(expression.kind, expression.name);
      break;
    case "unary":
    case "power":
      visitNames(expression.of, visit);
      break;
    case "binary":
      visitNames(expression.left, visit);
      visitNames(expression.right, visit);
      break;
    case "where":
      visitNames(expression.condition, visit);
      visitNames(expression.yes, visit);
      visitNames(expression.no, visit);
      break;
  }
}

/** Runs the loops and norms of one program over its vectors. Two implementations give the same bits. */
export interface StageRunner {
  readonly compiled: boolean;
  /**
   * Elements begin … begin + count − 1.
   * @param scalars values in the order of `program.scalars`; for a compiled rule they lie in its memory
   * @returns a norm's or a sum's value; 0 for a loop
   */
  run(stage: ElementStage, begin: number, count: number, scalars: Float64Array): number;
}
