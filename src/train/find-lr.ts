import { checkOptions, checkSignal, type OptionNames, wholeNumber } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import { type LrFinding, lrFinding, risingRates } from "./lr-finding.ts";
import type { Training } from "./open-training.ts";
import { train } from "./train.ts";

export interface FindLrOptions {
  /** Rows to choose minibatches from. */
  readonly rows: number;
  readonly batchSize: number;
  /** Chooses the minibatches. */
  readonly stream: RandomStream;
  /** First and last rate; 1e-6 and 10 when absent. */
  readonly low?: number;
  readonly high?: number;
  /** Updates of the test; 200 when absent. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
}

const optionNames: OptionNames<FindLrOptions> = {
  rows: true,
  batchSize: true,
  stream: "RandomStream.seeded(0)",
  low: true,
  high: true,
  steps: true,
  signal: true,
};

export interface LrTest extends LrFinding {
  readonly rates: readonly number[];
  /** Loss of each minibatch before its update; the test ends early where it is too large. */
  readonly losses: readonly number[];
}

/**
 * Learning-rate range test: trains with a rate that rises from update to update until the loss blows up, and says which
 * rates are worth taking. The training is used up by it: open another one to train.
 * @throws HyperError when the rule has no `lr`, or the rates do not rise
 */
export async function findLr(training: Training, options: FindLrOptions): Promise<LrTest> {
  checkOptions("findLr", options, optionNames);
  checkSignal("findLr", options.signal);
  const { network, updater, loader, parts, accumulator } = training;
  const { rows, batchSize, stream, low = 1e-6, high = 10, steps = 200, signal } = options;
  if (!(low > 0 && high > low && Number.isFinite(high))) {
    throw new HyperError({
      en: `findLr: low and high must be above 0 and rise, got ${low} and ${high}. Give for example 1e-6 and 10.`,
      ja: `findLr: low と high は正の数で、low < high でなければなりません(${low} と ${high} でした)。1e-6 と 10 などにしてください。`,
    });
  }
  wholeNumber("findLr", "steps", steps, { min: 2 });
  const rates = risingRates(low, high, steps);
  const losses: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  updater.setHyper({ lr: rates[0] });
  for await (const event of train({
    ...{ network, updater, loader, parts, accumulator },
    ...{ rows, batchSize, iterations: steps, stream, signal },
  })) {
    if (event.kind !== "step") {
      continue;
    }
    losses.push(event.loss);
    lowest = Math.min(lowest, event.loss);
    if (!Number.isFinite(event.loss) || event.loss > 100 * lowest) {
      break;
    }
    if (event.step + 1 < steps) {
      updater.setHyper({ lr: rates[event.step + 1] });
    }
  }
  const tried = rates.slice(0, losses.length);
  return { rates: tried, losses, ...lrFinding(tried, losses) };
}
