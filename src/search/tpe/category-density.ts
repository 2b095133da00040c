import { pairwiseSum } from "./pairwise-sum.ts";

/**
 * ln of a mixture's probability of categories, rounded as NumPy rounds it: choices that were observed equally often score
 * the same but for the last bit, and that bit decides which of them wins in Optuna.
 */
export class CategoryDensity {
  private readonly logWeights: Float64Array;
  /** For each parameter, what its kernels have. */
  private readonly tables: readonly LogTable[];

  /**
   * @param choices how many each parameter has
   * @param observed for each parameter, which choice each observation had
   * @param weights of the observations and the prior
   */
  constructor(
    choices: readonly number[],
    observed: readonly Float64Array[],
    weights: Float64Array,
    priorWeight: number,
  ) {
    this.logWeights = weights.map(Math.log);
    this.tables = choices.map((count, d) => logTable(count, observed[d], priorWeight));
  }

  /** @param values one choice a parameter */
  log(values: readonly number[]): number {
    const logs = new Float64Array(this.tables.length);
    const terms = this.logWeights.map((logWeight, k) => {
      for (const [d, { observed, hits, misses }] of this.tables.entries()) {
        logs[d] = observed[k] === values[d] ? hits[k] : misses[k];
      }
      return pairwiseSum(logs) + logWeight;
    });
    const largest = terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return Math.log(pairwiseSum(terms.map((term) => Math.exp(term - largest)))) + largest;
  }
}

/** A kernel has one probability for the choice that was observed and another for all others. */
interface LogTable {
  /** The choice of each observation; the prior, last, has none. */
  readonly observed: Float64Array;
  readonly hits: Float64Array;
  readonly misses: Float64Array;
}

function logTable(choices: number, observations: Float64Array, priorWeight: number): LogTable {
  const n = observations.length;
  const share = n === 0 ? 1 : priorWeight / (n + 1);
  const observed = new Float64Array(n + 1).fill(-1);
  observed.set(observations);
  const [hits, misses] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  const row = new Float64Array(choices);
  // The rounding of a sum depends on where the observed choice stands, so each choice has a sum of its own.
  const sums = new Map<number, number>();
  for (let k = 0; k <= n; k++) {
    const choice = observed[k];
    let sum = sums.get(choice);
    if (sum === undefined) {
      row.fill(share);
      if (k < n) {
        row[choice] += 1;
      }
      sum = pairwiseSum(row);
      sums.set(choice, sum);
    }
    hits[k] = Math.log((share + 1) / sum);
    misses[k] = Math.log(share / sum);
  }
  return { observed, hits, misses };
}
