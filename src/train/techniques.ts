import type { OptionNames } from "../core/checks.ts";
import type { DecayOf, ParameterGroup } from "../optim/parameter-groups.ts";
import type { Clip } from "./parts/clip-gradients.ts";
import type { LookaheadOptions } from "./parts/lookahead.ts";
import type { AverageOptions } from "./parts/weight-average.ts";

/** What training may do around its updates beside the rule; plain JSON, so that a file can keep it. */
export interface Techniques {
  /** λ of λ·Σ|W|. 0 when absent. */
  readonly l1?: number;
  /** Parameters with hyper-parameters of their own. */
  readonly groups?: readonly ParameterGroup[];
  /** What the rule's own `weightDecay` reaches: `weights` (when absent) spares biases, γ and β. */
  readonly decayOf?: DecayOf;
  /** Bounds of the gradients. */
  readonly clip?: Clip;
  /** Minibatches whose rows' mean gradient makes one update. 1 when absent. */
  readonly accumulate?: number;
  /** Keeps a mean of the weights, to be evaluated with: see {@link withAverage}. */
  readonly average?: AverageOptions;
  readonly lookahead?: LookaheadOptions;
  /** Largest norm of the weights that come into a unit. */
  readonly maxNorm?: number;
}

export const techniqueNames = {
  l1: true,
  groups: true,
  decayOf: true,
  clip: true,
  accumulate: true,
  average: true,
  lookahead: true,
  maxNorm: true,
} as const satisfies OptionNames<Techniques>;
