import { pairwiseSum } from "./pairwise-sum.ts";

/**
 * ln of a mixture's probability of categories, rounded as NumPy rounds it: choices that were observed equally often score
 * the same but for the last bit, and that bit decides which of them wins in Optuna.
 */
export class CategoryDensity {
  private readonly logWeights: Float64Array;
  /** For each parameter: ln of the probability of each choice in each kernel, kernel by kernel. */
  private readonly tables: { readonly choices: number; readonly logs: Float64Array }[];

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
    this.tables = choices.map((count, d) => ({ choices: count, logs: logTable(count, observed[d], priorWeight) }));
  }

  /** @param values one choice a parameter */
  log(values: readonly number[]): number {
    const terms = this.logWeights.map((logWeight, k) => {
      const logs = Float64Array.from(this.tables, ({ choices, logs }, d) => logs[k * choices + values[d]]);
      return pairwiseSum(logs) + logWeight;
    });
    const largest = terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return Math.log(pairwiseSum(terms.map((term) => Math.exp(term - largest)))) + largest;
  }
}

function logTable(choices: number, observed: Float64Array, priorWeight: number): Float64Array {
  const n = observed.length;
  const share = n === 0 ? 1 : priorWeight / (n + 1);
  const logs = new Float64Array((n + 1) * choices);
  for (let k = 0; k <= n; k++) {
    const row = new Float64Array(choices).fill(share);
    if (k < n) {
      row[observed[k]] += 1;
    }
    const sum = pairwiseSum(row);
    for (let choice = 0; choice < choices; choice++) {
      logs[k * choices + choice] = Math.log(row[choice] / sum);
    }
  }
  return logs;
}
