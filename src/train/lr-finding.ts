/** What a learning-rate range test says. */
export interface LrFinding {
  /** The losses as smoothed: exponentially, by 0.98 a step, with the bias of the start taken out; null once not finite. */
  readonly smoothed: readonly (number | null)[];
  /** The rate at which the smoothed loss falls fastest against the rate's logarithm; null where it never falls. */
  readonly steepest: number | null;
  /** A tenth of the rate at which the smoothed loss is lowest: what is usually taken. */
  readonly suggested: number | null;
  /** The first rate at which the smoothed loss is above four times its lowest value, or is no number; null where there is none. */
  readonly tooLarge: number | null;
}

const kept = 0.98;
const blownUp = 4;

/**
 * Reads a range test: rates that rise from step to step, each with the loss of its minibatch before the update.
 * Smith 2017, §3.3, with the smoothing and the tenth of Howard & Gugger's fastai.
 */
export function lrFinding(rates: readonly number[], losses: readonly (number | null)[]): LrFinding {
  const smoothed: (number | null)[] = [];
  let mean = 0;
  let end = rates.length;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [t, loss] of losses.entries()) {
    if (loss === null || !Number.isFinite(loss)) {
      end = Math.min(end, t);
      break;
    }
    mean = kept * mean + (1 - kept) * loss;
    const value = mean / (1 - kept ** (t + 1));
    smoothed.push(value);
    lowest = Math.min(lowest, value);
    if (value > blownUp * lowest) {
      end = t;
      break;
    }
  }
  while (smoothed.length < losses.length) {
    smoothed.push(null);
  }
  const known = smoothed.slice(0, end) as number[];
  const best = known.indexOf(Math.min(...known));
  // Over a twentieth of the test: from one step to the next the minibatches' noise is steeper than the fall.
  const span = Math.max(1, Math.floor(rates.length / 20));
  const slopes = known
    .slice(span, best + 1)
    .map((value, t) => (value - known[t]) / Math.log(rates[t + span] / rates[t]));
  const steep = slopes.indexOf(Math.min(...slopes)) + Math.floor(span / 2);
  const falls = known.length > 0 && known[best] < 0.9 * known[0];
  return {
    smoothed,
    steepest: falls && slopes.length > 0 ? rates[steep] : null,
    suggested: falls ? rates[best] / 10 : null,
    tooLarge: end < rates.length ? rates[end] : null,
  };
}

/** Rates from `low` to `high`, each the same multiple of the one before. */
export function risingRates(low: number, high: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => low * (high / low) ** (t / Math.max(1, steps - 1)));
}
