import { checkOptions, wholeNumber } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import type { TrainingPart } from "./training-part.ts";

export interface LookaheadOptions {
  /** Updates of the fast weights between two of the slow ones: the paper's k. */
  readonly every: number;
  /** Share of the way that the slow weights go, in (0, 1]: the paper's α. */
  readonly alpha: number;
}

/**
 * Lookahead: after every k updates the slow weights φ go a share α of the way to where the rule has come, and the rule goes
 * on from there: φ ← φ + α·(w − φ), w ← φ.
 * Zhang, Lucas, Hinton & Ba 2019, Algorithm 1. The rule's own state is kept, as in the paper's experiments.
 */
export class Lookahead implements TrainingPart {
  readonly name = "lookahead";
  readonly tensors: { readonly slow: Tensor };
  private readonly kernels: Kernels;
  private readonly params: Tensor;
  private readonly options: LookaheadOptions;
  private updates = 0;

  /**
   * @param params [1, n] with their initial values
   * @param slow [1, n], room for the slow weights
   * @throws HyperError
   */
  constructor(kernels: Kernels, params: Tensor, slow: Tensor, options: LookaheadOptions) {
    checkOptions("lookahead", options, { every: true, alpha: true });
    wholeNumber("lookahead", "every", options.every, { min: 1 });
    if (!(options.alpha > 0 && options.alpha <= 1)) {
      throw new HyperError({
        en: `lookahead: alpha must be a number in (0, 1], got ${options.alpha}. The paper takes 0.5.`,
        ja: `lookahead: alpha は (0, 1] の数でなければなりません(${options.alpha} でした)。論文では 0.5 です。`,
      });
    }
    this.kernels = kernels;
    this.params = params;
    this.options = options;
    this.tensors = { slow };
    slow.data.set(params.data);
  }

  get numbers(): Readonly<Record<string, number>> {
    return { updates: this.updates };
  }

  restore({ updates = 0 }: Readonly<Record<string, number>>): void {
    this.updates = updates;
  }

  afterUpdate(): void {
    const { every, alpha } = this.options;
    const { slow } = this.tensors;
    this.updates++;
    if (this.updates % every === 0) {
      // φ + α(w − φ) = (1 − α)φ + αw
      this.kernels.scale(slow, 1 - alpha, slow);
      this.kernels.axpy(slow, alpha, this.params);
      this.params.data.set(slow.data);
    }
  }
}
