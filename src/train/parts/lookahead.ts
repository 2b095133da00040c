import { checkOptions, optionOf, refuse, wholeNumber } from "../../core/checks.ts";
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
    const { alpha } = options;
    if (typeof alpha !== "number" || !(alpha > 0 && alpha <= 1)) {
      const range = { en: "a number in (0, 1]", ja: "(0, 1] の数" };
      refuse(optionOf("lookahead", "alpha"), range, alpha, { en: "The paper takes 0.5.", ja: "論文では 0.5 です。" });
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
