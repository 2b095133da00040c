import { exp } from "../core/elementary.ts";

/** Of one class against the others; a figure whose divisor is 0 is 0, as in scikit-learn. */
export interface ClassFigures {
  readonly name: string;
  /** Share of the rows taken for this class that are of it. */
  readonly precision: number;
  /** Share of this class's rows that were taken for it. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
  /** Rows of this class. */
  readonly rows: number;
}

/** How well classes are told; shares are in [0, 1]. */
export interface ClassEvaluation {
  readonly rows: number;
  /** Mean over the rows, without weight decay. */
  readonly loss: number;
  readonly accuracy: number;
  /** Share of the rows whose class is among the three most probable; 1 where there are no more than three. */
  readonly top3: number;
  /**
   * Means over the classes that the rows are of or were taken for, each counted alike; others have nothing to be measured by.
   * As scikit-learn's `average="macro"` with `zero_division=0`, which knows no other classes.
   */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Area under the ROC curve: of the second of two classes, else the mean of each class against the others; null where a class has no rows. */
  readonly auc: number | null;
  /** Mean distance between probability and accuracy over ten bins of probability, weighted by rows (Guo et al. 2017, §2). */
  readonly calibrationError: number;
  readonly classes: readonly ClassFigures[];
  /** [class][predicted], rows counted. */
  readonly confusion: readonly (readonly number[])[];
}

/** Probabilities of each class: softmax of logits, or sigmoid of one. [rows, classes] */
export function probabilitiesOf(outputs: Float64Array, classes: number, binary: boolean): Float64Array {
  if (binary) {
    const out = new Float64Array(2 * outputs.length);
    outputs.forEach((z, i) => {
      out[2 * i + 1] = sigmoid(z);
      out[2 * i] = 1 - out[2 * i + 1];
    });
    return out;
  }
  const out = outputs.slice();
  for (let from = 0; from < out.length; from += classes) {
    const row = out.subarray(from, from + classes);
    let max = Number.NEGATIVE_INFINITY;
    for (const z of row) {
      max = Math.max(max, z);
    }
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      row[k] = exp(row[k] - max);
      sum += row[k];
    }
    for (let k = 0; k < classes; k++) {
      row[k] /= sum;
    }
  }
  return out;
}

export function sigmoid(z: number): number {
  return 1 / (1 + exp(-z));
}

/** The place of the largest of a row, the first of equals. */
export function largestPlace(row: Float64Array): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) {
    best = row[k] > row[best] ? k : best;
  }
  return best;
}

const calibrationBins = 10;

/** @param probabilities [rows, classes]  @param labels [rows] */
export function classFigures(
  probabilities: Float64Array,
  labels: Int32Array,
  classNames: readonly string[],
  loss: number,
): ClassEvaluation {
  const n = classNames.length;
  const rows = labels.length;
  const confusion = classNames.map(() => new Array<number>(n).fill(0));
  const bins = Array.from({ length: calibrationBins }, () => ({ rows: 0, right: 0, probability: 0 }));
  let among = 0;
  labels.forEach((label, i) => {
    const row = probabilities.subarray(i * n, (i + 1) * n);
    const told = largestPlace(row);
    confusion[label][told]++;
    const better = row.reduce((count, p, k) => count + (p > row[label] || (p === row[label] && k < label) ? 1 : 0), 0);
    among += better < 3 ? 1 : 0;
    // Of a row whose outputs are no numbers: any, since the mean is none either then.
    const bin = bins[Math.min(calibrationBins - 1, Math.floor(row[told] * calibrationBins)) || 0];
    bin.rows++;
    bin.right += told === label ? 1 : 0;
    bin.probability += row[told];
  });
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const classes = classNames.map((name, k): ClassFigures => {
    const own = confusion[k].reduce((a, b) => a + b, 0);
    const taken = confusion.reduce((sum, row) => sum + row[k], 0);
    const precision = share(confusion[k][k], taken);
    const recall = share(confusion[k][k], own);
    return { name, precision, recall, f1: share(2 * precision * recall, precision + recall), rows: own };
  });
  const seen = classes.filter(({ rows }, k) => rows > 0 || confusion.some((row) => row[k] > 0));
  const mean = (of: (one: ClassFigures) => number) => seen.reduce((sum, one) => sum + of(one), 0) / seen.length;
  const areas = (n === 2 ? [1] : classNames.map((_, k) => k)).map((k) =>
    areaUnderCurve(
      Float64Array.from(labels, (_, i) => probabilities[i * n + k]),
      Uint8Array.from(labels, (label) => (label === k ? 1 : 0)),
    ),
  );
  return {
    rows,
    loss,
    accuracy: share(
      confusion.reduce((sum, row, k) => sum + row[k], 0),
      rows,
    ),
    top3: among / rows,
    precision: mean((one) => one.precision),
    recall: mean((one) => one.recall),
    f1: mean((one) => one.f1),
    auc: areas.includes(null) ? null : areas.reduce<number>((sum, area) => sum + (area as number), 0) / areas.length,
    calibrationError: bins.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0) / rows,
    classes,
    confusion,
  };
}

/**
 * The share of pairs (one of each kind) in which the score of the one that is `positive` is the higher; equal ones count half
 * (Mann & Whitney 1947). Null where one kind has no rows, or a score is no number.
 */
export function areaUnderCurve(scores: Float64Array, positive: Uint8Array): number | null {
  if (scores.some(Number.isNaN)) {
    return null;
  }
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]] === scores[order[from]]) {
      to++;
    }
    // Equal scores share the mean of their ranks, from 1.
    const rank = (from + to + 1) / 2;
    for (let i = from; i < to; i++) {
      positives += positive[order[i]];
      ranks += positive[order[i]] * rank;
    }
    from = to;
  }
  const negatives = scores.length - positives;
  return positives === 0 || negatives === 0
    ? null
    : (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
