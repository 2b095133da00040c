import { largestOf } from "../core/long-lists.ts";
import { areaUnderCurve, sigmoid } from "./class-metrics.ts";

/** How near numbers are told. */
export interface ValueFigures {
  readonly name: string;
  /** Root of the mean squared difference, in the target's own unit. */
  readonly rmse: number;
  /** Mean of the differences' sizes, in the target's own unit. */
  readonly mae: number;
  /** 1 − squared differences / squared deviations from the mean: 1 is exact, 0 no better than the mean. Null where the target never changes. */
  readonly r2: number | null;
}

export interface ValueEvaluation extends Omit<ValueFigures, "name"> {
  readonly rows: number;
  /** Mean over the rows as it was trained: of standardised numbers, without weight decay. */
  readonly loss: number;
  /** Of each target; the figures above are their means. */
  readonly targets: readonly ValueFigures[];
}

/** @param told, wanted [rows, names] in the targets' own units */
export function valueFigures(
  told: Float64Array,
  wanted: Float64Array,
  names: readonly string[],
  loss: number,
): ValueEvaluation {
  const k = names.length;
  const rows = wanted.length / k;
  const targets = names.map((name, j): ValueFigures => {
    const sizes = Float64Array.from({ length: rows }, (_, i) =>
      Math.max(Math.abs(wanted[i * k + j]), Math.abs(told[i * k + j])),
    );
    const unit = unitOf(largestOf(sizes, 0));
    const want = (i: number) => wanted[i * k + j] / unit;
    const difference = (i: number) => told[i * k + j] / unit - want(i);
    const squares = sumOf(rows, (i) => difference(i) ** 2);
    // From the first row on: the mean of rows that are all 0.1 is not 0.1, of rows that are all 0 it is 0.
    const along = (i: number) => want(i) - want(0);
    const mean = sumOf(rows, along) / rows;
    const deviations = sumOf(rows, (i) => (along(i) - mean) ** 2);
    return {
      name,
      rmse: Math.sqrt(squares / rows) * unit,
      mae: (sumOf(rows, (i) => Math.abs(difference(i))) / rows) * unit,
      r2: deviations === 0 ? null : 1 - squares / deviations,
    };
  });
  const meanOf = (of: (one: ValueFigures) => number) => sumOf(k, (j) => of(targets[j])) / k;
  return {
    rows,
    loss,
    rmse: meanOf(({ rmse }) => rmse),
    mae: meanOf(({ mae }) => mae),
    r2: targets.some(({ r2 }) => r2 === null) ? null : meanOf(({ r2 }) => r2 as number),
    targets,
  };
}

/** How well several yes or no are told; shares are in [0, 1]. */
export interface AnswerEvaluation {
  readonly rows: number;
  readonly loss: number;
  /** Share of all answers that are right. */
  readonly accuracy: number;
  /** Share of the rows of which every answer is right. */
  readonly exact: number;
  /** Mean over the answers. */
  readonly f1: number;
  readonly labels: readonly {
    readonly name: string;
    readonly accuracy: number;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly auc: number | null;
  }[];
}

/** @param outputs [rows, names], logits  @param wanted [rows, names], 1 and 0 */
export function answerFigures(
  outputs: Float64Array,
  wanted: Float64Array,
  names: readonly string[],
  loss: number,
): AnswerEvaluation {
  const k = names.length;
  const rows = wanted.length / k;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const right = (i: number, j: number) => outputs[i * k + j] > 0 === (wanted[i * k + j] === 1);
  const labels = names.map((name, j) => {
    const count = (told: boolean, is: boolean) =>
      sumOf(rows, (i) => (outputs[i * k + j] > 0 === told && (wanted[i * k + j] === 1) === is ? 1 : 0));
    const hit = count(true, true);
    const precision = share(hit, hit + count(true, false));
    const recall = share(hit, hit + count(false, true));
    return {
      name,
      accuracy: sumOf(rows, (i) => (right(i, j) ? 1 : 0)) / rows,
      precision,
      recall,
      f1: share(2 * precision * recall, precision + recall),
      auc: areaUnderCurve(
        Float64Array.from({ length: rows }, (_, i) => sigmoid(outputs[i * k + j])),
        Uint8Array.from({ length: rows }, (_, i) => wanted[i * k + j]),
      ),
    };
  });
  return {
    rows,
    loss,
    accuracy: sumOf(k, (j) => labels[j].accuracy) / k,
    exact: sumOf(rows, (i) => (names.every((_, j) => right(i, j)) ? 1 : 0)) / rows,
    f1: sumOf(k, (j) => labels[j].f1) / k,
    labels,
  };
}

/**
 * A power of two beside the largest value: in such units no square and no sum leaves what float64 holds, and nothing is
 * rounded otherwise.
 */
function unitOf(largest: number): number {
  return largest === 0 || !Number.isFinite(largest) ? 1 : 2 ** Math.floor(Math.log2(largest));
}

function sumOf(count: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += of(i);
  }
  return sum;
}
